#pragma once

#include <new>

#include "runtime/core/run_error.h"

namespace linenc::runtime {

// Readers allocate what they have compared with the file, which may still be more than there is.
template <class Body>
auto guarded(Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return RunError{RunError::Kind::OutOfMemory, "out of memory for the arrays of a file", {}};
  }
}

}  // namespace linenc::runtime
