// float16 to and from float, rounded to nearest even, without branches that data decides.
#include "runtime/core/half.h"

namespace linenc {

float float16_to_float(std::uint16_t bits) { return half_bits::to_float(bits); }
std::uint16_t float_to_float16(float value) { return half_bits::from_float(value); }

}  // namespace linenc
