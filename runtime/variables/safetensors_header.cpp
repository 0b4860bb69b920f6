// The header of a safetensors file, read event by event: nothing is kept but what the format allows, and depth and
// duplicates are seen as they come.
#include "runtime/variables/safetensors_header.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>

#include "runtime/variables/keys.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

struct DTypeName {
  std::string_view text;
  DType dtype;
};
constexpr DTypeName kNames[] = {{"BOOL", DType::Bool},     {"I8", DType::Int8},      {"I16", DType::Int16},   {"I32", DType::Int32},
                                {"I64", DType::Int64},     {"U8", DType::UInt8},     {"U16", DType::UInt16},  {"U32", DType::UInt32},
                                {"U64", DType::UInt64},    {"F16", DType::Float16},  {"F32", DType::Float32}, {"F64", DType::Float64},
                                {"BF16", DType::BFloat16}, {"C64", DType::Complex64}};

// Each callback answers whether to go on; `error` says why not.
class Handler final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Handler(const ReadLimits& limits) : limits_(limits) {}  // NOLINT(google-explicit-constructor)

  SafetensorsHeader header;
  std::optional<RunError> error;

  bool start_object(std::size_t) override {
    if (place_ == Place::Start) return at(Place::Top);
    if (place_ == Place::Value && in_metadata_) return at(Place::Metadata);
    if (place_ == Place::Value) {
      header.tensors.push_back({.name = name_, .dtype = {}, .shape = {}, .offsets = {}});
      fields_ = {};
      return at(Place::Tensor);
    }
    return unexpected("an object");
  }

  bool key(string_t& text) override {
    if (place_ == Place::Top) return top_key(text);
    if (place_ == Place::Metadata) {
      if (!metadata_keys_.insert(text).second) return fail("the metadata ", in_backticks(text), " occurs twice");
      header.metadata.emplace_back(text, "");
      return at(Place::MetadataValue);
    }
    if (text == "dtype") return field(0, Place::DType);
    if (text == "shape") return field(1, Place::Shape);
    if (text == "data_offsets") return field(2, Place::Offsets);
    return fail(in_backticks(name_), " has the field ", in_backticks(text), ", needs `dtype`, `shape` and `data_offsets`");
  }

  bool end_object() override {
    if (place_ == Place::Top) return at(Place::End);
    if (place_ == Place::Metadata) return at(Place::Top);
    if (!(fields_[0] && fields_[1] && fields_[2])) {
      return fail(in_backticks(name_), " needs `dtype`, `shape` and `data_offsets`");
    }
    return at(Place::Top);
  }

  bool start_array(std::size_t) override {
    if (place_ == Place::Shape) return at(Place::ShapeItems);
    if (place_ == Place::Offsets) {
      offsets_ = 0;
      return at(Place::OffsetItems);
    }
    return unexpected("a list");
  }
  bool end_array() override {
    if (place_ == Place::OffsetItems && offsets_ != 2) return fail(in_backticks(name_), " has ", offsets_, " data offsets, needs 2");
    return at(Place::Tensor);
  }

  bool number_unsigned(number_unsigned_t value) override {
    TensorEntry* tensor = header.tensors.empty() ? nullptr : &header.tensors.back();
    if (place_ == Place::ShapeItems) {
      if (value > static_cast<std::uint64_t>(limits_.elements)) return fail(in_backticks(name_), ": dimension out of range: ", value);
      if (tensor->shape.size() == kMaxRank) return fail(in_backticks(name_), " has more than ", kMaxRank, " axes");
      tensor->shape.push_back(static_cast<std::int64_t>(value));
      return true;
    }
    if (place_ == Place::OffsetItems) {
      if (offsets_ == 2) return fail(in_backticks(name_), " has more than 2 data offsets");
      tensor->offsets[offsets_++] = value;
      return true;
    }
    return unexpected("a number");
  }
  bool number_integer(number_integer_t value) override { return unexpected(joined("the number ", value)); }
  bool number_float(number_float_t, const string_t& text) override { return unexpected(joined("the number ", in_backticks(text))); }

  bool string(string_t& text) override {
    if (place_ == Place::MetadataValue) {
      header.metadata.back().second = text;
      return at(Place::Metadata);
    }
    if (place_ != Place::DType) return unexpected("a text");
    const auto* found = std::find_if(std::begin(kNames), std::end(kNames), [&](const DTypeName& n) { return n.text == text; });
    if (found == std::end(kNames)) return fail(in_backticks(name_), ": dtype ", in_backticks(text), " is not supported");
    header.tensors.back().dtype = found->dtype;
    return at(Place::Tensor);
  }

  bool null() override { return unexpected("null"); }
  bool boolean(bool) override { return unexpected("a bool"); }
  bool binary(binary_t&) override { return unexpected("bytes"); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return fail("the header is no JSON: byte ", position, " of it is not expected there");
  }

 private:
  enum class Place { Start, Top, Value, Metadata, MetadataValue, Tensor, DType, Shape, ShapeItems, Offsets, OffsetItems, End };

  bool at(Place place) {
    place_ = place;
    return true;
  }

  template <class... Parts>
  bool fail(const Parts&... parts) {
    error = bad_file(parts...);
    return false;
  }

  bool unexpected(std::string_view what) {
    if (place_ == Place::Start) return fail("the header is ", what, ", needs an object");
    return fail("the header holds ", what, in_metadata_ ? " in the metadata" : " at ", in_metadata_ ? "" : in_backticks(name_),
                " where the format has none");
  }

  bool top_key(const std::string& text) {
    name_ = text;
    if (!names_.insert(text).second) return fail("the name ", in_backticks(text), " occurs twice");
    in_metadata_ = text == "__metadata__";
    if (in_metadata_) return at(Place::Value);
    if (header.tensors.size() == limits_.arrays) return fail("more than ", limits_.arrays, " tensors (see `--limit arrays=N`)");
    if (auto checked = check_key(text, limits_); !checked) return fail(checked.error().text);
    return at(Place::Value);
  }

  bool field(std::size_t which, Place next) {
    if (fields_[which]) return fail(in_backticks(name_), " has a field twice");
    fields_[which] = true;
    return at(next);
  }

  const ReadLimits& limits_;
  Place place_ = Place::Start;
  bool in_metadata_ = false;
  std::string name_;
  std::unordered_set<std::string> names_, metadata_keys_;
  std::array<bool, 3> fields_{};
  std::size_t offsets_ = 0;
};

}  // namespace

std::string_view safetensors_name(DType dtype) {
  const auto* found = std::find_if(std::begin(kNames), std::end(kNames), [&](const DTypeName& n) { return n.dtype == dtype; });
  return found == std::end(kNames) ? std::string_view() : found->text;
}

Result<SafetensorsHeader> parse_safetensors_header(std::string_view text, const ReadLimits& limits) {
  if (text.empty() || text[0] != '{') return bad_file("the header does not begin with `{`");
  // The library takes a NUL for the end of the text.
  if (text.find('\0') != std::string_view::npos) return bad_file("the header holds a NUL byte");
  Handler handler(limits);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &handler)) {
    return handler.error.value_or(bad_file("the header is no JSON"));
  }
  return std::move(handler.header);
}

}  // namespace linenc::runtime
