#include "compiler/catalog/planned.h"

#include <algorithm>
#include <array>

namespace linenc::catalog {
namespace {

// Sorted by hand is not needed: the list is short and only read when a name was not found.
constexpr std::array kNames = {
    // layers
    "BatchApply", "Bidirectional", "ConvLSTMCell", "ConvLocal", "GRUCell", "LSTMCell", "MGUCell", "OptimizedLSTMCell", "RNN", "SimpleCell",
    "SpectralNorm", "WeightNorm", "Partitioned", "LogicallyPartitioned",
    // functions
    "conv_general_dilated_local", "conv_general_dilated_patches", "conv_transpose", "gather", "mgrid", "reduce", "scatter", "trim",
    // signals, under `fft.`
    "fft2", "ifft", "rfft", "irfft", "fftfreq",
    // random
    "ball", "beta", "dirichlet", "gamma", "multivariate_normal", "poisson",
    // transforms that are no statements
    "add_metadata_axis", "checkpoint", "custom_vjp", "nowrap", "share_scope",
    // transforms and control flow of pure functions in expressions
    "scan", "cond", "switch", "while_loop", "map_variables", "remat_scan"};

// Libraries of which most is still to come.
constexpr std::array kLibraries = {"linalg", "fft"};

}  // namespace

bool is_planned(std::string_view library, std::string_view name) {
  if (std::find(kLibraries.begin(), kLibraries.end(), library) != kLibraries.end()) return true;
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

}  // namespace linenc::catalog
