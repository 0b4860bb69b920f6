#pragma once

#include "runtime/files/write_file.h"
#include "runtime/variables/json_format.h"
#include "runtime/variables/limits.h"

namespace linenc::runtime {

// How much of a stream is read, told from its first bytes: what it is, and the sizes that its headers announce. Of what the parser
// refuses, no more than its beginning; never more than `limits.memory_bytes`.
[[nodiscard]] StreamJudge stream_judge(JsonKind kind, const ReadLimits& limits);

}  // namespace linenc::runtime
