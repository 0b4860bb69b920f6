#pragma once

#include <string>

namespace linenc::runtime {

// Temporary files that a signal must remove. A handler may look at the list at any moment, so it is of fixed size and
// nothing in it is ever allocated.

// Enters a file of a folder; returns its place in the list, -1 where the list is full. The folder's descriptor has to stay
// open until forget_temporary().
[[nodiscard]] int remember_temporary(int folder, const std::string& name);
void forget_temporary(int place);

// Mappings of files: while there is one, a SIGBUS means that a file became shorter.
void count_mapping(int change);

}  // namespace linenc::runtime
