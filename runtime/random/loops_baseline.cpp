// The loops of random draws for any processor.
#define LINENC_ISA baseline
#include "runtime/random/loops_body.h"
