// The picture of a diagnostic in a terminal:
//
//   error[E0203 shape-mismatch]: `skip + tail` cannot broadcast [batch, 64] with [batch, 32]
//     --> models/digits.yaml:14:20
//      |
//   14 |       - let: {sum: skip + tail}
//      |                    ^^^^ float32[batch, 64]
//      |                           ^^^^ float32[batch, 32]
//
// Every source line stands once, with a row for each of its marks. Columns are code points; a tab is four of them, and
// a character that could play with the terminal is shown escaped.
#include "compiler/diagnostics/render_text.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "compiler/diagnostics/escape.h"

namespace linenc::diagnostics {
namespace {

using source::Place;
using source::SourceFile;
using source::SourceSet;

constexpr std::size_t kLineWidth = 110;  // columns of a source line that are shown
constexpr std::size_t kMessageBytes = 2000;
constexpr std::size_t kTabWidth = 4;

enum class Ink : std::uint8_t { Error, Warning, Note, Fix, Frame, Bold };

class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}

  [[nodiscard]] std::string operator()(Ink ink, std::string_view text) const {
    return colour_ && !text.empty() ? concat("\x1B[", code(ink), 'm', text, "\x1B[0m") : std::string(text);
  }

 private:
  static std::string_view code(Ink ink) {
    switch (ink) {
      case Ink::Error: return "1;31";
      case Ink::Warning: return "1;33";
      case Ink::Note: return "1;36";
      case Ink::Fix: return "1;32";
      case Ink::Frame: return "34";
      case Ink::Bold: return "1";
    }
    return "0";
  }

  bool colour_;
};

// A part of one line, underlined, with words beside it.
struct Underline {
  Span span;
  std::string message;
  char stroke = '^';
  Ink ink = Ink::Error;
};

// A source line as it is printed.
struct PrintedLine {
  std::string text;
  std::vector<std::size_t> columns;         // the printed column of every byte of the line, and of its end
  std::vector<std::size_t> byte_of_column;  // where a printed column begins in `text`, and of its end
};

PrintedLine print_line(std::string_view line) {
  PrintedLine printed;
  const auto put = [&](std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
      const CodePoint point = code_point_at(text, i);
      const std::size_t width = display_width(point.value);
      // Behind the first column of a wide letter the next one begins: it is not cut in two.
      for (std::size_t k = 0; k < width; ++k) printed.byte_of_column.push_back(printed.text.size() + i + (k == 0 ? 0 : point.size));
      i += point.size;
    }
    printed.text += text;
  };
  for (std::size_t i = 0; i < line.size();) {
    const CodePoint point = code_point_at(line, i);
    for (std::size_t k = 0; k < point.size; ++k) printed.columns.push_back(printed.byte_of_column.size());
    if (line[i] == '\t') {
      put(std::string(kTabWidth, ' '));
    } else {
      std::string text;
      append_escaped(text, line, point, i);
      put(text);
    }
    i += point.size;
  }
  printed.columns.push_back(printed.byte_of_column.size());
  printed.byte_of_column.push_back(printed.text.size());
  return printed;
}

// The columns [from, to) of a printed line that are shown.
struct Window {
  std::size_t from = 0;
  std::size_t to = 0;
};

Window window_around(std::size_t begin, std::size_t end, std::size_t width) {
  if (width <= kLineWidth) return {0, width};
  const std::size_t wanted = std::min(end, begin + kLineWidth * 3 / 4);
  const std::size_t spare = kLineWidth - (wanted - begin);
  std::size_t from = begin > spare / 2 ? begin - spare / 2 : 0;
  from = std::min(from, width - kLineWidth);
  return {from, from + kLineWidth};
}

class Picture {
 public:
  Picture(const SourceSet& sources, const Painter& paint, std::size_t gutter) : sources_(sources), paint_(paint), gutter_(gutter) {}

