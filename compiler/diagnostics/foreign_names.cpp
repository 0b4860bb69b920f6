// Tested by tests/compiler/diagnostics/closest_name_test.cpp.
#include "compiler/diagnostics/foreign_names.h"

#include <algorithm>
#include <iterator>

namespace linenc::diagnostics {
namespace {

// Sorted by word. No row says where its word stands: a suggestion is one of the names that are known there.
constexpr ForeignName kNames[] = {
    {"@nn.compact", "compact"},
    {"AvgPool2D", "avg_pool"},
    {"AvgPool2d", "avg_pool"},
    {"BatchNorm1d", "BatchNorm"},
    {"BatchNorm2d", "BatchNorm"},
    {"BatchNormalization", "BatchNorm"},
    {"Callable", "function"},
    {"Conv1D", "Conv"},
    {"Conv1d", "Conv"},
    {"Conv2D", "Conv"},
    {"Conv2DTranspose", "ConvTranspose"},
    {"Conv2d", "Conv"},
    {"Conv3D", "Conv"},
    {"Conv3d", "Conv"},
    {"ConvTranspose2d", "ConvTranspose"},
    {"Dict", "map"},
    {"Dropout2d", "Dropout"},
    {"Embedding", "Embed"},
    {"Flatten", "ravel"},
    {"LayerNormalization", "LayerNorm"},
    {"Linear", "Dense"},
    {"MaxPool2D", "max_pool"},
    {"MaxPool2d", "max_pool"},
    {"Module", "module"},
    {"MultiheadAttention", "MultiHeadDotProductAttention"},
    {"Softmax", "softmax"},
    {"__call__", "call"},
    {"__init__", "setup"},
    {"body", "call"},
    {"body", "do"},
    {"boolean", "bool"},
    {"build", "setup"},
    {"case", "cases"},
    {"cat", "concatenate"},
    {"concat", "concatenate"},
    {"dict", ""},
    {"dict", "map"},
    {"dim", "axis"},
    {"dims", "axis"},
    {"do", "then"},
    {"double", "float"},
    {"elif", "else"},
    {"embedding_dim", "features"},
    {"eps", "epsilon"},
    {"filters", "features"},
    {"forward", "call"},
    {"groups", "feature_group_count"},
    {"hidden_size", "features"},
    {"in", "over"},
    {"in_channels", ""},
    {"in_features", ""},
    {"input", "in"},
    {"input", "inputs"},
    {"input_dim", ""},
    {"inputs", "in"},
    {"integer", "int"},
    {"keepdim", "keepdims"},
    {"kernel_size", "window_shape"},
    {"map", ""},
    {"num_features", ""},
    {"number", "float"},
    {"open", ""},
    {"otherwise", "else"},
    {"out_channels", "features"},
    {"out_features", "features"},
    {"output", "out"},
    {"outputs", "out"},
    {"path", "file"},
    {"permute", "transpose"},
    {"pool_size", "window_shape"},
    {"print", ""},
    {"range", "over"},
    {"set", ""},
    {"std", "stddev"},
    {"stride", "strides"},
    {"stride", "window_strides"},
    {"string", "str"},
    {"tuple", "list"},
    {"type", ""},
    {"units", "features"},
    {"unsqueeze", "expand_dims"},
    {"view", "reshape"},
    {"vocab_size", "num_embeddings"},
    {"while", "while_loop"},
};

}  // namespace

std::span<const ForeignName> foreign_names(std::string_view word) {
  const auto* begin =
      std::lower_bound(std::begin(kNames), std::end(kNames), word, [](const ForeignName& row, std::string_view w) { return row.word < w; });
  const auto* end = std::upper_bound(begin, std::end(kNames), word, [](std::string_view w, const ForeignName& row) { return w < row.word; });
  return {begin, end};
}

}  // namespace linenc::diagnostics
