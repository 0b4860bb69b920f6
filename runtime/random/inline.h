#pragma once

// Functions that several instruction sets compile: inlined always, so that no copy made for a newer processor can be
// shared with code that an older one runs.
#define LINENC_INLINE inline __attribute__((always_inline))
