// Variables from JSON, read event by event: the numbers of an array go straight into it, and depth, duplicates and unknown
// members are seen as they come.
#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "runtime/variables/json_format.h"
#include "runtime/variables/json_numbers.h"
#include "runtime/variables/json_outline.h"
#include "runtime/variables/keys.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

// Each callback answers whether to go on; `error` says why not.
class Handler final : public nlohmann::json_sax<nlohmann::json> {
 public:
  // `outline`: of a document whose arrays have their members in another order than ours, else empty.
  Handler(std::size_t text_bytes, JsonKind kind, const ReadLimits& limits, const JsonOutline& outline)
      : limits_(limits), tree_(limits), outline_(outline), text_bytes_(text_bytes), kind_(kind) {}

  std::optional<RunError> error;
  // The byte that is no JSON, from 1; 0 where there is none.
  [[nodiscard]] std::size_t error_at() const { return error_at_; }
  // Whether the reader stopped where the type of an array would have stood in our order.
  [[nodiscard]] bool misses_type() const { return place_ == Place::Child || place_ == Place::AfterDType; }

  Result<Variables> take() {
    const bool is_whole = has(Member::Format) && has(Member::Version) && has(Member::Tree);
    if (!is_whole) return bad_file("needs the members `format`, `version` and `", tree_member(), "`");
    Variables variables;
    variables.leaves = tree_.take();
    variables.empty = tree_.take_empty();
    variables.meta = std::move(meta_);
    return variables;
  }

  bool start_object(std::size_t) override {
    const auto known = outline_.find(objects_++);
    if (known != outline_.end() && (place_ == Place::Child || place_ == Place::DTypeOrTree)) {
      return (place_ == Place::Child || enters("dtype")) && outlined(known->second);
    }
    if (place_ == Place::Start) return at(Place::Top);
    if (place_ == Place::MetaStart) return at(Place::Meta);
    if (place_ == Place::TreeStart) return at(Place::Tree);
    if (place_ == Place::Child) return at(Place::FirstMember);
    if (place_ == Place::DTypeOrTree) return enters("dtype") && at(Place::FirstMember);
    return unexpected("an object");
  }

  bool key(string_t& text) override {
    if (place_ == Place::Top) return top_member(text);
    if (place_ == Place::Meta) return meta_member(text);
    if (place_ == Place::Tree) return passes(tree_.enter(text)) && at(Place::Child);
    if (place_ == Place::FirstMember && text == "dtype") return at(Place::DTypeOrTree);
    if (place_ == Place::FirstMember) return enters(text) && at(Place::Child);
    if (place_ == Place::AfterDType) return text == "shape" ? at(Place::ShapeStart) : wrong_member(text, "`shape` next");
    if (place_ == Place::AfterData && is_outlined_) return outlined_member(text);
    if (place_ == Place::AfterShape) return text == "data" ? at(Place::Data) : wrong_member(text, "`data` next");
    return wrong_member(text, "nothing after `data`");
  }

  bool end_object() override {
    if (place_ == Place::Top) return at(Place::End);
    if (place_ == Place::Meta) return at(Place::Top);
    if (place_ == Place::Tree) {
      if (tree_.depth() == 0) return at(Place::Top);
      tree_.close();
    } else if (place_ == Place::AfterData) {
      if (is_outlined_ && !(seen_[0] && seen_[1] && seen_[2])) return fail(in_backticks(tree_.key()), " needs `dtype`, `shape` and `data`");
      is_outlined_ = false;
      if (!passes(tree_.add(std::move(array_)))) return false;
    } else if (place_ == Place::FirstMember) {
      tree_.add_empty();
    } else {
      return fail(in_backticks(tree_.key()), " ends too early: needs `dtype`, `shape` and `data`");
    }
    tree_.leave();
    return at(Place::Tree);
  }

  bool start_array(std::size_t) override {
    if (place_ == Place::ShapeStart) return at(Place::ShapeItems);
    if (place_ == Place::KnownShape) return at(Place::KnownShapeItems);
    if (place_ != Place::Data) return unexpected("a list");
    if (counts_.size() == shape_.size() || (is_empty_ && !counts_.empty())) return wrong_data();
    if (!counts_.empty() && ++counts_.back() > shape_[counts_.size() - 1]) return wrong_data();
    counts_.push_back(0);
    return true;
  }

  bool end_array() override {
    if (place_ == Place::ShapeItems) return allocate() && at(Place::AfterShape);
    if (place_ == Place::KnownShapeItems) return at(Place::AfterData);
    if (!is_empty_ && counts_.back() != shape_[counts_.size() - 1]) return wrong_data();
    counts_.pop_back();
    return counts_.empty() ? at(Place::AfterData) : true;
  }

