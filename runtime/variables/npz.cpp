// NumPy's .npz: a zip archive of .npy members, through libzip. Tested by tests/runtime/variables/npz_test.cpp.
#include "runtime/variables/npz.h"

#include <zip.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <unordered_set>

#include "runtime/core/checked_size.h"
#include "runtime/variables/guarded.h"
#include "runtime/variables/keys.h"
#include "runtime/variables/npy.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

constexpr std::string_view kSuffix = ".npy";
constexpr std::size_t kEndRecord = 22, kLocalRecord = 30, kCentralRecord = 46;

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;

struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};

std::string text_of_error(zip_error_t& error) {
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

struct Member {
  std::string name;
  std::uint64_t index = 0, size = 0, packed = 0;
  std::size_t name_bytes = 0;  // in the file
};

std::uint64_t little_endian(std::string_view text, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value |= std::uint64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
  return value;
}

// Whether an end record stands before the end, with a comment that takes the rest.
bool has_comment(std::string_view text) {
  constexpr std::size_t kLongest = 0xFFFF;
  for (std::size_t bytes = 1; bytes <= kLongest && bytes + kEndRecord <= text.size(); ++bytes) {
    const std::size_t end = text.size() - bytes - kEndRecord;
    if (text.substr(end).starts_with("PK\x05\x06") && little_endian(text, end + 20, 2) == bytes) return true;
  }
  return false;
}

// The end record stands at the very end (no comment, nothing appended), and the directory right before it, so that there
// is one archive in the file and not two. Large archives have two more records between them.
std::optional<RunError> check_end(std::string_view text) {
  if (text.size() < kEndRecord || !text.substr(text.size() - kEndRecord).starts_with("PK\x05\x06")) {
    if (has_comment(text)) return bad_file("the zip archive has a comment, and an npz has none");
    return bad_file("truncated, or bytes follow the archive: no end record at the end of the zip archive");
  }
  std::size_t end = text.size() - kEndRecord;
  Size directory_end = Size(little_endian(text, end + 12, 4)) + Size(little_endian(text, end + 16, 4));
  constexpr std::size_t kLocator = 20, kLargeEndRecord = 56;
  if (end >= kLocator + kLargeEndRecord && text.substr(end - kLocator).starts_with("PK\x06\x07")) {
    end -= kLocator + kLargeEndRecord;
    if (!text.substr(end).starts_with("PK\x06\x06")) return bad_file("the end records of the zip archive do not fit together");
    directory_end = Size(little_endian(text, end + 40, 8)) + Size(little_endian(text, end + 48, 8));
  }
  if (!directory_end.is(end)) return bad_file("the zip archive does not begin where the file begins, or its directory is not at its end");
  return std::nullopt;
}

Result<Archive> open_archive(std::span<const std::byte> bytes) {
  if (auto error = check_end(text_of(bytes))) return *error;
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) return bad_file("zip archive: ", text_of_error(error));
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  if (archive == nullptr) {
    zip_source_free(source);
    return bad_file("zip archive: ", text_of_error(error));
  }
  return Archive(archive);
}

Result<Member> member_at(zip_t* archive, std::uint64_t index) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(archive, index, 0, &stat) != 0) return bad_file("zip archive: ", zip_strerror(archive));
  constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((stat.valid & kNeeded) != kNeeded) return bad_file("zip archive: the directory is incomplete");
  // UTF-8 whether its mark says so or not; else as libzip takes names of the code page 437.
  const char* const text = zip_get_name(archive, index, ZIP_FL_ENC_RAW);
  if (text == nullptr) return bad_file("zip archive: ", zip_strerror(archive));
  const std::string raw = text;
  Member member{.name = is_utf8(raw) ? raw : stat.name, .index = index, .size = stat.size, .packed = stat.comp_size, .name_bytes = raw.size()};
  if (stat.encryption_method != ZIP_EM_NONE) return bad_file(in_backticks(member.name), " is encrypted");
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) {
    return bad_file(in_backticks(member.name), " is compressed by method ", stat.comp_method, ", needs stored or deflated");
  }
  // A deflated byte stands for at most 1032.
  const Size largest = stat.comp_method == ZIP_CM_STORE ? Size(member.packed) : Size(member.packed) * 1032;
  if (!largest.good() || member.size > *largest.value() || (stat.comp_method == ZIP_CM_STORE && member.size != member.packed)) {
    return bad_file(in_backticks(member.name), " announces ", member.size, " bytes, but ", member.packed, " bytes cannot hold them");
  }
  return member;
}

