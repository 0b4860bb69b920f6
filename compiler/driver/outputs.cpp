// Where the results of a run go: the terminal, files, a pipe.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/outputs.h"

#include <algorithm>
#include <optional>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/command.h"
#include "compiler/driver/options.h"
#include "compiler/driver/read_arrays.h"
#include "runtime/variables/formats.h"
#include "runtime/variables/print_array.h"

namespace linenc::driver {

using diagnostics::shown;
using runtime::Format;
using runtime::Leaf;

std::string printed(const std::vector<Leaf>& outputs, bool full) {
  std::string text;
  for (const Leaf& leaf : outputs) text += concat(shown(leaf.key), " ", to_string(leaf.array), "\n", runtime::numpy_repr(leaf.array, full), "\n");
  return text;
}

OutputTarget output_target(const std::string& text) {
  const std::size_t mark = text.find('=');
  const bool named = mark != std::string::npos && mark > 0 && text.find('/') >= mark;
  OutputTarget target = named ? OutputTarget{text.substr(0, mark), text.substr(mark + 1)} : OutputTarget{"", text};
  if (target.path.empty()) stop(Exit::CannotDo, concat("`-o ", shown(text), "` names no file"));
  return target;
}

namespace {

bool belongs_to(const std::string& key, const std::string& name) { return key == name || key.starts_with(name + "."); }

// The suffix says the format; standard output takes npy.
Format format_of(const std::string& path) {
  if (path == "-") return Format::Npy;
  const std::optional<Format> format = runtime::format_of_suffix(path);
  if (!format || *format == Format::Msgpack)
    stop(Exit::CannotDo, concat("`-o ", shown(path), "`: the suffixes of outputs are .npy, .npz, .safetensors and .json"));
  return *format;
}

// NumPy does not know bfloat16.
void cast_for_numpy(std::vector<Leaf>& outputs, const std::string& path, const std::vector<std::string>& casts) {
  for (Leaf& leaf : outputs) {
    if (leaf.array.dtype() != DType::BFloat16) continue;
    const auto cast =
        std::find_if(casts.begin(), casts.end(), [](const std::string& name) { return is_float(dtype_of(name).value_or(DType::Bool)); });
    if (cast == casts.end()) {
      stop(Exit::CannotDo, concat("`", shown(leaf.key), "` is bfloat16, which NumPy's files cannot hold: write `", shown(path),
                                  "` as .safetensors, or give `--cast float32`"));
    }
    leaf.array = converted(leaf.array, *dtype_of(*cast));
  }
}

}  // namespace

std::vector<Leaf> chosen(const std::vector<Leaf>& outputs, const std::string& name) {
  if (name.empty()) return outputs;
  std::vector<Leaf> found;
  std::vector<std::string> keys;
  for (const Leaf& leaf : outputs) {
    if (belongs_to(leaf.key, name) || belongs_to(leaf.key, "output." + name)) found.push_back(leaf);
    keys.push_back(leaf.key);
  }
  if (found.empty())
    stop(Exit::CannotDo,
         concat("the model has no output `", shown(name), "`", diagnostics::did_you_mean(name, keys), " (it has ", diagnostics::listed(keys), ")"));
  return found;
}

std::string output_bytes(std::vector<Leaf> outputs, const std::string& path, const std::vector<std::string>& casts) {
  const Format format = format_of(path);
  if (format == Format::Npy || format == Format::Npz) cast_for_numpy(outputs, path, casts);
  for (Leaf& leaf : outputs) {
    if (leaf.array.dtype() == DType::Key) stop(Exit::CannotDo, concat("`", shown(leaf.key), "` is a random key: files hold numbers only"));
  }
  if (format == Format::Npy && outputs.size() != 1) {
    std::vector<std::string> keys;
    for (const Leaf& leaf : outputs) keys.push_back(leaf.key);
    stop(Exit::CannotDo, concat("`", shown(path), "` holds one array, and the result has ", counted(outputs.size(), "part"), " (",
                                diagnostics::listed(keys), "): write an .npz, or pick one with `-o NAME=FILE`"));
  }
  auto bytes = format == Format::Npy ? runtime::serialize_npy(outputs.front().array) : runtime::serialize_arrays(outputs, format);
  if (!bytes) stop_on_write(bytes.error());
  return std::move(*bytes);
}

}  // namespace linenc::driver
