// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "cli/wait_graph.h"
#include "cli/wait_graph_layout.h"

namespace snag::cli {
namespace {

constexpr double margin = 32, line_height = 18, title_height = 44;

constexpr std::string_view style = R"(<style>
svg { color-scheme: light dark; font: 13px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.ground { fill: #ffffff; } .words { fill: #1f2328; } .quiet { fill: #59636e; } .title { font-weight: bold; font-size: 15px; }
.actor { fill: #ddf4ff; stroke: #0969da; stroke-width: 1.5; } .object { fill: #fff8c5; stroke: #9a6700; stroke-width: 1.5; }
.behind { stroke-dasharray: 2 4; } .waits { stroke: #cf222e; } .held { stroke: #57606a; stroke-dasharray: 6 4; }
.edge { fill: none; stroke-width: 1.6; } .tip-waits { fill: #cf222e; } .tip-held { fill: #57606a; }
.halo { fill: #1f2328; stroke: #ffffff; stroke-width: 5; paint-order: stroke; font-size: 12px; }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117; } .words { fill: #e6edf3; } .quiet { fill: #9198a1; }
.actor { fill: #0c2d6b; stroke: #58a6ff; } .object { fill: #3b2300; stroke: #d29922; }
.waits { stroke: #ff7b72; } .held { stroke: #8b949e; } .tip-waits { fill: #ff7b72; } .tip-held { fill: #8b949e; }
.halo { fill: #e6edf3; stroke: #0d1117; } }
</style>
<defs>
<marker id="waits" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" orient="auto"><path class="tip-waits" d="M0 0 10 5 0 10z"/></marker>
<marker id="held" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" orient="auto"><path class="tip-held" d="M0 0 10 5 0 10z"/></marker>
</defs>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

// Of a monospaced font of 13 pixels. (Letters beyond ASCII: one for each that begins.)
double width_of(std::string_view text) {
  const auto letters = std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; });
  return 7.9 * static_cast<double>(letters);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> out;
  while (text.size() > width) {
    auto cut = text.rfind(' ', width);
    if (cut == text.npos || cut == 0) cut = text.find(' ', width);
    if (cut == text.npos) break;
    out.emplace_back(text.substr(0, cut));
    text.remove_prefix(cut + 1);
  }
  if (!text.empty()) out.emplace_back(text);
  return out;
}

struct words {
  std::vector<std::string> lines;
  std::size_t notes = 0;  // the last so many lines are quiet
};
words words_of(const wait_graph::node& n) {
  words out{n.lines, 0};
  for (std::string& line : wrapped(n.note, 40)) out.lines.push_back(std::move(line)), ++out.notes;
  return out;
}

box size_of(const words& w) {
  double width = 0;
  for (const std::string& line : w.lines) width = std::max(width, width_of(line));
  return {0, 0, width + 28, line_height * static_cast<double>(w.lines.size()) + 16};
}

void draw_node(std::string& out, const wait_graph::node& n, const words& w, const box& b) {
  const double left = b.x - b.width / 2, top = b.y - b.height / 2;
  out += fmt::format(
      "<rect class=\"{}{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"{}\"/>\n",
      n.is_actor ? "actor" : "object", n.behind ? " behind" : "", left, top, b.width, b.height,
      n.is_actor ? 8 : 20);
  for (std::size_t i = 0; i < w.lines.size(); ++i)
    out += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                       i + w.notes >= w.lines.size() || i > 0 ? "quiet" : "words", b.x,
                       top + 8 + line_height * (static_cast<double>(i) + 0.75), escaped(w.lines[i]));
}

struct point {
  double x, y;
};

// Where the line from the box's centre towards `to` leaves it.
point border(const box& b, point to) {
  const double dx = to.x - b.x, dy = to.y - b.y;
  const double across = dx == 0 ? 1e9 : (b.width / 2 + 3) / std::abs(dx);
  const double down = dy == 0 ? 1e9 : (b.height / 2 + 3) / std::abs(dy);
  const double part = std::min({across, down, 1.0});
  return {b.x + dx * part, b.y + dy * part};
}

void draw_edge(std::string& line, std::string& label, const wait_graph::edge& e, const box& from,
               const box& to) {
  // Bent to its left, so that two between the same nodes stand apart.
  const double dx = to.x - from.x, dy = to.y - from.y, length = std::max(1.0, std::hypot(dx, dy));
  const double bend = std::min(24.0, length / 8);
  const point middle{(from.x + to.x) / 2 + dy / length * bend, (from.y + to.y) / 2 - dx / length * bend};
  const point a = border(from, middle), b = border(to, middle);
  line += fmt::format(
      "<path class=\"edge {0}\" marker-end=\"url(#{0})\" d=\"M{1:.1f} {2:.1f}Q{3:.1f} {4:.1f} {5:.1f} "
      "{6:.1f}\"/>\n",
      e.waits ? "waits" : "held", a.x, a.y, middle.x, middle.y, b.x, b.y);
  label += fmt::format("<text class=\"halo\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                       (a.x + 2 * middle.x + b.x) / 4, (a.y + 2 * middle.y + b.y) / 4 + 4, escaped(e.label));
}

struct picture {
  std::string body;
  double width = 0, height = 0;
};

picture draw(const wait_graph& g) {
  std::vector<words> texts;
  std::vector<box> sizes;
  for (const wait_graph::node& n : g.nodes) {
    texts.push_back(words_of(n));
    sizes.push_back(size_of(texts.back()));
  }
  const layout l = place_nodes(g, sizes);
  const std::vector<std::string> remedy =
      g.remedy.empty() ? std::vector<std::string>() : wrapped("They would go on if " + g.remedy + ".", 100);
  double words_width = width_of(g.title) * 1.2;
  for (const std::string& line : remedy) words_width = std::max(words_width, width_of(line));
  picture p;
  p.width = std::max(l.width, words_width) + 2 * margin;
  p.height = title_height + l.height + 2 * margin + line_height * static_cast<double>(remedy.size());
  p.body += fmt::format("<g role=\"group\"><title>{}</title>\n", escaped(g.title));
  p.body += fmt::format("<text class=\"words title\" x=\"{}\" y=\"{}\">{}</text>\n", margin, margin,
                        escaped(g.title));
  const double shift = (p.width - l.width) / 2;
  p.body += fmt::format("<g transform=\"translate({:.1f} {:.1f})\">\n", shift, title_height + margin / 2);
  std::string lines, labels;
  for (const wait_graph::edge& e : g.edges) draw_edge(lines, labels, e, l.nodes[e.from], l.nodes[e.to]);
  p.body += lines;
  for (std::size_t n = 0; n < g.nodes.size(); ++n) draw_node(p.body, g.nodes[n], texts[n], l.nodes[n]);
  p.body += labels + "</g>\n";
  for (std::size_t i = 0; i < remedy.size(); ++i)
    p.body += fmt::format("<text class=\"quiet\" x=\"{}\" y=\"{:.1f}\">{}</text>\n", margin,
                          title_height + l.height + margin + line_height * (static_cast<double>(i) + 1),
                          escaped(remedy[i]));
  p.body += "</g>\n";
  return p;
}

}  // namespace

std::string draw_svg(std::span<const wait_graph> graphs) {
  std::string body;
  double width = 0, height = 0;
  for (const wait_graph& g : graphs) {
    const picture p = draw(g);
    body += fmt::format("<g transform=\"translate(0 {:.1f})\">\n{}</g>\n", height, p.body);
    width = std::max(width, p.width);
    height += p.height;
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} "
      "{1:.0f}\" "
      "role=\"img\">\n<title>Who waits for whom</title>\n{2}<rect class=\"ground\" width=\"100%\" "
      "height=\"100%\"/>\n{3}</svg>\n",
      width, height, style, body);
}

}  // namespace snag::cli
