// What is refused by arithmetic, before the allocator is asked.
// Tested by tests/compiler/driver/limits_test.cpp.
#include "compiler/driver/limits.h"

#include "runtime/core/checked_size.h"
#include "runtime/executor/memory_limit.h"

namespace linenc::driver {

using diagnostics::Code;

void check_total(ModelFile& file, const elaborate::Run& run) {
  Size total(0);
  for (const catalog::VariableLeaf& leaf : run.variables) {
    Size elements(1);
    for (const graph::Dim& dim : leaf.tensor.shape()) elements = elements * Size::of(dim.constant().value_or(1));
    total = total + elements;
  }
  if (total.fits(kMaxParameters)) return;
  const std::string count = total.value() ? grouped(*total.value()) : "more than 2^64";
  const syntax::Node* model = file.tree->model != nullptr ? file.tree->model : file.tree->root;
  file.diagnostics
      .error(Code::LimitExceeded, model->span, concat("the variables have ", count, " elements in all, and the limit is ", grouped(kMaxParameters)))
      .emit();
}

void require_memory(std::uint64_t bytes, std::string_view what) {
  const std::uint64_t available = runtime::available_memory();
  if (bytes <= available) return;
  throw Stop{Exit::CannotDo, bare_error(Code::OutOfMemory, concat("out of memory: ", what, " needs ", byte_text(bytes), ", and ",
                                                                  byte_text(available), " may be taken"))};
}

}  // namespace linenc::driver
