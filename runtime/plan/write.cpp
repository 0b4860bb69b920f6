// Plan files: from memory to bytes. The layout is told in file_layout.h.
//
// Tested by tests/runtime/plan/plan_file_test.cpp.
#include "runtime/plan/write.h"

#include <array>
#include <limits>

#include "runtime/core/checked_size.h"
#include "runtime/plan/checksum.h"
#include "runtime/plan/fields.h"
#include "runtime/plan/file_layout.h"
#include "runtime/plan/text_of_names.h"

namespace linenc {
namespace plan_file {
namespace {

// Appends every field; data is left where it is.
struct Encoder {
  std::string head;
  std::vector<std::span<const std::byte>> pieces;
  std::string bad_text;  // the first one that cannot be held

  void operator()(const bool& value) { head += value ? '\1' : '\0'; }
  template <Number N>
  void operator()(const N& number) {
    raw(&number, sizeof number);
  }
  template <Enumeration E>
  void operator()(const E& value) {
    head += static_cast<char>(value);
  }
  void operator()(const std::string& text) {
    count(text.size());
    head += text;
    if (bad_text.empty() && !is_plain_text(text)) bad_text = text;
  }
  void operator()(const std::vector<std::byte>& bytes) {
    count(bytes.size());
    raw(bytes.data(), bytes.size());
  }
  template <class T>
  void operator()(const std::vector<T>& list) {
    count(list.size());
    for (const T& item : list) (*this)(item);
  }
  template <class A, class B>
  void operator()(const std::pair<A, B>& pair) {
    each(*this, pair.first, pair.second);
  }
  template <class T>
  void operator()(const std::optional<T>& value) {
    (*this)(value.has_value());
    if (value) (*this)(*value);
  }
  void operator()(const Attributes& attributes) {
    head += static_cast<char>(attributes.index());
    std::visit([this](const auto& held) { fields(*this, held); }, attributes);
  }
  void operator()(const Bytes& bytes) {
    (*this)(std::uint64_t{bytes.size()});
    pieces.push_back(bytes.span());
  }
  void operator()(const Array& array) {
    (*this)(ArrayFact{array.dtype(), array.shape()});
    pieces.emplace_back(array.data(), array.bytes());
  }
  template <class T>
  void operator()(const T& structure) {
    fields(*this, structure);
  }

 private:
  void raw(const void* bytes, std::size_t size) { head.append(static_cast<const char*>(bytes), size); }
  void count(std::size_t size) { (*this)(static_cast<std::uint32_t>(size)); }
};

}  // namespace
}  // namespace plan_file

using namespace plan_file;

runtime::Result<runtime::Done> write_plan(const PlanFile& file, runtime::Threads& threads,
                                          const std::function<void(std::span<const std::byte>)>& put) {
  Encoder encoder;
  encoder(file);
  if (!encoder.bad_text.empty()) {
    return runtime::RunError{runtime::RunError::Kind::Unsupported, "a plan file cannot hold a name with control bytes, or one that is no UTF-8", {}};
  }
  if (encoder.head.size() > std::numeric_limits<std::uint32_t>::max()) {
    return runtime::RunError{runtime::RunError::Kind::Unsupported, "the programs take more than 4 GiB", {}};
  }
  std::erase_if(encoder.pieces, [](const auto& piece) { return piece.empty(); });
  Header header;
  header.vocabulary = vocabulary();
  header.head_bytes = encoder.head.size();
  std::uint64_t end = kHeaderBytes + encoder.head.size();
  if (!encoder.pieces.empty()) {
    end = *Size(end).aligned_up(kPage).value();
    encoder.head.resize(end - kHeaderBytes);
  }
  for (const auto& piece : encoder.pieces) end = *Size(end).aligned_up(kAlignment).value() + piece.size();
  header.file_bytes = end;
  header.data_checksum = checksum_of_pieces(encoder.pieces, threads);

  std::array<std::byte, kHeaderBytes> begin;
  std::memcpy(begin.data(), kMagic.data(), kMagic.size());
  std::memcpy(begin.data() + kMagic.size(), &header, sizeof header);
  const auto head = std::as_bytes(std::span(encoder.head));
  header.head_checksum = checksum(head, checksum(std::span(begin).first(kCheckedHeaderBytes)));
  std::memcpy(begin.data() + kMagic.size(), &header, sizeof header);
  put(begin);
  put(head);
  std::uint64_t at = kHeaderBytes + head.size();
  static constexpr std::array<std::byte, kAlignment> kZeros{};
  for (const auto& piece : encoder.pieces) {
    const std::uint64_t start = *Size(at).aligned_up(kAlignment).value();
    if (start > at) put(std::span(kZeros).first(start - at));
    put(piece);
    at = start + piece.size();
  }
  return runtime::Done{};
}

}  // namespace linenc
