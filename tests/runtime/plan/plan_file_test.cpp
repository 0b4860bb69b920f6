#include <doctest/doctest.h>

#include <cstring>
#include <functional>
#include <set>

#include "runtime/plan/checksum.h"
#include "runtime/plan/fields.h"
#include "runtime/plan/file_layout.h"
#include "runtime/plan/print_plan.h"
#include "runtime/plan/text_of_names.h"
#include "tests/runtime/plan/plan_fixture.h"
#include "tests/runtime/plan/plan_gallery.h"

namespace linenc::test {
namespace {

PackedArray packed(const std::string& key, const Shape& shape) {
  PackedArray named{PortRole::Variable, key, Array(DType::Float32, shape)};
  for (std::int64_t i = 0; i < named.array.size(); ++i) named.array.as<float>()[i] = static_cast<float>(i);
  return named;
}

// The plan of the fixture, which has a variable; the program of its prepared arrays is the plan itself.
PlanFile unpacked_file() {
  PlanFile file = file_of(small_plan());
  file.inputs.erase(file.inputs.begin() + 1);
  file.executable.input_roles[1] = PortRole::Variable;
  file.streams = {{"dropout", -3}};
  file.expected = {{"params/kernel", {DType::Float32, {3, 4}}, true}, {"params/other", {DType::Float32, {1}}, false}};
  file.executable.leaves = {{"params/kernel", {DType::Float32, {3, 4}}}};
  return file;
}
PlanFile packed_file() {
  PlanFile file = unpacked_file();
  file.packed = true;
  file.expected.clear();
  file.meta = {{"seed", "42"}};
  file.arrays.push_back(packed("params/kernel", {3, 4}));
  file.arrays.push_back(packed("params/odd", {5}));
  file.arrays.push_back(packed("params/empty", {0}));
  file.arrays.push_back(packed("params/large", {300, 1000}));
  return file;
}

std::string problem_of(const std::string& bytes) {
  const auto file = read_back(bytes);
  return file ? "" : file.error().text;
}

template <class T>
std::string with(std::string bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
  return bytes;
}

TEST_SUITE("runtime/plan/plan_file") {
  TEST_CASE("what is written is read back, and written again as the same bytes") {
    for (const auto& make : {std::function<PlanFile()>(unpacked_file), std::function<PlanFile()>(packed_file),
                             std::function<PlanFile()>([] { return file_of(plan_with_every_op()); })}) {
      const PlanFile file = make();
      REQUIRE(verify(file) == std::vector<std::string>{});
      const std::string bytes = bytes_of(file);
      const auto back = read_back(bytes);
      REQUIRE_MESSAGE(bool(back), (back ? "" : back.error().text));
      CHECK(bytes_of(*back) == bytes);
      CHECK(bytes_of(file) == bytes);
      CHECK(print(back->executable.plan) == print(file.executable.plan));
      CHECK(back->inputs.size() == file.inputs.size());
      CHECK(back->arrays.size() == file.arrays.size());
    }
  }

  TEST_CASE("every attribute of every op survives") {
    const PlanFile file = file_of(plan_with_every_op());
    const auto back = read_back(bytes_of(file));
    REQUIRE(bool(back));
    const Program &before = file.executable.entry(), &after = back->executable.entry();
    REQUIRE(after.steps.size() == before.steps.size());
    std::set<OpKind> ops;
    for (std::size_t i = 0; i < before.steps.size(); ++i) {
      CAPTURE(i);
      ops.insert(before.steps[i].op);
      CHECK(after.steps[i].attributes == before.steps[i].attributes);
      CHECK(after.steps[i].inputs == before.steps[i].inputs);
    }
    CHECK(ops.size() == kOpKinds);
  }

  TEST_CASE("arrays are views of the file, aligned, with their bytes") {
    const std::string bytes = bytes_of(packed_file());
    const auto storage = std::make_shared<Array>(DType::UInt8, Shape{static_cast<std::int64_t>(bytes.size())});
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(storage->data()));
    const std::byte* const begin = std::as_const(*storage).data();
    runtime::Threads threads(1);
    const auto file = read_plan({begin, bytes.size()}, storage, threads);
    REQUIRE(bool(file));
    REQUIRE(file->arrays.size() == 4);
    for (const PackedArray& named : file->arrays) {
      if (named.array.bytes() == 0) continue;
      CHECK(named.array.data() > begin);
      CHECK(named.array.data() + named.array.bytes() <= begin + bytes.size());
      CHECK(reinterpret_cast<std::uintptr_t>(named.array.data()) % kAlignment == 0);
      CHECK(named.array.as<float>()[named.array.size() - 1] == static_cast<float>(named.array.size() - 1));
    }
    CHECK(file->meta == packed_file().meta);
  }

