// Matrix products on panels of kPanel columns.
//
// A tile of c stays in registers while k runs: c[i][j] += a[i][k] * b[k][j], one row of a broadcast at a time. The sum over
// k goes in blocks of kDepthBlock, each from zero, the blocks added up in c: that is more exact than one long sum, and the
// same for every shape of tile, so that the bits do not depend on how the work was cut.
#include "runtime/kernels/vector/loops.h"
#include "runtime/kernels/vector/vec.h"

namespace linenc::runtime::LINENC_ISA {
namespace {

constexpr std::int64_t kDepthBlock = 512;
constexpr int kVecsPerPanel = static_cast<int>(kPanel) / kLanes;

// Rows and vectors of the largest tile: what the registers hold.
#if defined(__AVX512F__)
constexpr int kMostRows = 14, kWideVecs = 2;
constexpr std::int64_t kRowBlock = 196;
#elif defined(__AVX2__)
constexpr int kMostRows = 6, kWideVecs = 2;
constexpr std::int64_t kRowBlock = 192;
#else
constexpr int kMostRows = 3, kWideVecs = 4;
constexpr std::int64_t kRowBlock = 192;
#endif

struct Tile {
  const float* a;
  std::int64_t a_row, a_depth;
  const float* b;
  std::int64_t b_panel, b_depth;
  std::int64_t depth;
  float* c;
  std::int64_t c_row;
  bool accumulate;
};

template <int Rows, int Vecs>
void run_tile(const Tile& t) {
  Vec sum[Rows][Vecs];
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
    for (int j = 0; j < Vecs; ++j) sum[i][j] = Vec{};
  const float* a = t.a;
  const float* b = t.b;
  const std::int64_t a_row = t.a_row, a_depth = t.a_depth, b_depth = t.b_depth, b_panel = t.b_panel;
  for (std::int64_t k = 0; k < t.depth; ++k) {
    Vec column[Vecs];
#pragma GCC unroll 16
    for (int j = 0; j < Vecs; ++j) column[j] = load(b + (j / kVecsPerPanel) * b_panel + (j % kVecsPerPanel) * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      const Vec row = all(a[i * a_row]);
#pragma GCC unroll 16
      for (int j = 0; j < Vecs; ++j) sum[i][j] = fma(row, column[j], sum[i][j]);
    }
    a += a_depth;
    b += b_depth;
  }
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
    for (int j = 0; j < Vecs; ++j) {
      float* c = t.c + i * t.c_row + j * kLanes;
      store(c, t.accumulate ? load(c) + sum[i][j] : sum[i][j]);
    }
}

using TileFunction = void (*)(const Tile&);

// The kernel for so many rows (1 to kMostRows) and vectors.
template <int Vecs>
TileFunction tile_of(int rows) {
  switch (rows) {
    case 1: return run_tile<1, Vecs>;
    case 2: return run_tile<2, Vecs>;
    case 3: return run_tile<3, Vecs>;
#if defined(__AVX2__)
    case 4: return run_tile<4, Vecs>;
    case 5: return run_tile<5, Vecs>;
    case 6: return run_tile<6, Vecs>;
#endif
#if defined(__AVX512F__)
    case 7: return run_tile<7, Vecs>;
    case 8: return run_tile<8, Vecs>;
    case 9: return run_tile<9, Vecs>;
    case 10: return run_tile<10, Vecs>;
    case 11: return run_tile<11, Vecs>;
    case 12: return run_tile<12, Vecs>;
    case 13: return run_tile<13, Vecs>;
    case 14: return run_tile<14, Vecs>;
#endif
    default: return nullptr;
  }
}

LINENC_INLINE std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

// Bias and activation of a tile that has just been written.
void finish(const GemmOperands& o, float* c, std::int64_t rows, std::int64_t column, std::int64_t columns) {
  for (std::int64_t i = 0; i < rows; ++i) {
    float* row = c + i * o.c_row;
    if (o.bias != nullptr) {
      const float* bias = o.bias + column;
      std::int64_t j = 0;
      for (; j + kLanes <= columns; j += kLanes) store(row + j, load(row + j) + load(bias + j));
      if (j < columns) store_part(row + j, load_part(row + j, columns - j) + load_part(bias + j, columns - j), columns - j);
    }
    activate(o.activation, row, columns);
  }
}

// One group of panels for one block of rows and one block of k.
template <int Vecs>
void run_group(const GemmOperands& o, std::int64_t row_begin, std::int64_t rows, std::int64_t panel, std::int64_t k, std::int64_t depth) {
  const bool first = k == 0, last = k + depth == o.depth;
  const std::int64_t column = panel * kPanel;
  const std::int64_t columns = smaller(Vecs * kLanes, o.columns - column);
  const bool whole = columns == Vecs * kLanes;
  alignas(64) float buffer[kMostRows * Vecs * kLanes];
  Tile tile = {};
  tile.a_row = o.a_row;
  tile.a_depth = o.a_depth;
  tile.depth = depth;
  if (whole || o.b_tail == nullptr) {
    tile.b = o.b + panel * o.b_panel + k * o.b_depth;
    tile.b_panel = o.b_panel;
    tile.b_depth = o.b_depth;
  } else {
    tile.b = o.b_tail + k * kPanel;
    tile.b_panel = 0;
    tile.b_depth = kPanel;
  }
  // Tiles of nearly equal height: 13 + 12 + 12 + 12 rather than 14 + 14 + 14 + 7.
  const std::int64_t tiles = (rows + kMostRows - 1) / kMostRows;
  std::int64_t done = 0;
  for (std::int64_t t = 0; t < tiles; ++t) {
    const std::int64_t height = (rows - done) / (tiles - t) + ((rows - done) % (tiles - t) != 0 ? 1 : 0);
    const std::int64_t row = row_begin + done;
    float* c = o.c + row * o.c_row + column;
    tile.a = o.a + row * o.a_row + k * o.a_depth;
    tile.c = whole ? c : buffer;
    tile.c_row = whole ? o.c_row : Vecs * kLanes;
    tile.accumulate = whole && !first;
    tile_of<Vecs>(static_cast<int>(height))(tile);
    if (!whole) {
      for (std::int64_t i = 0; i < height; ++i) {
        for (std::int64_t j = 0; j < columns; ++j) {
          const float value = buffer[i * Vecs * kLanes + j];
          c[i * o.c_row + j] = first ? value : c[i * o.c_row + j] + value;
        }
      }
    }
    if (last) finish(o, c, height, column, columns);
    done += height;
  }
}

// One row: eight vectors at a time, because the processor can have that many additions under way.
constexpr int kRowVecs = 8;
constexpr std::int64_t kRowPanels = kRowVecs / kVecsPerPanel, kWidePanels = kWideVecs / kVecsPerPanel;

// How many of the panels from `panel` on are whole and lie in `b`.
std::int64_t whole_panels(const GemmOperands& o, std::int64_t panel, std::int64_t panel_end) {
  return smaller(panel_end, o.columns / kPanel) - panel;
}

void run_block(const GemmOperands& o, std::int64_t row, std::int64_t rows, std::int64_t panel_begin, std::int64_t panel_end,
               std::int64_t k, std::int64_t depth) {
  for (std::int64_t panel = panel_begin; panel < panel_end;) {
    const std::int64_t whole = whole_panels(o, panel, panel_end);
    if (rows == 1 && whole >= kRowPanels) {
      run_group<kRowVecs>(o, row, rows, panel, k, depth);
      panel += kRowPanels;
    } else if (whole >= kWidePanels) {
      run_group<kWideVecs>(o, row, rows, panel, k, depth);
      panel += kWidePanels;
    } else {
      run_group<kVecsPerPanel>(o, row, rows, panel, k, depth);
      ++panel;
    }
  }
}

}  // namespace

void gemm(const GemmOperands& o, std::int64_t rows, std::int64_t panel_begin, std::int64_t panel_end) {
  if (o.depth == 0) {   // an empty sum
    const std::int64_t column = panel_begin * kPanel, columns = smaller(panel_end * kPanel, o.columns) - column;
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) o.c[i * o.c_row + column + j] = 0;
    finish(o, o.c + column, rows, column, columns);
    return;
  }
  for (std::int64_t row = 0; row < rows; row += kRowBlock) {
    for (std::int64_t k = 0; k < o.depth; k += kDepthBlock) {
      run_block(o, row, smaller(kRowBlock, rows - row), panel_begin, panel_end, k, smaller(kDepthBlock, o.depth - k));
    }
  }
}

