// The loops of random draws for AVX2 and FMA; the build gives this file those instructions.
#if defined(__AVX2__) && defined(__FMA__)
#define LINENC_ISA avx2
#include "runtime/random/loops_body.h"
#endif