  TEST_CASE("every bit, every length and every byte that follows is noticed") {
    PlanFile small = packed_file();
    small.arrays.pop_back();
    const std::string bytes = bytes_of(small);
    REQUIRE(problem_of(bytes) == "");
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
        if (problem_of(changed).empty()) FAIL_CHECK("bit " << bit << " of byte " << at << " goes unnoticed");
      }
    }
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      if (problem_of(bytes.substr(0, length)).empty()) FAIL_CHECK("a length of " << length << " goes unnoticed");
    }
    CHECK(problem_of(bytes + '\0') == "1 trailing bytes after the end of the plan");
    CHECK(problem_of(bytes.substr(0, 200)) == "truncated: 200 of " + std::to_string(bytes.size()) + " bytes");
  }

  TEST_CASE("other versions, flags and vocabularies are refused by name") {
    const std::string bytes = bytes_of(unpacked_file());
    CHECK(problem_of(with(bytes, 8, std::uint32_t{2})) == "written by a newer linenc, or damaged: version 2 of the format, this one reads 1");
    CHECK(problem_of(with(bytes, 12, std::uint32_t{1})) == "written by a newer linenc, or damaged: it has flags that this one does not know");
    CHECK(problem_of(repaired(with(bytes, 16, std::uint64_t{1}))) == "made by a linenc with other operations than this one: compile the model again");
    CHECK(problem_of("MODEL") == "it is no plan file");
  }

  TEST_CASE("numbers that stand for nothing are refused although the checksum fits") {
    const std::string bytes = bytes_of(file_of(plan_with_every_op()));
    std::set<std::string> problems;
    for (std::size_t at = plan_file::kHeaderBytes; at < 4096; ++at) {
      for (const unsigned char value : {0x02, 0x7F, 0xFF}) problems.insert(problem_of(repaired(with(bytes, at, value))));
    }
    for (const std::string text :
         {"a truth value is neither 0 nor 1", "a list is longer than the head", "a name has control bytes, or is no UTF-8"}) {
      CHECK_MESSAGE(problems.contains(text), text);
    }
  }

  TEST_CASE("holes are zeros, and the head ends where it says") {
    std::string bytes = bytes_of(packed_file());
    std::uint64_t head_bytes = 0;
    std::memcpy(&head_bytes, bytes.data() + 32, 8);
    CHECK(problem_of(repaired(with(bytes, 64 + head_bytes, '\1'))) == "there is something between two arrays");
    const std::string plain = bytes_of(unpacked_file());
    CHECK(problem_of(repaired(with(plain, 32, head_bytes + 1))) != "");
  }

  TEST_CASE("parts that do not fit together are refused") {
    struct Row {
      std::function<void(PlanFile&)> spoil;
      std::string problem;
    };
    for (const Row& row : {
             Row{[](PlanFile& f) { f.executable.input_roles.pop_back(); }, "it has roles for another number of inputs"},
             Row{[](PlanFile& f) { f.executable.output_roles.clear(); }, "it has roles for another number of outputs"},
             Row{[](PlanFile& f) { f.inputs.clear(); }, "nothing gives the input `x`"},
             Row{[](PlanFile& f) { f.inputs.push_back(f.inputs.front()); }, "the input `x` occurs twice"},
             Row{[](PlanFile& f) { f.inputs.front().present = false; }, "the input `x` is used and left out"},
             Row{[](PlanFile& f) { f.inputs.front().fact.shape = {9}; }, "the input `x` is float32[9] here and float32[2, 3] there"},
             Row{[](PlanFile& f) { f.executable.input_roles[0] = PortRole::Stream; }, "nothing gives the stream `x`"},
             Row{[](PlanFile& f) { f.executable.input_roles[0] = PortRole::Prepared; }, "nothing prepares `x`"},
             Row{[](PlanFile& f) { f.streams.push_back(f.streams.front()); }, "the stream `dropout` occurs twice"},
             Row{[](PlanFile& f) { f.expected.clear(); }, "nothing gives the variable `params/kernel`"},
             Row{[](PlanFile& f) { f.expected[0].fact.dtype = DType::Int32; },
                 "the variable `params/kernel` is int32[3, 4] here and float32[3, 4] there"},
             Row{[](PlanFile& f) { f.expected[1].fact.shape = {-1}; }, "the variable `params/other` has a shape out of range"},
             Row{[](PlanFile& f) {
                   f.arrays.push_back(packed("params/kernel", {3, 4}));
                 },
                 "it holds variables that it does not use"},
             Row{[](PlanFile& f) {
                   f.packed = true, f.arrays.push_back({PortRole::Stream, "a", Array(DType::Int8, {1})});
                 },
                 "`a` is packed for nobody"},
             Row{[](PlanFile& f) { f.packed = true; }, "it holds variables and wants some"},
             Row{[](PlanFile& f) { f.executable.output_roles[0] = PortRole::Variable; }, "nothing gives the variable `y`"},
             Row{[](PlanFile& f) { f.executable.output_roles[0] = PortRole::Prepared; }, "the output `y` is for nobody"},
             Row{[](PlanFile& f) { f.executable.plan.programs[0].steps[0].inputs[0] = 99; }, "which does not exist"},
             Row{[](PlanFile& f) { f.executable.prepare = small_plan(), f.executable.prepare->entry = 7; }, "the plan has no program to run"},
             Row{[](PlanFile& f) { f.executable.prepare = small_plan(); }, "nothing gives the variable `x`"},
             Row{[](PlanFile& f) { f.executable.plan.programs[1].arena_bytes = ~std::uint64_t{0}; }, "needs an arena out of range"},
         }) {
      PlanFile file = unpacked_file();
      row.spoil(file);
      CAPTURE(row.problem);
      const std::vector<std::string> problems = verify(file);
      REQUIRE(!problems.empty());
      CHECK(problems.front().find(row.problem) != std::string::npos);
      CHECK(problem_of(bytes_of(file)) == "the plan is broken: " + problems.front());
    }
  }

  TEST_CASE("truth values in constants and variables are 0 or 1") {
    PlanFile file = unpacked_file();
    std::vector<std::byte> bytes(128);
    bytes[70] = std::byte{2};
    file.executable.plan.constants = Bytes(bytes);
    CHECK(verify(file).empty());
    file.executable.plan.programs[0].values.push_back({DType::Bool, {8}, Space::Constant, 64});
    CHECK(verify(file) == std::vector<std::string>{"a constant holds a bool that is neither 0 nor 1"});
  }

  TEST_CASE("names are UTF-8 without control characters") {
    for (const std::string text : {"", "params/Dense_0/kernel", "größe", "\xF0\x9F\x98\x80"}) CHECK(plan_file::is_plain_text(text));
    for (const std::string text :
         {"a\nb", "\x1b[31m", "\x7F", "\xC2\x85", "\xC0\x80", "\xFF", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"}) {
      CHECK_FALSE(plan_file::is_plain_text(text));
    }
    PlanFile file = unpacked_file();
    file.executable.plan.origins[1].path = "a\nb";
    CHECK(bytes_of(file) == "refused: a plan file cannot hold a name with control bytes, or one that is no UTF-8");
  }

  TEST_CASE("the last enumerator of each enumeration is known") {
    const auto beyond = []<class E>(E last) { return name(static_cast<E>(static_cast<int>(last) + 1)); };
    CHECK(beyond(plan_file::kLast<ElementwiseKind>) == "?");
    CHECK(beyond(plan_file::kLast<ReduceKind>) == "?");
    CHECK(beyond(plan_file::kLast<CumulativeKind>) == "?");
    CHECK(beyond(plan_file::kLast<WindowKind>) == "?");
    CHECK(beyond(plan_file::kLast<ScatterKind>) == "?");
    CHECK(beyond(plan_file::kLast<DrawKind>) == "?");
    CHECK(beyond(plan_file::kLast<Activation>) == "?");
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