// Sizes are those of the directory: what the members announce in all is limited before any of them is read, and members
// that together are larger than the file overlap.
Result<std::vector<Member>> members_of(zip_t* archive, std::uint64_t file_bytes, const ReadLimits& limits) {
  const auto count = static_cast<std::uint64_t>(zip_get_num_entries(archive, 0));
  if (count > limits.members) return bad_file("a zip archive of ", count, " members, limit ", limits.members, " (see `--limit npz-members=N`)");
  const std::uint64_t most = limits.inflated_bytes != 0 ? limits.inflated_bytes : std::max(std::uint64_t{1} << 30, 64 * file_bytes);
  std::vector<Member> members;
  std::unordered_set<std::string> names;
  Size packed = kEndRecord, inflated = 0;
  for (std::uint64_t index = 0; index < count; ++index) {
    auto member = member_at(archive, index);
    if (!member) return member.error();
    if (!names.insert(member->name).second) return bad_file("the member ", in_backticks(member->name), " occurs twice");
    packed = packed + Size(member->packed) + Size(kLocalRecord + kCentralRecord + 2 * member->name_bytes);
    inflated = inflated + Size(member->size);
    members.push_back(std::move(*member));
  }
  if (!packed.fits(file_bytes)) return bad_file("members of the zip archive overlap");
  if (!inflated.fits(most)) return bad_file("the members of the zip archive announce more than ", most, " bytes (see `--limit npz-bytes=N`)");
  return members;
}

std::optional<RunError> check_names(const std::vector<Member>& members) {
  for (const Member& member : members) {
    if (member.name.ends_with("data.pkl")) return bad_file("a PyTorch checkpoint holds a pickle and is not supported");
  }
  for (const Member& member : members) {
    if (!member.name.ends_with(kSuffix)) {
      return bad_file("a zip archive, but no npz: its member ", in_backticks(member.name), " is no `.npy`");
    }
  }
  return std::nullopt;
}

// The bytes [from, to) of a member, which was read up to there.
std::optional<RunError> inflate(zip_file_t* file, std::byte* out, std::uint64_t from, std::uint64_t to) {
  while (from < to) {
    const zip_int64_t got = zip_fread(file, out + from, to - from);
    if (got < 0) return bad_file("zip archive: ", zip_file_strerror(file));
    if (got == 0) return bad_file("truncated: ", from, " of ", to, " bytes");
    from += static_cast<std::uint64_t>(got);
  }
  return std::nullopt;
}

// Its header alone is unpacked where it does not announce what the directory does, or its data are not wanted.
Result<Array> read_member(zip_t* archive, const Member& member, const std::string& key, const ReadLimits& limits) {
  const std::unique_ptr<zip_file_t, CloseMember> file(zip_fopen_index(archive, member.index, 0));
  if (!file) return bad_file("zip archive: ", zip_strerror(archive));
  std::vector<std::byte> head(std::min(member.size, kNpyHeadBytes + limits.npy_header_bytes));
  if (auto error = inflate(file.get(), head.data(), 0, head.size())) return *error;
  const auto header = parse_npy_header(head, limits);
  if (!header) return header.error();
  const auto data = checked_bytes(header->dtype, header->shape, limits);
  if (!data) return data.error();
  if (header->size + *data > member.size) return bad_file("truncated: ", member.size - header->size, " of ", *data, " bytes of data");
  if (header->size + *data < member.size) return bad_file(member.size - header->size - *data, " trailing bytes after the array");
  if (!limits.unpacks || !is_wanted(key, header->dtype, header->shape, limits)) return Array(header->dtype, header->shape, nullptr, nullptr);
  if (auto room = check_memory(member.size, limits); !room) return room.error();

  auto buffer = std::make_shared<Array>(DType::UInt8, Shape{static_cast<std::int64_t>(member.size)});
  std::copy(head.begin(), head.end(), buffer->data());
  if (auto error = inflate(file.get(), buffer->data(), head.size(), member.size)) return *error;
  // The end of the member is where its CRC is compared.
  char more = 0;
  const zip_int64_t got = zip_fread(file.get(), &more, 1);
  if (got < 0) return bad_file("zip archive: ", zip_file_strerror(file.get()));
  if (got > 0) return bad_file("holds more than the ", member.size, " bytes that it announces");
  const std::span<const std::byte> bytes = bytes_of(*buffer);
  return npy_array(*header, bytes, buffer, limits);
}

