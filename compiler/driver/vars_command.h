#pragma once

#include <string>
#include <string_view>

#include "compiler/driver/command.h"
#include "compiler/driver/options.h"
#include "runtime/variables/formats.h"

namespace linenc::driver {

// The verbs of `linenc vars`, a file each.
[[nodiscard]] Command vars_list_command();
[[nodiscard]] Command vars_info_command();
[[nodiscard]] Command vars_diff_command();
[[nodiscard]] Command vars_convert_command();
[[nodiscard]] Command vars_get_command();
[[nodiscard]] Command vars_digest_command();

// The argument CKPT of the verbs that look at one checkpoint.
void add_checkpoint_path(OptionTable& table, std::string& path);
// Ends the command (exit 2) where no path was given.
void require_path(const std::string& path, std::string_view what);

// A checkpoint leaf by leaf. Ends the command where it cannot be read (exit 2) or is broken (exit 1).
[[nodiscard]] runtime::Scan scan_checkpoint(const std::string& path, const std::function<void(const runtime::Leaf&)>& each);

// "4 variables, 101_770 elements, 397.5 KiB (params 397.5 KiB)"
[[nodiscard]] std::string totals_text(const runtime::Variables& variables);
// Rows of texts as columns two blanks apart; all but the first `left` columns end flush right.
[[nodiscard]] std::string columns(const std::vector<std::vector<std::string>>& rows, std::size_t left);
// "safetensors"
[[nodiscard]] std::string_view format_name(runtime::Format format);

}  // namespace linenc::driver
