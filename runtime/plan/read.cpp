// Plan files: from bytes to memory. Nothing is believed: every count is compared with the bytes that are left before anything
// is made of it, every enumerator with its last one, every bool with 0 and 1; what the numbers mean is checked by verify().
//
// Tested by tests/runtime/plan/plan_file_test.cpp.
#include "runtime/plan/read.h"

#include <algorithm>

#include "runtime/core/checked_size.h"
#include "runtime/plan/checksum.h"
#include "runtime/plan/fields.h"
#include "runtime/plan/file_layout.h"
#include "runtime/plan/text_of_names.h"

namespace linenc {
namespace plan_file {
namespace {

// Thrown while a file is read, caught in read_plan().
struct Broken {
  std::string text;
};
[[noreturn]] void fail(std::string text) { throw Broken{std::move(text)}; }

bool is_zero(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

class Decoder {
 public:
  // `head` lies before the data of `file`.
  Decoder(std::span<const std::byte> file, std::size_t head_end, std::shared_ptr<const void> owner)
      : file_(file), head_(file.subspan(kHeaderBytes, head_end - kHeaderBytes)), data_at_(head_end), owner_(std::move(owner)) {}

  // What has been found, once everything is read.
  void finish() const {
    if (!head_.empty()) fail("the head goes on after its end");
    if (data_at_ != file_.size()) fail(std::to_string(file_.size() - data_at_) + " bytes follow the last array");
  }
  [[nodiscard]] std::span<const std::span<const std::byte>> pieces() const { return pieces_; }

  void operator()(bool& value) {
    const std::uint8_t byte = number<std::uint8_t>();
    if (byte > 1) fail("a truth value is neither 0 nor 1");
    value = byte == 1;
  }
  template <Number N>
  void operator()(N& value) {
    value = number<N>();
  }
  template <Enumeration E>
  void operator()(E& value) {
    const std::uint8_t byte = number<std::uint8_t>();
    if (byte > static_cast<std::uint8_t>(kLast<E>)) fail("the number " + std::to_string(byte) + " stands for nothing");
    value = static_cast<E>(byte);
  }
  void operator()(std::string& text) {
    const auto bytes = take(count());
    text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!is_plain_text(text)) fail("a name has control bytes, or is no UTF-8");
  }
  void operator()(std::vector<std::byte>& list) {
    const auto bytes = take(count());
    list.assign(bytes.begin(), bytes.end());
  }
  template <class T>
  void operator()(std::vector<T>& list) {
    const std::size_t size = count();
    // An element takes a byte at least; what a few bytes may ask for stays small.
    list.reserve(std::min<std::size_t>(size, 256));
    for (std::size_t i = 0; i < size; ++i) (*this)(list.emplace_back());
  }
  template <class A, class B>
  void operator()(std::pair<A, B>& pair) {
    each(*this, pair.first, pair.second);
  }
  template <class T>
  void operator()(std::optional<T>& value) {
    bool exists = false;
    (*this)(exists);
    if (exists) (*this)(value.emplace());
  }
  void operator()(Attributes& attributes) {
    read_alternative(attributes, number<std::uint8_t>(), std::make_index_sequence<std::variant_size_v<Attributes>>());
  }
  void operator()(Bytes& bytes) { bytes = Bytes(piece(number<std::uint64_t>()), owner_); }
  void operator()(Array& array) {
    ArrayFact fact;
    (*this)(fact);
    const auto elements = checked_element_count(fact.shape);
    if (fact.shape.size() > kMaxRank || !elements || *elements > kMaxElements) fail("an array has a shape out of range");
    const auto bytes = piece(static_cast<std::uint64_t>(*elements) * byte_size(fact.dtype));
    array = Array(fact.dtype, std::move(fact.shape), bytes.data(), owner_);
  }
  template <class T>
  void operator()(T& structure) {
    fields(*this, structure);
  }

 private:
  std::span<const std::byte> take(std::size_t size) {
    if (size > head_.size()) fail("the head ends in the middle of a field");
    const auto bytes = head_.first(size);
    head_ = head_.subspan(size);
    return bytes;
  }
  template <class N>
  N number() {
    N value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::size_t count() {
    const std::uint32_t size = number<std::uint32_t>();
    if (size > head_.size()) fail("a list is longer than the head");
    return size;
  }

  template <std::size_t... Index>
  void read_alternative(Attributes& attributes, std::size_t wanted, std::index_sequence<Index...>) {
    if (wanted >= sizeof...(Index)) fail("the number " + std::to_string(wanted) + " stands for no attributes");
    ((Index == wanted ? fields(*this, attributes.emplace<Index>()) : void()), ...);
  }

  // The next piece of the data.
  std::span<const std::byte> piece(std::uint64_t size) {
    if (size == 0) return {};
    const Size begin = Size(data_at_).aligned_up(pieces_.empty() ? kPage : kAlignment);
    if (!(begin + Size(size)).fits(file_.size())) fail("an array reaches past the end of the file");
    const auto start = static_cast<std::size_t>(*begin.value());
    if (!is_zero(file_.subspan(data_at_, start - data_at_))) fail("there is something between two arrays");
    data_at_ = start + static_cast<std::size_t>(size);
    pieces_.push_back(file_.subspan(start, static_cast<std::size_t>(size)));
    return pieces_.back();
  }

  std::span<const std::byte> file_, head_;
  std::size_t data_at_;
  std::shared_ptr<const void> owner_;
  std::vector<std::span<const std::byte>> pieces_;
};

// The header, once it is known to be ours and to describe this file.
Header checked_header(std::span<const std::byte> bytes) {
  if (bytes.size() < kHeaderBytes)
    fail("truncated: " + std::to_string(bytes.size()) + " bytes, the header alone has " + std::to_string(kHeaderBytes));
  Header header;
  std::memcpy(&header, bytes.data() + kMagic.size(), sizeof header);
  if (header.version > kVersion) {
    fail("written by a newer linenc, or damaged: version " + std::to_string(header.version) + " of the format, this one reads " +
         std::to_string(kVersion));
  }
  if (header.version != kVersion) fail("version " + std::to_string(header.version) + " of the format, this one reads " + std::to_string(kVersion));
  if (header.flags != 0 || header.zero != 0) fail("written by a newer linenc, or damaged: it has flags that this one does not know");
  if (header.file_bytes > bytes.size()) {
    fail("truncated: " + std::to_string(bytes.size()) + " of " + std::to_string(header.file_bytes) + " bytes");
  }
  if (header.file_bytes < bytes.size()) fail(std::to_string(bytes.size() - header.file_bytes) + " trailing bytes after the end of the plan");
  if (header.head_bytes > bytes.size() - kHeaderBytes) fail("the head is longer than the file");
  return header;
}

PlanFile checked_file(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, runtime::Threads& threads) {
  const Header header = checked_header(bytes);
  const std::size_t head_end = kHeaderBytes + static_cast<std::size_t>(header.head_bytes);
  // The padding of the head belongs to it; without data there is none.
  const std::uint64_t page_end = *Size(head_end).aligned_up(kPage).value();
  const std::size_t checked_end = head_end == bytes.size() ? head_end : static_cast<std::size_t>(std::min<std::uint64_t>(page_end, bytes.size()));
  const std::uint64_t head = checksum(bytes.subspan(kHeaderBytes, checked_end - kHeaderBytes), checksum(bytes.first(kCheckedHeaderBytes)));
  if (head != header.head_checksum) fail("checksum mismatch: the file was changed or damaged");
  if (header.vocabulary != vocabulary()) fail("made by a linenc with other operations than this one: compile the model again");
  Decoder decoder(bytes, head_end, std::move(owner));
  PlanFile file;
  decoder(file);
  decoder.finish();
  if (checksum_of_pieces(decoder.pieces(), threads) != header.data_checksum) fail("checksum mismatch: the data was changed or damaged");
  return file;
}

}  // namespace
}  // namespace plan_file

using namespace plan_file;

bool is_plan_file(std::span<const std::byte> bytes) {
  return bytes.size() >= kMagic.size() && std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
}

runtime::Result<PlanFile> read_plan(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, runtime::Threads& threads) {
  const auto bad_file = [](std::string text) { return runtime::RunError{runtime::RunError::Kind::BadFile, std::move(text), {}}; };
  if (!is_plan_file(bytes)) return bad_file("it is no plan file");
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % kAlignment != 0) {
    // Not mapped: kernels want arrays that are aligned.
    const auto copy = std::make_shared<Array>(DType::UInt8, Shape{static_cast<std::int64_t>(bytes.size())});
    std::memcpy(copy->data(), bytes.data(), bytes.size());
    return read_plan({std::as_const(*copy).data(), bytes.size()}, copy, threads);
  }
  try {
    PlanFile file = checked_file(bytes, std::move(owner), threads);
    const std::vector<std::string> problems = verify(file);
    if (!problems.empty()) return bad_file("the plan is broken: " + problems.front());
    return file;
  } catch (const Broken& broken) {
    return bad_file(broken.text);
  }
}

}  // namespace linenc
