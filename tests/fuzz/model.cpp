// A whole model file as it was written.
#include "tests/fuzz/check_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  linenc::fuzz::check_model(linenc::fuzz::text_of_input(data, size));
  return 0;
}
