// Whole model files that a generator makes of the bytes: nearly all of them reach the layers and functions of the catalog.
// LINENC_FUZZ_PRINT=1 prints the file of an input.
#include <cstdlib>

#include "tests/fuzz/check_model.h"
#include "tests/fuzz/generate_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = linenc::fuzz::ModelGenerator(data, size).file();
  if (std::getenv("LINENC_FUZZ_PRINT") != nullptr) std::fputs(text.c_str(), stderr);
  linenc::fuzz::check_model(text);
  return 0;
}