  // Draws underlines of one file, the place of the first one on top.
  void draw(const Span& place, std::vector<Underline> underlines) {
    const SourceFile& file = sources_.file(place.file);
    const Place at = file.place(place.begin);
    out_ += concat(std::string(gutter_, ' '), paint_(Ink::Frame, "--> "), location(file, at), '\n');
    out_ += frame("") + '\n';
    std::stable_sort(underlines.begin(), underlines.end(), [](const Underline& a, const Underline& b) { return a.span.begin < b.span.begin; });
    std::uint32_t previous = 0;
    for (std::size_t i = 0; i < underlines.size();) {
      const std::uint32_t number = file.place(underlines[i].span.begin).line;
      if (previous != 0 && number > previous + 1) out_ += paint_(Ink::Frame, "...") + '\n';
      i = draw_line(file, number, underlines, i);
      previous = number;
    }
  }

  // Draws the underlines from `first` on that are on this line and fit into one window; gives the next one.
  std::size_t draw_line(const SourceFile& file, std::uint32_t number, const std::vector<Underline>& underlines, std::size_t first) {
    const PrintedLine line = print_line(file.line(number));
    const std::size_t width = line.byte_of_column.size() - 1;
    const auto [begin, end] = columns(file, number, line, underlines[first].span);
    const Window window = window_around(begin, end, width);
    const bool cut_front = window.from > 0;
    std::string text = line.text.substr(line.byte_of_column[window.from], line.byte_of_column[window.to] - line.byte_of_column[window.from]);
    if (cut_front) text = "..." + text;
    if (window.to < width) text += "...";
    out_ += frame(std::to_string(number)) + (text.empty() ? "" : " " + text) + '\n';
    std::size_t i = first;
    for (; i < underlines.size() && file.place(underlines[i].span.begin).line == number; ++i) {
      const auto [from, to] = columns(file, number, line, underlines[i].span);
      if (i > first && (from < window.from || from > window.to)) break;
      const std::size_t shown_end = std::max(std::min(to, std::max(window.to, from + 1)), from + 1);
      std::string strokes(shown_end - from, underlines[i].stroke);
      if (!underlines[i].message.empty()) strokes += " " + shortened(escaped(underlines[i].message), kMessageBytes);
      out_ += concat(frame(""), ' ', std::string(from - window.from + (cut_front ? 3 : 0), ' '), paint_(underlines[i].ink, strokes), '\n');
    }
    return i;
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

  static std::string location(const SourceFile& file, const Place& at) {
    std::string path = escaped(file.path());
    // A line of a log that begins with `::` is a command to some CI systems.
    if (path.starts_with(':')) path = "./" + path;
    return concat(path, ':', at.line, ':', at.column);
  }

 private:
  // "14 |", or "   |" without a number.
  [[nodiscard]] std::string frame(const std::string& number) const {
    return paint_(Ink::Frame, concat(std::string(gutter_ - number.size(), ' '), number, " |"));
  }

  struct Columns {
    std::size_t begin, end;
  };
  // The printed columns of a span on the line; what goes on in later lines ends with the line.
  static Columns columns(const SourceFile& file, std::uint32_t number, const PrintedLine& line, const Span& span) {
    const std::uint32_t start = file.line_start(number);
    const std::size_t last = line.columns.size() - 1;
    const std::size_t begin = std::min<std::size_t>(span.begin - start, last);
    const std::size_t end = std::clamp<std::size_t>(span.end > start ? span.end - start : 0, begin, last);
    return {line.columns[begin], line.columns[end]};
  }

  const SourceSet& sources_;
  const Painter& paint_;
  std::size_t gutter_;
  std::string out_;
};

std::string heading(const Diagnostic& diagnostic, const Painter& paint) {
  const bool error = severity(diagnostic.code) == Severity::Error;
  const std::string label = concat(error ? "error[" : "warning[", number(diagnostic.code), ' ', slug(diagnostic.code), ']');
  const std::string message = shortened(escaped(diagnostic.message), kMessageBytes);
  return concat(paint(error ? Ink::Error : Ink::Warning, label), paint(Ink::Bold, concat(": ", message)), '\n');
}

// The digits of the largest line number in the picture.
std::size_t gutter_of(const Diagnostic& diagnostic, const SourceSet& sources) {
  std::uint32_t largest = 1;
  const auto take = [&](const Span& span) {
    if (span.exists()) largest = std::max(largest, sources.file(span.file).place(span.begin).line);
  };
  take(diagnostic.span);
  for (const Mark& mark : diagnostic.marks) take(mark.span);
  for (const Note& note : diagnostic.notes) take(note.span);
  return std::to_string(largest).size();
}

// Marks inside of the problem stand for it; without such, the problem itself is underlined.
std::vector<Underline> underlines_of(const Diagnostic& diagnostic) {
  const Ink ink = severity(diagnostic.code) == Severity::Error ? Ink::Error : Ink::Warning;
  std::vector<Underline> underlines;
  bool stands_for_it = false;
  for (const Mark& mark : diagnostic.marks) {
    if (mark.span.file != diagnostic.span.file) continue;
    underlines.push_back({mark.span, mark.message, '^', ink});
    stands_for_it |= diagnostic.span.contains(mark.span);
  }
  if (!stands_for_it) underlines.insert(underlines.begin(), {diagnostic.span, "", '^', ink});
  return underlines;
}

// What is said of another file than that of the problem.
std::vector<Note> second_places(const Diagnostic& diagnostic) {
  std::vector<Note> notes;
  for (const Mark& mark : diagnostic.marks) {
    if (mark.span.file != diagnostic.span.file || !mark.span.exists()) notes.push_back({mark.span, mark.message});
  }
  notes.insert(notes.end(), diagnostic.notes.begin(), diagnostic.notes.end());
  return notes;
}

std::string render(const Diagnostic& diagnostic, const SourceSet& sources, const Painter& paint) {
  std::string out = heading(diagnostic, paint);
  const std::size_t gutter = gutter_of(diagnostic, sources);
  if (diagnostic.span.exists()) {
    Picture picture(sources, paint, gutter);
    picture.draw(diagnostic.span, underlines_of(diagnostic));
    out += picture.take();
  }
  if (!diagnostic.module.empty()) out += concat(paint(Ink::Note, "module"), ": `", shown(diagnostic.module), "`\n");
  for (const Note& note : second_places(diagnostic)) {
    out += concat(paint(Ink::Note, "note"), ": ", shortened(escaped(note.message), kMessageBytes), '\n');
    if (!note.span.exists()) continue;
    Picture picture(sources, paint, gutter);
    picture.draw(note.span, {{note.span, "", '-', Ink::Note}});
    out += picture.take();
  }
  for (const Fix& fix : diagnostic.fixes) {
    out += concat(paint(Ink::Fix, fix.safe ? "fix" : "possible fix"), ": ", shortened(escaped(fix.title), kMessageBytes), '\n');
  }
  out += concat("see: linenc explain ", number(diagnostic.code), '\n');
  return out;
}

}  // namespace

