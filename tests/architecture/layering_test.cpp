// Who may use whom. The table below is the architecture: changing it is a decision.

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "tests/architecture/source_tree.h"

namespace linenc::test {
namespace {

using Folders = std::set<std::string>;

// A folder -> what its files may include, beside their own folder: folders, or single files of a folder.
const std::map<std::string, Folders>& arrows() {
  static const Folders vocabulary{"compiler/catalog", "compiler/graph", "compiler/diagnostics", "runtime/core"};
  static const Folders everything{"compiler/source",   "compiler/diagnostics", "compiler/syntax",   "compiler/graph", "compiler/catalog",
                                  "compiler/modules",  "compiler/elaborate",   "compiler/optimize", "compiler/lower", "compiler/contracts",
                                  "compiler/schema",   "runtime/core",         "runtime/plan",      "runtime/files",  "runtime/random",
                                  "runtime/variables", "runtime/executor"};
  static const std::map<std::string, Folders> table{
      {"compiler/source", {}},
      {"compiler/diagnostics", {"compiler/source"}},
      {"compiler/syntax", {"compiler/source", "compiler/diagnostics"}},
      {"compiler/graph", {"compiler/source", "compiler/diagnostics", "runtime/core", "runtime/plan/op.h"}},
      {"compiler/vectorize", {"compiler/graph", "compiler/diagnostics", "runtime/core"}},
      {"compiler/catalog", {"compiler/source", "compiler/graph", "compiler/diagnostics", "runtime/core"}},
      {"compiler/layers", vocabulary},
      // vmap of a pure function is a rewrite of a graph, as the transform is.
      {"compiler/functions", {"compiler/catalog", "compiler/graph", "compiler/diagnostics", "compiler/vectorize", "runtime/core"}},
      {"compiler/initializers", vocabulary},
      // vmap is a rewrite of a graph.
      {"compiler/transforms", {"compiler/catalog", "compiler/graph", "compiler/diagnostics", "compiler/vectorize", "runtime/core"}},
      {"compiler/modules", {"compiler/source", "compiler/diagnostics", "compiler/syntax", "compiler/catalog", "runtime/core"}},
      {"compiler/elaborate",
       {"compiler/source", "compiler/diagnostics", "compiler/syntax", "compiler/catalog", "compiler/graph", "compiler/modules", "runtime/core"}},
      {"compiler/optimize", {"compiler/graph", "compiler/diagnostics", "runtime/core"}},
      {"compiler/lower", {"compiler/source", "compiler/graph", "compiler/diagnostics", "runtime/core", "runtime/plan"}},
      {"compiler/contracts",
       {"compiler/source", "compiler/diagnostics", "compiler/syntax", "compiler/graph", "compiler/catalog", "compiler/modules", "compiler/elaborate",
        "runtime/core", "runtime/plan"}},
      // The words of statements are a table of syntax/.
      {"compiler/schema", {"compiler/catalog", "compiler/syntax", "compiler/diagnostics"}},
      {"compiler/driver", everything},
      {"runtime/core", {}},
      {"runtime/plan", {"runtime/core"}},
      {"runtime/files", {"runtime/core"}},
      {"runtime/variables", {"runtime/core", "runtime/files"}},
      {"runtime/random", {"runtime/core", "runtime/plan"}},
      {"runtime/kernels", {"runtime/core", "runtime/plan", "runtime/random"}},
      // The loops of one instruction set: they see no tensors, and of ops only their kinds.
      {"runtime/kernels/vector", {"runtime/core", "runtime/plan/op.h"}},
      {"runtime/executor", {"runtime/core", "runtime/plan", "runtime/kernels", "runtime/variables"}},
  };
  return table;
}

// Libraries of others -> the folders that may include them.
const std::map<std::string, Folders>& libraries() {
  static const std::map<std::string, Folders> table{
      {"yaml-cpp/", {"compiler/syntax"}},
      {"CLI/", {"compiler/driver"}},
      {"nlohmann/", {"compiler/diagnostics", "compiler/schema", "compiler/driver", "runtime/plan", "runtime/variables"}},
      {"nettle/", {"compiler/catalog", "runtime/variables"}},
      {"zip.h", {"runtime/variables"}},
      {"xxhash.h", {"runtime/plan"}},
      {"Eigen/", {"runtime/kernels", "runtime/core"}},
      {"doctest/", {}},
  };
  return table;
}

struct Include {
  std::string name;
  bool quoted;
};

std::vector<Include> includes_of(const std::string& text) {
  std::vector<Include> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t open = line.find_first_of("\"<");
    if (!line.starts_with("#include") || open == std::string::npos) continue;
    const std::size_t close = line.find_first_of("\">", open + 1);
    found.push_back({line.substr(open + 1, close - open - 1), line[open] == '"'});
  }
  return found;
}

std::vector<SourceFile> all_sources() {
  std::vector<SourceFile> files = sources_below("compiler");
  for (SourceFile& file : sources_below("runtime")) files.push_back(std::move(file));
  return files;
}

TEST_SUITE("architecture/layering") {
  TEST_CASE("a file includes only what the table of folders allows") {
    REQUIRE(all_sources().size() > 100);
    for (const SourceFile& file : all_sources()) {
      const std::string folder = file.folder();
      const auto row = arrows().find(folder);
      if (row == arrows().end()) {
        FAIL_CHECK(file.path << ": the folder " << folder << " has no row in the table of " << __FILE__);
        continue;
      }
      for (const Include& include : includes_of(file.text)) {
        if (!include.quoted) continue;
        const std::string target = include.name.substr(0, include.name.rfind('/'));
        // Of kernels, the loops of instruction sets are a part.
        const bool part = folder.starts_with(target + "/") || target.starts_with(folder + "/");
        if (target == folder || part || row->second.contains(target) || row->second.contains(include.name)) continue;
        FAIL_CHECK(file.path << " includes " << include.name << ": the arrow " << folder << " -> " << target << " is not in the table");
      }
    }
  }

  TEST_CASE("own headers are included by their full path from the root, and exist") {
    for (const SourceFile& file : all_sources()) {
      for (const Include& include : includes_of(file.text)) {
        if (!include.quoted) continue;
        CAPTURE(file.path);
        CAPTURE(include.name);
        CHECK(std::filesystem::exists(std::filesystem::path(LINENC_SOURCE_DIR) / include.name));
      }
    }
  }

  TEST_CASE("libraries of others stay in the folders that are there for them") {
    for (const SourceFile& file : all_sources()) {
      for (const Include& include : includes_of(file.text)) {
        for (const auto& [library, folders] : libraries()) {
          if (include.quoted || !include.name.starts_with(library) || folders.contains(file.folder())) continue;
          FAIL_CHECK(file.path << " includes <" << include.name << ">, which belongs to other folders");
        }
      }
    }
  }

  TEST_CASE("the arrows have no cycle, and none leads from runtime to compiler") {
    std::set<std::string> done;
    while (done.size() < arrows().size()) {
      const std::size_t before = done.size();
      for (const auto& [folder, used] : arrows()) {
        const bool ready = std::all_of(used.begin(), used.end(), [&](const std::string& one) {
          return done.contains(one.ends_with(".h") ? one.substr(0, one.rfind('/')) : one);
        });
        if (ready) done.insert(folder);
        if (!folder.starts_with("runtime/")) continue;
        for (const std::string& one : used) CHECK_MESSAGE(!one.starts_with("compiler/"), folder << " -> " << one);
      }
      REQUIRE_MESSAGE(done.size() > before, "the arrows of the folders that are left form a cycle");
    }
  }

  TEST_CASE("nobody includes the built-ins: they are found through the registry") {
    for (const auto& [folder, used] : arrows()) {
      for (const char* built_ins : {"compiler/layers", "compiler/functions", "compiler/initializers", "compiler/transforms"}) {
        CHECK_MESSAGE(!used.contains(built_ins), folder << " -> " << built_ins);
      }
    }
  }

  TEST_CASE("every folder of the table exists and holds sources") {
    for (const auto& [folder, used] : arrows()) CHECK_MESSAGE(!sources_below(folder).empty(), folder);
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
