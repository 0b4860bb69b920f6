// The loops of random draws for AVX-512; the build gives this file those instructions.
#if defined(__AVX512F__) && defined(__AVX512DQ__)
#define LINENC_ISA avx512
#include "runtime/random/loops_body.h"
#endif