std::string render_full(const Diagnostic& diagnostic, const SourceSet& sources, const TextStyle& style) {
  return render(diagnostic, sources, Painter(style.colour));
}

std::string render_concise(const Diagnostic& diagnostic, const SourceSet& sources) {
  const std::string_view kind = severity(diagnostic.code) == Severity::Error ? "error" : "warning";
  std::string out;
  if (diagnostic.span.exists()) {
    const SourceFile& file = sources.file(diagnostic.span.file);
    out = Picture::location(file, file.place(diagnostic.span.begin)) + ": ";
  }
  return concat(out, kind, '[', number(diagnostic.code), "]: ", shortened(escaped(diagnostic.message), kMessageBytes));
}

std::string render_full(const Diagnostics& diagnostics, const SourceSet& sources, const TextStyle& style) {
  constexpr std::size_t kLastLine = 100;  // bytes kept for the line that says how many are left out
  const std::vector<Diagnostic> all = diagnostics.sorted();
  std::string out;
  std::size_t count = 0;
  for (; count < all.size(); ++count) {
    if (style.max_errors != 0 && count == style.max_errors) break;
    std::string picture = (count == 0 ? "" : "\n") + render_full(all[count], sources, style);
    if (style.max_bytes != 0 && out.size() + picture.size() + kLastLine > style.max_bytes) {
      if (count > 0) break;
      picture = shortened(picture, style.max_bytes > kLastLine ? style.max_bytes - kLastLine : 0) + '\n';
    }
    out += picture;
  }
  if (count < all.size()) {
    out += concat("\n... and ", all.size() - count, all.size() - count == 1 ? " more problem" : " more problems",
                  ", not shown (`linenc check --max-errors 0` shows all)\n");
  }
  return out;
}

}  // namespace linenc::diagnostics