// Adds head and data of a member; `head` and the array live until the archive is closed.
bool add_member(zip_t* archive, const std::string& name, std::string& content) {
  zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
  if (source == nullptr) return false;
  const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  const auto at = static_cast<zip_uint64_t>(index);
  // 1 January 1980, the first day of zip, and plain files: the same arrays give the same bytes.
  constexpr zip_uint16_t kFirstDay = (1 << 5) | 1;
  constexpr zip_uint32_t kPlainFile = 0100644u << 16;
  return zip_set_file_compression(archive, at, ZIP_CM_STORE, 0) == 0 && zip_file_set_dostime(archive, at, 0, kFirstDay, 0) == 0 &&
         zip_file_set_external_attributes(archive, at, 0, ZIP_OPSYS_UNIX, kPlainFile) == 0;
}

RunError zip_failed(std::string_view text) { return RunError{RunError::Kind::System, joined("zip archive: ", text), {}}; }

Result<Done> copy_source(zip_source_t* source, Sink& sink) {
  if (zip_source_open(source) != 0) return zip_failed("it cannot be opened");
  std::string buffer(1u << 20, '\0');
  zip_int64_t got = 0;
  while ((got = zip_source_read(source, buffer.data(), buffer.size())) > 0) {
    sink.write(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
  }
  zip_source_close(source);
  if (got < 0) return zip_failed("it cannot be read back");
  return Done{};
}

}  // namespace

bool begins_npz(std::string_view text) {
  if (text.size() < kLocalRecord || !text.starts_with("PK\x03\x04")) return false;
  const std::uint64_t packing = little_endian(text, 8, 2), size = little_endian(text, 18, 4);
  const std::string_view name = text.substr(kLocalRecord, little_endian(text, 26, 2));
  const std::uint64_t data = kLocalRecord + name.size() + little_endian(text, 28, 2);
  if (!name.ends_with(kSuffix)) return false;
  return packing != 0 || size == 0 || data > text.size() || text.substr(data).starts_with(kNpyMagic);
}

Result<std::vector<Leaf>> parse_npz(std::span<const std::byte> bytes, const ReadLimits& limits) {
  return guarded([&]() -> Result<std::vector<Leaf>> {
    auto archive = open_archive(bytes);
    if (!archive) return archive.error();
    const auto members = members_of(archive->get(), bytes.size(), limits);
    if (!members) return members.error();
    if (auto error = check_names(*members)) return *error;
    std::vector<Leaf> leaves;
    ReadLimits left = limits;
    for (const Member& member : *members) {
      std::string key = member.name.substr(0, member.name.size() - kSuffix.size());
      if (auto checked = check_key(key, limits); !checked) return checked.error();
      auto array = read_member(archive->get(), member, key, left);
      if (!array) return RunError{array.error().kind, joined(in_backticks(member.name), ": ", array.error().text), {}};
      leaves.push_back({.key = std::move(key), .array = std::move(*array)});
      const Array& kept = leaves.back().array;
      if (!limits.each && kept.data() != nullptr) left.memory_bytes -= std::min<std::uint64_t>(left.memory_bytes, kept.bytes());
      visit(leaves.back(), limits);
    }
    return leaves;
  });
}

Result<Done> emit_npz(const std::vector<Leaf>& leaves, bool bfloat16_as_void, Sink& sink) {
  if (leaves.empty()) {  // libzip writes no archive without members
    sink.write(std::string("PK\x05\x06") + std::string(kEndRecord - 4, '\0'));
    return Done{};
  }
  std::vector<std::string> contents;
  for (const Leaf& leaf : leaves) {
    auto head = npy_head(leaf.array, bfloat16_as_void);
    if (!head) return RunError{head.error().kind, joined(in_backticks(leaf.key), ": ", head.error().text), {}};
    contents.push_back(std::move(*head));
    contents.back() += text_of(bytes_of(leaf.array));
  }
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (target == nullptr) return zip_failed(text_of_error(error));
  const std::unique_ptr<zip_source_t, void (*)(zip_source_t*)> kept(target, zip_source_free);
  zip_source_keep(target);  // closing the archive drops one reference, reading it back needs another
  Archive archive(zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error));
  if (!archive) {
    zip_source_free(target);
    return zip_failed(text_of_error(error));
  }
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (!add_member(archive.get(), leaves[i].key + std::string(kSuffix), contents[i])) return zip_failed(zip_strerror(archive.get()));
  }
  if (zip_close(archive.get()) != 0) return zip_failed(zip_strerror(archive.get()));
  static_cast<void>(archive.release());
  return copy_source(target, sink);
}

}  // namespace linenc::runtime
