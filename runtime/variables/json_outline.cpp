// A pass over a JSON document that looks at `dtype` and `shape` alone.
#include "runtime/variables/json_outline.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

namespace linenc::runtime {
namespace {

class Handler final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Handler(const ReadLimits& limits) : limits_(limits) {}

  JsonOutline outline;

  bool start_object(std::size_t) override {
    open_.push_back({.number = objects_++, .key = {}, .dtype = {}, .shape = {}, .lists = 0});
    constexpr std::size_t kAround = 2;  // the document, and the array itself
    return open_.size() <= limits_.depth + kAround;
  }
  bool key(string_t& text) override {
    open_.back().key = text;
    return true;
  }
  bool end_object() override {
    Open& object = open_.back();
    if (object.dtype && object.shape) outline.emplace(object.number, OutlinedArray{*object.dtype, *std::move(object.shape)});
    open_.pop_back();
    return outline.size() <= limits_.arrays;
  }
  bool start_array(std::size_t) override {
    if (!open_.empty() && open_.back().lists++ == 0 && open_.back().key == "shape") open_.back().shape.emplace();
    return true;
  }
  bool end_array() override {
    if (!open_.empty()) --open_.back().lists;
    return true;
  }
  bool string(string_t& text) override {
    if (!open_.empty() && open_.back().lists == 0 && open_.back().key == "dtype") open_.back().dtype = text;
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (open_.empty() || open_.back().lists != 1 || open_.back().key != "shape") return true;
    Shape& shape = *open_.back().shape;
    // What is out of range the reader tells, when it comes to it.
    if (shape.size() <= kMaxRank) shape.push_back(static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX)));
    return true;
  }
  bool number_integer(number_integer_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool boolean(bool) override { return true; }
  bool null() override { return true; }
  bool binary(binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  struct Open {
    std::size_t number = 0;
    std::string key;
    std::optional<std::string> dtype;
    std::optional<Shape> shape;  // once its list has begun
    std::size_t lists = 0;       // of its own that are open
  };
  const ReadLimits& limits_;
  std::vector<Open> open_;
  std::size_t objects_ = 0;
};

}  // namespace

JsonOutline json_outline(std::string_view text, const ReadLimits& limits) {
  Handler handler(limits);
  (void)nlohmann::json::sax_parse(text.begin(), text.end(), &handler);
  return std::move(handler.outline);
}

}  // namespace linenc::runtime
