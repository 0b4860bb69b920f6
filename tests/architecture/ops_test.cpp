// Every op has a kernel, a shape rule, and a test that compares the kernel with a slow reference.

#include <doctest/doctest.h>

#include <map>

#include "runtime/kernels/kernel.h"
#include "tests/architecture/source_tree.h"

namespace linenc::test {
namespace {

struct OpRow {
  OpKind kind;
  std::string enumerator;
};

const std::vector<OpRow>& rows() {
  static const std::vector<OpRow> all{
#define LINENC_OP(enumerator, name, accuracy) {OpKind::enumerator, #enumerator},
#include "runtime/plan/ops.def"
#undef LINENC_OP
  };
  return all;
}

// An op without a kernel -> what runs it.
const std::map<std::string, std::string>& without_kernel() {
  static const std::map<std::string, std::string> reasons{{"Call", "the executor runs the steps of the program it names"},
                                                          {"Loop", "the executor runs them again and again"}};
  return reasons;
}

TEST_SUITE("architecture/ops") {
  TEST_CASE("every op has a kernel") {
    REQUIRE(rows().size() == kOpKinds);
    for (const OpRow& row : rows()) {
      CHECK_MESSAGE((runtime::kernel_of(row.kind) != nullptr) == !without_kernel().contains(row.enumerator), row.enumerator);
    }
  }

  TEST_CASE("every kernel is compared with a reference") {
    const std::vector<SourceFile> tests = sources_below("tests/runtime");
    for (const OpRow& row : rows()) {
      const bool tested =
          std::any_of(tests.begin(), tests.end(), [&](const SourceFile& file) { return has_word(file.text, "OpKind::" + row.enumerator); });
      CHECK_MESSAGE(tested, row.enumerator << " is in no test of tests/runtime");
    }
  }

  TEST_CASE("every op has a shape rule") {
    const std::vector<SourceFile> rules = sources_below("compiler/graph");
    for (const OpRow& row : rows()) {
      const bool inferred = std::any_of(rules.begin(), rules.end(), [&](const SourceFile& file) {
        return file.path.starts_with("compiler/graph/infer") && has_word(file.text, "OpKind::" + row.enumerator);
      });
      CHECK_MESSAGE(inferred, row.enumerator << " has no rule in compiler/graph/infer*");
    }
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