void pack_panels(const float* b, std::int64_t depth_stride, std::int64_t column_stride, std::int64_t depth, std::int64_t columns,
                 std::int64_t panel_begin, std::int64_t panel_end, float* packed) {
  for (std::int64_t panel = panel_begin; panel < panel_end; ++panel) {
    const std::int64_t width = smaller(kPanel, columns - panel * kPanel);
    const float* from = b + panel * kPanel * column_stride;
    float* to = packed + panel * depth * kPanel;
    if (column_stride == 1 && width == kPanel) {
      for (std::int64_t k = 0; k < depth; ++k) {
        for (std::int64_t j = 0; j < kPanel; j += kLanes) store(to + k * kPanel + j, load(from + k * depth_stride + j));
      }
      continue;
    }
    for (std::int64_t k = 0; k < depth; ++k) {
      for (std::int64_t j = 0; j < width; ++j) to[k * kPanel + j] = from[k * depth_stride + j * column_stride];
      for (std::int64_t j = width; j < kPanel; ++j) to[k * kPanel + j] = 0;
    }
  }
}

void depthwise(const float* const* taps, const float* weights, std::int64_t count, std::int64_t channels, const float* bias,
               Activation activation, float* out) {
  constexpr int kWide = 4;
  std::int64_t c = 0;
  for (; c + kWide * kLanes <= channels; c += kWide * kLanes) {
    Vec sum[kWide] = {};
    for (std::int64_t t = 0; t < count; ++t) {
      if (taps[t] == nullptr) continue;
      for (int j = 0; j < kWide; ++j) {
        sum[j] = fma(load(taps[t] + c + j * kLanes), load(weights + t * channels + c + j * kLanes), sum[j]);
      }
    }
    for (int j = 0; j < kWide; ++j) store(out + c + j * kLanes, bias != nullptr ? sum[j] + load(bias + c + j * kLanes) : sum[j]);
  }
  for (; c < channels; c += kLanes) {
    const std::int64_t n = smaller(kLanes, channels - c);
    const bool whole = n == kLanes;
    Vec sum = {};
    for (std::int64_t t = 0; t < count; ++t) {
      if (taps[t] == nullptr) continue;
      const float* w = weights + t * channels + c;
      sum = whole ? fma(load(taps[t] + c), load(w), sum) : fma(load_part(taps[t] + c, n), load_part(w, n), sum);
    }
    if (bias != nullptr) sum = sum + (whole ? load(bias + c) : load_part(bias + c, n));
    if (whole) store(out + c, sum); else store_part(out + c, sum, n);
  }
  activate(activation, out, channels);
}

}  // namespace linenc::runtime::LINENC_ISA
