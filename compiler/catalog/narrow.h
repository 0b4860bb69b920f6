#pragma once

#include "compiler/catalog/context.h"

namespace linenc::catalog {

// A dtype that is asked for at `place`, in 32 bits: W0205 where that is another one.
DType narrow(Context& context, DType wanted, Span place);

}  // namespace linenc::catalog
