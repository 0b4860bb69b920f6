// The language, a file for each sentence: README.md tells how a file says what it expects.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <vector>

#include "tests/golden/golden_text.h"

namespace fs = std::filesystem;

namespace linenc::test {
namespace {

struct Expected {
  std::string severity;
  int line = 0;
  std::string code;
  std::string text;
};

// What the comments of a file say.
struct Sentence {
  std::string claim;
  std::vector<std::string> options;
  std::string given;
  std::vector<std::string> gives;
  std::vector<std::string> stores;
  std::vector<Expected> reported;
  std::string not_built;                                  // "`RNN`": what E0219 says of it stands for the rest
  std::vector<std::pair<std::string, std::string>> ends;  // command, "E0203 text"
};

std::string stripped(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \n") - first + 1);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// What blanks divide, except inside of brackets.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '[' ? 1 : c == ']' ? -1 : 0;
    if (c != ' ' || depth > 0) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

Sentence read_sentence(const std::string& text) {
  static const std::regex reported(R"(# (error|warning)( at (\d+):)? ([EW]\d{4}):? (.*)$)");
  static const std::regex ends(R"(^# (init|apply) fails: (.*)$)");
  Sentence sentence;
  std::vector<std::string>* block = nullptr;
  const std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    std::smatch match;
    if (block != nullptr && line.rfind("#   ", 0) == 0) {
      block->push_back(stripped(line.substr(4)));
      continue;
    }
    block = nullptr;
    if (i == 0) {
      sentence.claim = line.substr(std::min<std::size_t>(2, line.size()));
    } else if (line.rfind("# options: ", 0) == 0) {
      sentence.options = words_of(line.substr(11));
    } else if (line.rfind("# given: ", 0) == 0) {
      sentence.given = line.substr(9);
    } else if (line.rfind("# not built: ", 0) == 0) {
      sentence.not_built = line.substr(13);
    } else if (line == "# gives:") {
      block = &sentence.gives;
    } else if (line == "# stores:") {
      block = &sentence.stores;
    } else if (std::regex_search(line, match, ends)) {
      sentence.ends.emplace_back(match[1], match[2]);
    } else if (std::regex_search(line, match, reported)) {
      sentence.reported.push_back({match[1], match[2].matched ? std::stoi(match[3]) : static_cast<int>(i) + 1, match[4], match[5]});
    }
  }
  return sentence;
}

// The options of a file that a command knows.
std::string options_for(const Sentence& sentence, const std::string& command) {
  static const std::vector<std::string> everywhere{"--set", "--dim", "--method", "--import-root"};
  std::string options;
  for (std::size_t i = 0; i + 1 < sentence.options.size(); i += 2) {
    const std::string& name = sentence.options[i];
    const bool known = std::find(everywhere.begin(), everywhere.end(), name) != everywhere.end() ||
                       (command != "check" && (name == "--rng" || name == "--seed")) || (command == "apply" && name == "--mutable");
    if (known) options += " " + name + " '" + sentence.options[i + 1] + "'";
  }
  return options;
}

// ` -i x=ones` for each tensor of `inputs:` that is not optional; the names of dimensions go to `sizes`.
void add_made_up(const YAML::Node& node, const std::string& path, std::string& options, std::set<std::string>& sizes) {
  static const std::regex name(R"((^|[^A-Za-z_0-9.])([A-Za-z_][A-Za-z_0-9.]*))");
  if (node.IsMap()) {
    for (const auto& entry : node) add_made_up(entry.second, (path.empty() ? "" : path + ".") + entry.first.as<std::string>(), options, sizes);
  } else if (node.IsSequence()) {
    for (std::size_t i = 0; i < node.size(); ++i) add_made_up(node[i], path + "." + std::to_string(i), options, sizes);
  } else if (node.IsScalar()) {
    const std::string& type = node.Scalar();
    if (type.find('[') == std::string::npos || type[0] == '=' || type.find("none") != std::string::npos || type.back() == '?') return;
    options += " -i '" + path + (type.rfind("key", 0) == 0 ? "=key:7'" : "=ones'");
    const std::string axes = type.substr(type.find('['));
    for (std::sregex_iterator it(axes.begin(), axes.end(), name), end; it != end; ++it) {
      if (it->str(2).find('.') == std::string::npos) sizes.insert(it->str(2));
    }
  }
}

std::string inputs_for(const fs::path& file, const Sentence& sentence) {
  std::string options;
  if (sentence.given.empty()) {
    const YAML::Node model = YAML::LoadFile(file.string());
    std::set<std::string> sizes;
    if (model["inputs"]) add_made_up(model["inputs"], "", options, sizes);
    for (const std::string& name : sizes) {
      const YAML::Node at = model["expect"] ? model["expect"]["at"] : YAML::Node(YAML::NodeType::Undefined);
      const bool known = (at && at.IsMap() && at[name]) || std::any_of(sentence.options.begin(), sentence.options.end(),
                                                                       [&](const std::string& word) { return word.rfind(name + "=", 0) == 0; });
      if (!known) options += " --dim " + name + "=1";
    }
  } else {
    for (const std::string& word : words_of(sentence.given)) options += " -i '" + word + "'";
  }
  return options;
}

// Everything that a diagnostic says.
std::string texts_of(const nlohmann::json& diagnostic) {
  std::string texts = diagnostic["message"];
  for (const char* list : {"marks", "related"}) {
    for (const auto& entry : diagnostic[list]) texts += "\n" + entry["message"].get<std::string>();
  }
  for (const auto& fix : diagnostic["fixes"]) texts += "\n" + fix["title"].get<std::string>();
  return texts;
}

bool is_as_expected(const nlohmann::json& d, const Expected& expected) {
  return d["severity"] == expected.severity && d["code"] == expected.code && d["range"]["start"]["line"] == expected.line &&
         texts_of(d).find(expected.text) != std::string::npos;
}

// What `check` reports is what the file expects, line by line; gives whether it is.
bool check_reports(const fs::path& file, const Sentence& sentence) {
  int status = 0;
  const std::string seen = run_in(file.parent_path(), "check " + file.filename().string() + " --json" + options_for(sentence, "check"), status);
  const auto document = nlohmann::json::parse(seen, nullptr, false);
  CHECK_MESSAGE(!document.is_discarded(), seen);
  if (document.is_discarded()) return false;
  std::vector<nlohmann::json> found(document["diagnostics"].begin(), document["diagnostics"].end());
  if (!sentence.not_built.empty()) {
    CHECK(!found.empty());
    for (const auto& d : found) CHECK(texts_of(d).find(sentence.not_built + " is not built yet") != std::string::npos);
    return false;
  }
  for (const Expected& expected : sentence.reported) {
    const auto match = std::find_if(found.begin(), found.end(), [&](const auto& d) { return is_as_expected(d, expected); });
    if (match != found.end()) {
      found.erase(match);
    } else {
      FAIL_CHECK("not reported, at line " << expected.line << ": " << expected.code << " " << expected.text);
    }
  }
  for (const auto& d : found) {
    FAIL_CHECK("not expected, at line " << d["range"]["start"]["line"].dump() << ": " << d["code"].get<std::string>() << " " << texts_of(d));
  }
  return found.empty();
}

// A file without faults is initialised and applied; gives false where a command ends as the file says.
bool succeeds(const fs::path& file, const Sentence& sentence, const std::string& command, const std::string& arguments, std::string& out) {
  int status = 0;
  out = run_in(file.parent_path(), command + " " + file.filename().string() + " " + arguments + options_for(sentence, command), status);
  CAPTURE(out);
  for (const auto& [name, text] : sentence.ends) {
    if (name != command) continue;
    CHECK(status == 1);
    CHECK(out.find(text.substr(0, 5)) != std::string::npos);
    CHECK(out.find(text.substr(6)) != std::string::npos);
    return false;
  }
  CHECK(status == 0);
  return status == 0;
}

std::vector<std::string> stripped_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string& line : lines_of(text)) {
    if (!stripped(line).empty()) lines.push_back(stripped(line));
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// `vars list` has a line for each variable: key, type, bytes.
void check_stored(const fs::path& folder, const Sentence& sentence) {
  if (sentence.stores.empty()) return;
  int status = 0;
  const std::vector<std::string> stored = lines_of(run_in(folder, "vars list v.safetensors", status));
  for (const std::string& line : sentence.stores) {
    const std::vector<std::string> wanted = words_of(line);
    const bool found = std::any_of(stored.begin(), stored.end(), [&](const std::string& entry) {
      const std::vector<std::string> words = words_of(entry);
      return words.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), words.begin());
    });
    if (!found) FAIL_CHECK("not stored: " << line);
  }
}

