// Matrix products.
//
// A tile of c stays in registers while k runs: c[i][j] += a[i][k] * b[k][j], one row of a broadcast at a time. The sum over
// k goes in blocks of at most kDepthBlock, each from zero, the blocks added up in c: that is more exact than one long sum, and
// the same for every shape of tile, so that the bits do not depend on how the work was cut. The part of b that a block of k
// and two panels need is copied side by side first, unless it is read only once.
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
  const std::int64_t* segment_offsets;
  std::int64_t segments, segment_depth;
  const float* b;
  std::int64_t b_panel, b_depth;
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
  const float* b = t.b;
  const std::int64_t a_row = t.a_row, a_depth = t.a_depth, b_depth = t.b_depth, b_panel = t.b_panel;
  for (std::int64_t s = 0; s < t.segments; ++s) {
    const float* a = t.a + t.segment_offsets[s];
    for (std::int64_t k = 0; k < t.segment_depth; ++k) {
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

// A part of the sum over k: some segments, or a piece of one.
struct DepthBlock {
  std::int64_t k = 0;                      // where it begins in b
  std::int64_t segment = 0, segments = 1;  // of a
  std::int64_t skipped = 0;                // elements of the segment before the piece
  std::int64_t segment_depth = 0;
  [[nodiscard]] std::int64_t depth() const { return segments * segment_depth; }
};

// Rows of a that one block of b is used for: some lines, or a piece of one.
struct RowBlock {
  std::int64_t line = 0, lines = 1;
  std::int64_t row = 0, rows = 0;  // in each line
};

// The panels that a tile reads: where they are, and where they begin in c.
struct PanelGroup {
  const float* b;
  std::int64_t panel_stride, depth_stride;
  std::int64_t column;
};

// One group of panels for one block of rows and one block of k.
template <int Vecs>
void run_group(const GemmOperands& o, const RowBlock& rows, const DepthBlock& block, const PanelGroup& group) {
  static constexpr std::int64_t kOneSegment[] = {0};
  const bool first = block.k == 0, last = block.k + block.depth() == o.depth;
  const std::int64_t columns = smaller(Vecs * kLanes, o.columns - group.column);
  const bool whole = columns == Vecs * kLanes;
  alignas(64) float buffer[kMostRows * Vecs * kLanes];
  Tile tile = {};
  tile.a_row = o.a_row;
  tile.a_depth = o.a_depth;
  tile.segment_offsets = o.segment_offsets == nullptr ? kOneSegment : o.segment_offsets + block.segment;
  tile.segments = block.segments;
  tile.segment_depth = block.segment_depth;
  tile.b = group.b;
  tile.b_panel = group.panel_stride;
  tile.b_depth = group.depth_stride;
  tile.c_row = whole ? o.c_row : Vecs * kLanes;
  tile.accumulate = whole && !first;
  // Tiles of nearly equal height: 13 + 12 + 12 + 12 rather than 14 + 14 + 14 + 7.
  const std::int64_t tiles = (rows.rows + kMostRows - 1) / kMostRows;
  for (std::int64_t line = rows.line; line < rows.line + rows.lines; ++line) {
    std::int64_t done = 0;
    for (std::int64_t t = 0; t < tiles; ++t) {
      const std::int64_t height = (rows.rows - done + tiles - t - 1) / (tiles - t);
      const std::int64_t row = rows.row + done;
      float* c = o.c + (line * o.line_rows + row) * o.c_row + group.column;
      tile.a = o.a + line * o.a_line + row * o.a_row + block.skipped * o.a_depth;
      tile.c = whole ? c : buffer;
      tile_of<Vecs>(static_cast<int>(height))(tile);
      if (!whole) {
        for (std::int64_t i = 0; i < height; ++i) {
          for (std::int64_t j = 0; j < columns; ++j) {
            const float value = buffer[i * Vecs * kLanes + j];
            c[i * o.c_row + j] = first ? value : c[i * o.c_row + j] + value;
          }
        }
      }
      if (last) finish(o, c, height, group.column, columns);
      done += height;
    }
  }
}

// One row: eight vectors at a time, because the processor can have that many additions under way.
constexpr int kRowVecs = 8;
constexpr std::int64_t kRowPanels = kRowVecs / kVecsPerPanel, kWidePanels = kWideVecs / kVecsPerPanel;

void run_block(const GemmOperands& o, const RowBlock& rows, const DepthBlock& block, std::int64_t panel_begin, std::int64_t panel_end) {
  alignas(64) float copied[kDepthBlock * kWidePanels * kPanel];
  const bool read_once = rows.lines == 1 && rows.rows <= kMostRows && o.b_column == 1;
  for (std::int64_t panel = panel_begin; panel < panel_end;) {
    const std::int64_t column = panel * kPanel, left = panel_end - panel;
    const std::int64_t whole = smaller(left, o.columns / kPanel - panel);  // panels without a tail
    if (o.packed) {
      const PanelGroup group{o.b + panel * o.depth * kPanel + block.k * kPanel, o.depth * kPanel, kPanel, column};
      if (left >= kWidePanels && whole >= kWidePanels) {
        run_group<kWideVecs>(o, rows, block, group);
        panel += kWidePanels;
      } else {
        run_group<kVecsPerPanel>(o, rows, block, group);
        ++panel;
      }
      continue;
    }
    const float* b = o.b + block.k * o.b_row + column * o.b_column;
    if (read_once && whole >= kRowPanels && rows.rows == 1) {
      run_group<kRowVecs>(o, rows, block, {b, kPanel, o.b_row, column});
      panel += kRowPanels;
    } else if (whole >= kWidePanels) {
      PanelGroup group{b, kPanel, o.b_row, column};
      if (!read_once) {
        pack_panels(b, o.b_row, o.b_column, block.depth(), kWidePanels * kPanel, copied);
        group = {copied, block.depth() * kPanel, kPanel, column};
      }
      run_group<kWideVecs>(o, rows, block, group);
      panel += kWidePanels;
    } else {
      pack_panels(b, o.b_row, o.b_column, block.depth(), smaller(kPanel, o.columns - column), copied);
      run_group<kVecsPerPanel>(o, rows, block, {copied, 0, kPanel, column});
      ++panel;
    }
  }
}

// The next block of k, or false at the end.
bool next_block(const GemmOperands& o, DepthBlock& block) {
  const std::int64_t segment_depth = o.depth / o.segments;
  block.k += block.depth();
  if (block.k >= o.depth) return false;
  block.segment = block.k / segment_depth;
  block.skipped = block.k % segment_depth;
  if (segment_depth >= kDepthBlock) {
    block.segments = 1;
    block.segment_depth = smaller(kDepthBlock, segment_depth - block.skipped);
  } else {
    block.segments = smaller(kDepthBlock / segment_depth, o.segments - block.segment);
    block.segment_depth = segment_depth;
  }
  return true;
}

}  // namespace

void gemm(const GemmOperands& given, std::int64_t rows, std::int64_t panel_begin, std::int64_t panel_end) {
  if (rows == 0) return;
  GemmOperands o = given;
  if (o.line_rows == 0) o.line_rows = rows;
  if (o.depth == 0) {  // an empty sum
    const std::int64_t column = panel_begin * kPanel, columns = smaller(panel_end * kPanel, o.columns) - column;
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) o.c[i * o.c_row + column + j] = 0;
    finish(o, o.c + column, rows, column, columns);
    return;
  }
  const std::int64_t lines = rows / o.line_rows;
  RowBlock block;
  block.rows = smaller(o.line_rows, kRowBlock);
  block.lines = o.line_rows > kRowBlock ? 1 : kRowBlock / o.line_rows;
  for (; block.line < lines; block.line += block.lines) {
    block.lines = smaller(block.lines, lines - block.line);
    for (block.row = 0; block.row < o.line_rows; block.row += block.rows) {
      RowBlock part = block;
      part.rows = smaller(block.rows, o.line_rows - block.row);
      DepthBlock depth;
      depth.segment_depth = 0;
      while (next_block(o, depth)) run_block(o, part, depth, panel_begin, panel_end);
    }
  }
}

void pack_panels(const float* b, std::int64_t row_stride, std::int64_t column_stride, std::int64_t depth, std::int64_t columns, float* packed) {
  for (std::int64_t column = 0; column < columns; column += kPanel) {
    const std::int64_t width = smaller(kPanel, columns - column);
    const float* from = b + column * column_stride;
    float* to = packed + column * depth;
    if (column_stride == 1 && width == kPanel) {
      for (std::int64_t k = 0; k < depth; ++k) {
        for (std::int64_t j = 0; j < kPanel; j += kLanes) store(to + k * kPanel + j, load(from + k * row_stride + j));
      }
      continue;
    }
    for (std::int64_t j = 0; j < kPanel; ++j) {
      for (std::int64_t k = 0; k < depth; ++k) to[k * kPanel + j] = j < width ? from[k * row_stride + j * column_stride] : 0.0f;
    }
  }
}

void depthwise(const float* const* taps, const float* weights, std::int64_t count, std::int64_t channels, const float* bias, Activation activation,
               float* out) {
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
    if (whole)
      store(out + c, sum);
    else
      store_part(out + c, sum, n);
  }
  activate(activation, out, channels);
}

}  // namespace linenc::runtime::LINENC_ISA