  bool string(string_t& text) override {
    if (place_ == Place::Format) return format(text);
    if (place_ == Place::MetaValue) {
      meta_.back().second = text;
      return at(Place::Meta);
    }
    if (place_ == Place::DTypeOrTree) return dtype(text) && at(Place::AfterDType);
    if (place_ == Place::KnownDType) return at(Place::AfterData);
    if (place_ == Place::Data) return scalar({.kind = JsonScalar::Kind::Text, .text = text}, in_backticks(text));
    return unexpected(joined("the text ", in_backticks(text)));
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ == Place::Version) {
      return value == 1 ? at(Place::Top) : fail("written by a newer linenc: version ", value, ", this one reads 1");
    }
    if (place_ == Place::KnownShapeItems) return true;
    if (place_ == Place::ShapeItems) {
      if (value > static_cast<std::uint64_t>(limits_.elements)) return fail(in_backticks(tree_.key()), ": dimension out of range: ", value);
      if (shape_.size() == kMaxRank) return fail(in_backticks(tree_.key()), " has more than ", kMaxRank, " axes");
      shape_.push_back(static_cast<std::int64_t>(value));
      return true;
    }
    return scalar({.kind = JsonScalar::Kind::Unsigned, .natural = value, .text = {}}, std::to_string(value));
  }
  bool number_integer(number_integer_t value) override {
    return scalar({.kind = JsonScalar::Kind::Signed, .number = value, .text = {}}, std::to_string(value));
  }
  bool number_float(number_float_t value, const string_t& text) override {
    std::string decimal = text;  // with the decimal point of the locale
    std::replace(decimal.begin(), decimal.end(), ',', '.');
    return scalar({.kind = JsonScalar::Kind::Float, .real = value, .text = decimal}, decimal);
  }
  bool boolean(bool value) override {
    return scalar({.kind = JsonScalar::Kind::Bool, .number = value ? 1 : 0, .text = {}}, value ? "true" : "false");
  }
  bool null() override { return unexpected("null"); }
  bool binary(binary_t&) override { return unexpected("bytes"); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    error_at_ = position;
    return fail("no JSON: byte ", position, " is not expected there");
  }

 private:
  enum class Place {
    Start,
    Top,
    Format,
    Version,
    MetaStart,
    Meta,
    MetaValue,
    TreeStart,
    Tree,
    Child,
    FirstMember,
    DTypeOrTree,
    AfterDType,
    ShapeStart,
    ShapeItems,
    AfterShape,
    Data,
    AfterData,
    KnownDType,
    KnownShape,
    KnownShapeItems,
    End
  };
  enum class Member : unsigned { Format = 1, Version = 2, Meta = 4, Tree = 8 };

  bool at(Place place) {
    place_ = place;
    return true;
  }
  template <class... Parts>
  bool fail(const Parts&... parts) {
    error = bad_file(parts...);
    return false;
  }
  bool passes(const Result<Done>& result) {
    if (!result) error = result.error();
    return static_cast<bool>(result);
  }
  bool unexpected(std::string_view what) {
    return fail("holds ", what, tree_.key().empty() ? "" : joined(" at ", in_backticks(tree_.key())), " where the format has none");
  }
  bool wrong_member(std::string_view found, std::string_view needed) {
    return fail(in_backticks(tree_.key()), " has the member ", in_backticks(found), ", needs ", needed);
  }
  bool wrong_data() { return fail("the data of ", in_backticks(tree_.key()), " does not have the shape ", to_string(shape_)); }

  std::string_view tree_member() const { return kind_ == JsonKind::Variables ? "variables" : "arrays"; }
  std::string_view format_name() const { return kind_ == JsonKind::Variables ? "linenc-variables" : "linenc-arrays"; }
  bool has(Member member) const { return (members_ & static_cast<unsigned>(member)) != 0; }

  bool top_member(std::string_view text) {
    if (text == "format") return top(Member::Format, Place::Format, text);
    if (text == "version") return top(Member::Version, Place::Version, text);
    if (text == "meta") return top(Member::Meta, Place::MetaStart, text);
    if (text == tree_member()) return top(Member::Tree, Place::TreeStart, text);
    return fail("the member ", in_backticks(text), " is not known, needs `format`, `version`, `meta` and `", tree_member(), "`");
  }
  bool top(Member member, Place next, std::string_view text) {
    if (has(member)) return fail("the member ", in_backticks(text), " occurs twice");
    members_ |= static_cast<unsigned>(member);
    return at(next);
  }
  bool format(std::string_view text) {
    if (text == format_name()) return at(Place::Top);
    return fail("the format is ", in_backticks(text), ", needs `", format_name(), "`");
  }
  bool meta_member(const std::string& text) {
    const bool is_known = std::any_of(meta_.begin(), meta_.end(), [&](const auto& entry) { return entry.first == text; });
    if (is_known) return fail("the metadata ", in_backticks(text), " occurs twice");
    // Few by nature; the search above is linear.
    constexpr std::size_t kMetaEntries = 1000;
    if (meta_.size() == kMetaEntries) return fail("more than ", kMetaEntries, " entries of metadata");
    meta_.emplace_back(text, "");
    return at(Place::MetaValue);
  }

  // The object that was opened last is a tree, with this name in it.
  bool enters(std::string_view text) { return passes(tree_.open()) && passes(tree_.enter(text)); }

  bool dtype(std::string_view text) {
    const auto found = dtype_of(text);
    if (!found || *found == DType::Key) return fail(in_backticks(tree_.key()), ": dtype ", in_backticks(text), " is not supported");
    dtype_ = *found;
    shape_.clear();
    return true;
  }

  // An array of which the type is known before its members come, which is as after its data: any of them may follow.
  bool outlined(const OutlinedArray& array) {
    if (!dtype(array.dtype)) return false;
    shape_ = array.shape;
    is_outlined_ = true;
    std::fill(std::begin(seen_), std::end(seen_), false);
    return allocate() && at(Place::AfterData);
  }
  bool outlined_member(std::string_view text) {
    constexpr std::pair<std::string_view, Place> kMembers[] = {{"dtype", Place::KnownDType}, {"shape", Place::KnownShape}, {"data", Place::Data}};
    for (std::size_t i = 0; i < std::size(kMembers); ++i) {
      if (text != kMembers[i].first) continue;
      if (std::exchange(seen_[i], true)) return fail(in_backticks(text), " occurs twice in ", in_backticks(tree_.key()));
      return at(kMembers[i].second);
    }
    return wrong_member(text, "`dtype`, `shape` and `data` alone");
  }

  bool allocate() {
    const auto bytes = checked_bytes(dtype_, shape_, limits_);
    if (!bytes) return fail(in_backticks(tree_.key()), ": ", bytes.error().text);
    // Every number takes a digit and a comma.
    if (*bytes / byte_size(dtype_) > text_bytes_ / 2) {
      return fail(in_backticks(tree_.key()), " announces ", *bytes / byte_size(dtype_), " elements, more than the file can hold");
    }
    if (!passes(check_memory(*bytes, limits_))) return false;
    array_ = Array(dtype_, shape_);
    if (dtype_ == DType::Complex64) shape_.push_back(2);
    is_empty_ = *bytes == 0;
    next_ = 0;
    return true;
  }

  bool scalar(const JsonScalar& value, std::string_view shown) {
    if (place_ != Place::Data) return unexpected(joined("the value ", shown));
    if (is_empty_ || counts_.size() != shape_.size()) return wrong_data();
    if (!counts_.empty() && ++counts_.back() > shape_.back()) return wrong_data();
    if (!store_scalar(array_, next_++, value)) return fail(in_backticks(tree_.key()), ": ", shown, " is no ", name(dtype_));
    return counts_.empty() ? at(Place::AfterData) : true;
  }

  const ReadLimits& limits_;
  TreeCursor tree_;
  const JsonOutline& outline_;
  std::size_t objects_ = 0;
  std::size_t error_at_ = 0;
  std::size_t text_bytes_;
  JsonKind kind_;
  Place place_ = Place::Start;
  unsigned members_ = 0;
  std::vector<std::pair<std::string, std::string>> meta_;

  // The array that is being read.
  DType dtype_ = DType::Float32;
  Shape shape_;  // of the data: with an axis of 2 for complex numbers
  Array array_;
  bool is_empty_ = false;
  bool is_outlined_ = false;
  bool seen_[3] = {};                 // of an outlined one: dtype, shape, data
  std::vector<std::int64_t> counts_;  // of the items so far in each open list
  std::int64_t next_ = 0;
};

}  // namespace