void check_file(const fs::path& file) {
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const Sentence sentence = read_sentence(text);
  const std::string claim = file.parent_path().filename().string() + ": " + sentence.claim;
  CAPTURE(claim);
  CHECK(sentence.claim.size() > 10);
  if (!check_reports(file, sentence)) return;
  const bool fails = std::any_of(sentence.reported.begin(), sentence.reported.end(), [](const Expected& e) { return e.severity == "error"; });
  if (fails) return;

  std::string out;
  std::string folder = (fs::temp_directory_path() / "linenc_language_XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string stored = folder + "/v.safetensors";
  const std::string inputs = inputs_for(file, sentence);
  if (succeeds(file, sentence, "init", "-q -o " + stored + inputs, out)) {
    check_stored(folder, sentence);
    if (succeeds(file, sentence, "apply", "-q " + stored + inputs, out) && !sentence.gives.empty())
      CHECK(joined(stripped_lines(out)) == joined(sentence.gives));
  }
  fs::remove_all(folder);
}

}  // namespace

TEST_CASE("every sentence of the language holds in its file") {
  const fs::path root = fs::path(LINENC_SOURCE_DIR) / "tests" / "language";
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const bool part = entry.path().string().find("/parts/") != std::string::npos;
    if (entry.path().extension() == ".yaml" && !part) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  const char* only = std::getenv("LINENC_LANGUAGE_FILES");  // a part of the paths of the files to run
  for (const fs::path& file : files) {
    if (only != nullptr && file.string().find(only) == std::string::npos) continue;
    CAPTURE(file.string());
    check_file(file);
  }
}

}  // namespace linenc::test
