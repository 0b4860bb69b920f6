// Which sizes init takes for dimensions that nobody gave.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/init_sizes.h"

#include <algorithm>

namespace linenc::driver {

using catalog::VariableLeaf;
using diagnostics::Code;
using diagnostics::Diagnostics;
using elaborate::Run;
using elaborate::RunRequest;

namespace {

class InitSizes {
 public:
  InitSizes(ModelFile& file, RunRequest& request, const CommonOptions& options) : file_(file), request_(request), options_(options) {}

  bool complete(const std::map<std::string, std::int64_t>& of_arrays) {
    const std::map<std::string, graph::Dim> expected = file_.model->expected_sizes();
    for (const std::string& name : file_.model->dimension_names()) {
      if (request_.sizes.contains(name) || of_arrays.contains(name)) continue;
      if (const auto size = expected.find(name); size != expected.end()) {
        request_.sizes.emplace(name, size->second);
      } else {
        open_.push_back(name);
      }
    }
    return open_.empty() || decide();
  }

 private:
  ModelFile& file_;
  RunRequest& request_;
  const CommonOptions& options_;
  std::vector<std::string> open_;

  bool decide() {
    Diagnostics scratch;
    const Run symbolic = file_.scratch_model(scratch).run(request_);
    if (!symbolic.failed) return decide_by(symbolic);
    // What cannot be shown for every size may still hold for one.
    return compare_sizes();
  }

  bool decide_by(const Run& symbolic) {
    bool good = true;
    for (const VariableLeaf& leaf : symbolic.variables) {
      for (const graph::Dim& dim : leaf.tensor.shape()) {
        for (const std::string& name : dim.names()) {
          if (std::find(open_.begin(), open_.end(), name) == open_.end()) continue;
          report(leaf, name);
          good = false;
        }
      }
    }
    if (good) set_all(request_, fitting_size());
    return good;
  }

  // The least size that `assume:` allows; 1 where none of a few does, for its message.
  [[nodiscard]] std::int64_t fitting_size() const {
    if (file_.tree->assume == nullptr) return 1;
    for (const std::int64_t size : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024}) {
      Diagnostics scratch;
      RunRequest sized = request_;
      set_all(sized, size);
      if (!file_.scratch_model(scratch).run(sized).failed) return size;
    }
    return 1;
  }

  void set_all(RunRequest& request, std::int64_t size) const {
    for (const std::string& name : open_) request.sizes.insert_or_assign(name, graph::Dim(size));
  }

  void report(const VariableLeaf& leaf, const std::string& name) {
    file_.diagnostics
        .error(Code::UnknownSize, leaf.place,
               concat("the variable `", leaf.key, "` is ", graph::to_string(leaf.tensor.fact()), ", and `", name, "` has no size"))
        .help(concat("fix: give `--dim ", name, "=N`, or an array that has it, or `expect: {at: {", name, ": N}}` in the file"))
        .emit();
  }

  bool compare_sizes() {
    Diagnostics scratch_one;
    Diagnostics scratch_two;
    RunRequest ones = request_;
    RunRequest twos = request_;
    set_all(ones, 1);
    set_all(twos, 2);
    const Run one = file_.scratch_model(scratch_one).run(ones);
    const Run two = file_.scratch_model(scratch_two).run(twos);
    // The run with ones tells its mistakes again, to the user.
    if (one.failed) return set_all(request_, 1), true;
    if (two.failed) {
      throw Stop{Exit::Problems, render_full(scratch_two, file_.sources, text_style(options_, 2)) +
                                     concat("note: this is with 2 for ", open_.size() == 1 ? "the size" : "the sizes",
                                            " that no option gives: give `--dim ", open_.front(), "=N`\n")};
    }
    const VariableLeaf* differing = first_difference(one, two);
    if (differing == nullptr) return set_all(request_, 1), true;
    report(*differing, open_.front());
    return false;
  }

  static const VariableLeaf* first_difference(const Run& one, const Run& two) {
    for (std::size_t i = 0; i < one.variables.size(); ++i) {
      const VariableLeaf& leaf = one.variables[i];
      if (i >= two.variables.size() || two.variables[i].key != leaf.key || two.variables[i].tensor.shape() != leaf.tensor.shape()) return &leaf;
    }
    return two.variables.size() > one.variables.size() ? &two.variables[one.variables.size()] : nullptr;
  }
};

}  // namespace

bool complete_init_sizes(ModelFile& file, RunRequest& request, const std::map<std::string, std::int64_t>& of_arrays, const CommonOptions& options) {
  return InitSizes(file, request, options).complete(of_arrays);
}

}  // namespace linenc::driver