bool begins_json(std::string_view begin, JsonKind kind, const ReadLimits& limits) {
  if (begin.find('\0') != std::string_view::npos) return false;
  ReadLimits nothing_kept = limits;
  nothing_kept.each = [](const Leaf&) {};
  const JsonOutline none;
  Handler handler(static_cast<std::size_t>(limits.json_bytes), kind, nothing_kept, none);
  const bool done = nlohmann::json::sax_parse(begin.begin(), begin.end(), &handler);
  return done || handler.misses_type() || handler.error_at() > begin.size();
}

Result<Variables> parse_json(std::string_view text, JsonKind kind, const ReadLimits& limits) {
  if (text.size() > limits.json_bytes) return bad_file(text.size(), " bytes of JSON, limit ", limits.json_bytes, " (see `--limit json-bytes=N`)");
  // The library takes a NUL for the end of the text.
  if (text.find('\0') != std::string_view::npos) return bad_file("no JSON: holds a NUL byte");
  const auto read = [&](const JsonOutline& outline, bool& misses_type) -> Result<Variables> {
    Handler handler(text.size(), kind, limits, outline);
    const bool done = nlohmann::json::sax_parse(text.begin(), text.end(), &handler);
    misses_type = !done && handler.misses_type();
    return done ? handler.take() : handler.error.value_or(bad_file("no JSON"));
  };
  bool misses_type = false;
  auto variables = read({}, misses_type);
  if (!misses_type) return variables;
  const JsonOutline outline = json_outline(text, limits);
  return outline.empty() ? std::move(variables) : read(outline, misses_type);
}

}  // namespace linenc::runtime
