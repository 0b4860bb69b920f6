// numpy.einsum of arrays that are known while compiling: letters, with or without `->`.
// Tested by tests/compiler/functions/numpy_goldens_test.cpp.
#include <algorithm>
#include <map>
#include <numeric>

#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/functions/np_arguments.h"

namespace linenc::functions {

using namespace catalog;

namespace {

// The terms of an equation: one for each operand, and the result's.
struct Equation {
  std::vector<std::string> inputs;
  std::string output;
};

[[noreturn]] void fail(const Bound& args, std::string_view equation, const std::string& reason) {
  args.context.fail(Code::WrongArguments, args.place, concat("the equation '", diagnostics::shown(equation), "' ", reason));
}

// Every letter that occurs once, sorted: NumPy's result where the equation names none.
std::string implied_output(const std::vector<std::string>& inputs) {
  std::map<char, int> counts;
  for (const std::string& term : inputs) {
    for (const char letter : term) ++counts[letter];
  }
  std::string out;
  for (const auto& [letter, count] : counts) {
    if (count == 1) out += letter;
  }
  return out;
}

void check_letters(const Bound& args, std::string_view equation, const Equation& parsed) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  std::string all = parsed.output;
  for (const std::string& term : parsed.inputs) all += term;
  for (const char c : all) {
    if (c == '.') args.context.fail(Code::NotSupportedYet, args.place, "`...` in `np.einsum` is not supported yet: name its axes by letters");
    if (!is_letter(c)) fail(args, equation, concat("holds `", diagnostics::shown(std::string_view(&c, 1)), "`; labels are letters"));
  }
  for (const char c : parsed.output) {
    if (std::count(parsed.output.begin(), parsed.output.end(), c) > 1) fail(args, equation, concat("has `", c, "` twice in its result"));
    const auto has = [c](const std::string& term) { return term.find(c) != std::string::npos; };
    if (std::none_of(parsed.inputs.begin(), parsed.inputs.end(), has)) {
      fail(args, equation, concat("has `", c, "` in its result, which no operand has"));
    }
  }
}

Equation parse(const Bound& args, const std::string& equation) {
  std::string compact;
  std::copy_if(equation.begin(), equation.end(), std::back_inserter(compact), [](char c) { return c != ' '; });
  const std::size_t arrow = compact.find("->");
  Equation out;
  std::string left = compact.substr(0, arrow);
  for (std::size_t comma; (comma = left.find(',')) != std::string::npos; left = left.substr(comma + 1)) out.inputs.push_back(left.substr(0, comma));
  out.inputs.push_back(left);
  out.output = arrow == std::string::npos ? implied_output(out.inputs) : compact.substr(arrow + 2);
  check_letters(args, equation, out);
  return out;
}

// The size of every letter; 1 stretches.
std::map<char, std::int64_t> sizes_of(const Bound& args, std::string_view equation, const Equation& parsed, const std::vector<ArrayPtr>& operands) {
  std::map<char, std::int64_t> sizes;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const std::string& term = parsed.inputs[i];
    if (term.size() != operands[i]->rank())
      fail(args, equation, concat("has the term `", term, "` of ", term.size(), " axes for an array ", text_of(*operands[i])));
    for (std::size_t axis = 0; axis < term.size(); ++axis) {
      const std::int64_t size = operands[i]->shape[axis];
      std::int64_t& known = sizes.emplace(term[axis], size).first->second;
      if (known == 1) known = size;
      if (size != known && size != 1)
        args.context.fail(Code::ShapeMismatch, args.place, concat("`", term[axis], "` of the equation is ", known, " and ", size));
    }
  }
  return sizes;
}

// How far one step along every letter moves in an operand.
std::vector<std::int64_t> strides_of(const StaticArray& array, const std::string& term, const std::string& letters) {
  std::vector<std::int64_t> strides(letters.size(), 0);
  std::int64_t stride = 1;
  for (std::size_t axis = term.size(); axis-- > 0; stride *= array.shape[axis]) {
    if (array.shape[axis] != 1) strides[letters.find(term[axis])] += stride;
  }
  return strides;
}

// Adds the product of one element of each operand to an element of the result, as the dtype computes.
void add_product(StaticArray& out, std::int64_t at, const std::vector<ArrayPtr>& operands, const std::vector<std::int64_t>& offsets) {
  const auto element = [&](std::size_t i) { return static_cast<std::size_t>(offsets[i]); };
  const auto to = static_cast<std::size_t>(at);
  if (out.is_real()) {
    double product = operands[0]->reals[element(0)];
    for (std::size_t i = 1; i < operands.size(); ++i) product = rounded_to(out.dtype, product * operands[i]->reals[element(i)]);
    out.reals[to] = rounded_to(out.dtype, out.reals[to] + product);
    return;
  }
  auto product = static_cast<std::uint64_t>(operands[0]->integers[element(0)]);
  for (std::size_t i = 1; i < operands.size(); ++i) product *= static_cast<std::uint64_t>(operands[i]->integers[element(i)]);
  const std::uint64_t sum = static_cast<std::uint64_t>(out.integers[to]) + product;
  out.integers[to] = out.dtype == DType::Bool ? static_cast<std::int64_t>(sum != 0) : wrapped_to(out.dtype, static_cast<std::int64_t>(sum));
}

Value einsum(const Bound& args) {
  const std::string text = args.text(0);
  const Equation parsed = parse(args, text);
  std::vector<NumpyOperand> given;
  for (const Arguments::Item& item : args.rest()) given.push_back({to_static_array(args.context, item.value, item.place), false});
  if (given.size() != parsed.inputs.size())
    fail(args, text, concat("names ", parsed.inputs.size(), " operands, and ", given.size(), given.size() == 1 ? " is given" : " are given"));
  const DType dtype = numpy_result_type(given);
  std::vector<ArrayPtr> operands;
  for (const NumpyOperand& operand : given) operands.push_back(numpy_in(args.context, operand, dtype));
  const std::map<char, std::int64_t> sizes = sizes_of(args, text, parsed, operands);

  std::string letters = parsed.output;  // the result's, then those that are summed over
  for (const auto& [letter, size] : sizes) {
    if (letters.find(letter) == std::string::npos) letters += letter;
  }
  Sizes shape;
  for (const char letter : letters) shape.push_back(sizes.at(letter));
  charge(args.context, count_of(shape));
  StaticArray out(dtype, Sizes(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(parsed.output.size())));
  std::vector<std::vector<std::int64_t>> strides;
  for (std::size_t i = 0; i < operands.size(); ++i) strides.push_back(strides_of(*operands[i], parsed.inputs[i], letters));
  const std::int64_t steps = count_of(shape), summed = out.size() == 0 ? 1 : steps / static_cast<std::int64_t>(out.size());
  std::vector<std::int64_t> index(letters.size(), 0), offsets(operands.size());
  for (std::int64_t step = 0; step < steps; ++step) {
    for (std::size_t i = 0; i < operands.size(); ++i)
      offsets[i] = std::inner_product(index.begin(), index.end(), strides[i].begin(), std::int64_t{0});
    add_product(out, step / summed, operands, offsets);
    for (std::size_t axis = letters.size(); axis-- > 0 && ++index[axis] == shape[axis];) index[axis] = 0;
  }
  return np_value(std::move(out));
}

const RegisterFunctions family{{
    np_function("einsum", "Sums of products, as an equation of letters says.").arg("subscripts").rest("operands").does(&einsum),
}};

}  // namespace

}  // namespace linenc::functions
