#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/driver/command.h"
#include "runtime/variables/formats.h"

namespace linenc::driver {

// The format of a file of variables: `--format`, else its suffix. Ends the command where neither says one.
[[nodiscard]] runtime::Format variable_format(const std::string& path, const std::string& format);

// A checkpoint of any format. Ends the command where it cannot be opened (exit 2) or is broken (exit 1).
[[nodiscard]] runtime::Variables read_checkpoint(const std::string& path);

// Adds a file of the variables. One that exists is left alone where it holds these bytes; another one is replaced with `force` alone
// (exit 2).
void add_new_variables(CommandFiles& files, const runtime::Variables& variables, const std::string& path, runtime::Format format, bool force);
// Adds a file of the variables, whether there is one or not.
void add_variables(CommandFiles& files, const runtime::Variables& variables, const std::string& path, runtime::Format format);

// The first name of a key; empty where it has one name alone, as files of other programs have.
[[nodiscard]] std::string_view collection_of(std::string_view key);
struct CollectionTotal {
  std::string name;
  std::uint64_t variables = 0, elements = 0, bytes = 0;
};
// In the order of the leaves.
[[nodiscard]] std::vector<CollectionTotal> collection_totals(const runtime::Variables& variables);

// "10 variables, 3_237_802 parameters, 12.4 MiB (params 12.4 MiB, batch_stats 256 B)"
[[nodiscard]] std::string describe(const runtime::Variables& variables);
// The digest of a tree, of which each leaf is seen once.
class TreeDigest {
 public:
  void add(const runtime::Leaf& leaf);
  [[nodiscard]] std::string hex() const;

 private:
  std::vector<std::pair<std::string, std::string>> leaves_;  // key; its description and the digest of its data
};
// The implementation of random numbers that variables are drawn with.
constexpr std::string_view kRandom = "threefry2x32";
// "sha256:… 3_237_802 parameters 12_951_464 bytes threefry2x32": the same for every format and order of the leaves.
[[nodiscard]] std::string digest_line(const TreeDigest& digest, const runtime::Variables& variables);
[[nodiscard]] std::string digest_line(const runtime::Variables& variables);
[[nodiscard]] std::uint64_t parameter_count(const runtime::Variables& variables);

}  // namespace linenc::driver
