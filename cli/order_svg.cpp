// SPDX-License-Identifier: Apache-2.0
#include "cli/order_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "cli/report_view.h"
#include "detector/render_words.h"

namespace snag::cli {
namespace {

using detector::finding;
using detector::source_frame;
using detector::start_description;

constexpr int lane_width = 270, row_height = 54, top = 58, left = 26;
constexpr std::size_t letters = 30;  // of a label; the whole text is its tooltip

struct event {
  std::size_t lane = 0;
  int row = 0;
  const char* look = "";  // "go", "start", "release", "access"
  std::string words, place;
};
struct edge {
  std::size_t from = 0, to = 0;  // events
  bool missing = false;
};

std::string place_of(const detector::vector<source_frame>& stack) {
  const source_frame* const at = detector::user_frame(stack);
  if (at == nullptr || at->file.empty()) return "";
  return fmt::format("{}:{}", std::filesystem::path(std::string(view_of(at->file))).filename().string(),
                     at->line);
}

std::string call_of(const detector::vector<source_frame>& stack) {
  const source_frame* const at = detector::user_frame(stack);
  return at == nullptr ? "" : std::string(view_of(at->call));
}

std::string shortened(const std::string& text) {
  std::size_t bytes = 0, count = 0;
  while (bytes < text.size() && count < letters) {
    do ++bytes;
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80);
    ++count;
  }
  return bytes == text.size() ? text : text.substr(0, bytes) + "…";
}

class picture {
 public:
  explicit picture(const finding& f) : f_(f) {
    // Of those who started nobody in the picture but a chain that both share, only the last is shown.
    const auto later = line_of(f.accesses[0].actor), earlier = line_of(f.accesses[1].actor);
    for (std::uint64_t id : earlier)
      if (std::find(later.begin(), later.end(), id) != later.end()) {
        common_ = id;
        break;
      }
    add_lanes(earlier);
    add_lanes(later);
    for (const std::uint64_t id : lanes_) add_start(id);
    add_sides();
  }

  order_picture take() {
    order_picture out;
    const int width = 2 * left + static_cast<int>(lanes_.size()) * lane_width,
              height = top + row_ * row_height + 10;
    out.svg = fmt::format(
        "<svg class=\"order\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
        "aria-label=\"What orders the two "
        "accesses, and what does not\">\n",
        width, height);
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
      out.svg += fmt::format(
          "<text class=\"o-head\" x=\"{0}\" y=\"24\">{2}</text><line class=\"o-lane\" x1=\"{0}\" y1=\"36\" "
          "x2=\"{0}\" y2=\"{1}\"/>\n",
          x(lane), height - 8, xml_escaped(shortened(words_of(lanes_[lane]))));
    for (const edge& e : edges_) draw(out.svg, e);
    for (const event& e : events_) draw(out.svg, e);
    out.svg += "</svg>";
    out.edges = std::move(told_);
    return out;
  }

 private:
  const start_description* start(std::uint64_t id) const {
    for (const start_description& s : f_.starts)
      if (s.actor == id) return &s;
    return nullptr;
  }

  // Itself, who started it, and so on, as far as is known.
  std::vector<std::uint64_t> line_of(std::uint64_t id) const {
    std::vector<std::uint64_t> out;
    while (id != 0 && std::find(out.begin(), out.end(), id) == out.end()) {
      out.push_back(id);
      const start_description* const s = start(id);
      id = s == nullptr ? 0 : s->parent;
    }
    return out;
  }

  // From the ancestor that both have down to the side itself.
  void add_lanes(const std::vector<std::uint64_t>& line) {
    const auto end = common_ ? std::find(line.begin(), line.end(), *common_) + 1 : line.end();
    for (auto at = end; at != line.begin();)
      if (const std::uint64_t id = *--at; std::find(lanes_.begin(), lanes_.end(), id) == lanes_.end())
        lanes_.push_back(id);
  }

  std::size_t lane(std::uint64_t id) const {
    return static_cast<std::size_t>(std::find(lanes_.begin(), lanes_.end(), id) - lanes_.begin());
  }

  std::string words_of(std::uint64_t id) const {
    std::string out = id == 0   ? "an unknown goroutine"
                      : id == 1 ? "main goroutine"
                                : fmt::format("goroutine {}", id);
    if (const start_description* const s = start(id); s != nullptr) {
      if (id != 1) out = fmt::format("{} {}", view_of(s->kind), id);
      if (!s->name.empty()) out += fmt::format(" \"{}\"", view_of(s->name));
    }
    return out;
  }

  std::size_t add(std::size_t lane, const char* look, std::string words, std::string place) {
    events_.push_back({lane, row_++, look, std::move(words), std::move(place)});
    return events_.size() - 1;
  }

  static std::string at(const std::string& place) { return place.empty() ? "" : " at " + place; }

  // Parents stand before their children, so each go statement is above what it started.
  void add_start(std::uint64_t id) {
    const start_description* const s = start(id);
    if (s == nullptr || id == common_ || s->parent == 0 || lane(s->parent) == lanes_.size()) return;
    const std::string call = call_of(s->at), place = place_of(s->at);
    const std::size_t go = add(lane(s->parent), "go", call.empty() ? "starts it" : call, place);
    const std::size_t begins = add(lane(id), "start", "starts", "");
    edges_.push_back({go, begins, false});
    told_.push_back(
        fmt::format("exists: {} is started by {}{}", words_of(id), words_of(s->parent), at(place)));
  }

  std::string access_words(const detector::access_description& a) const {
    std::string out = fmt::format("{} of {}", view_of(a.operation),
                                  view_of(!a.object.empty()     ? a.object
                                          : !a.variable.empty() ? a.variable
                                                                : a.expression));
    for (const auto& l : a.locks)
      out += fmt::format(", holding {}", l.name.empty() ? view_of(l.kind) : view_of(l.name));
    return out;
  }

  void add_sides() {
    const auto &later = f_.accesses[0], &earlier = f_.accesses[1];
    if (lane(earlier.actor) == lanes_.size()) lanes_.push_back(earlier.actor);
    if (lane(later.actor) == lanes_.size()) lanes_.push_back(later.actor);
    const std::string released = place_of(earlier.last_release);
    std::optional<std::size_t> release;
    // A go statement is a release, too: it may be the last one.
    for (std::size_t i = 0; i < events_.size(); ++i)
      if (!earlier.last_release.empty() && events_[i].lane == lane(earlier.actor) &&
          std::string_view(events_[i].look) == "go" && events_[i].place == released)
        release = i;
    const bool is_go = release.has_value();
    if (!release && !earlier.last_release.empty())
      release =
          add(lane(earlier.actor), "release", "last release: " + call_of(earlier.last_release), released);
    const std::size_t first =
        add(lane(earlier.actor), "access", access_words(earlier), place_of(earlier.stack));
    row_ += 1;  // room for what is missing
    const std::size_t second = add(lane(later.actor), "access", access_words(later), place_of(later.stack));
    if (release && f_.release_met && !is_go) {
      edges_.push_back({*release, second, false});
      told_.push_back(fmt::format("exists: {} released{}, which {} knows of", words_of(earlier.actor),
                                  at(released), words_of(later.actor)));
    }
    edges_.push_back({first, second, true});
    told_.push_back(fmt::format("missing: {}", view_of(f_.missing_edge)));
  }

  static int x(std::size_t lane) { return left + static_cast<int>(lane) * lane_width; }
  static int y(int row) { return top + row * row_height; }

  // Down from where it begins, across below the labels of that row, down to where it ends.
  void draw(std::string& out, const edge& e) const {
    const event &from = events_[e.from], &to = events_[e.to];
    const int x1 = x(from.lane), y1 = y(from.row), x2 = x(to.lane), y2 = y(to.row),
              across = y1 + row_height / 2 + 2;
    const char* const look = e.missing ? "o-missing" : "o-exists";
    out += fmt::format(
        "<path class=\"{0} o-edge\" d=\"M{1} {2} V{3} H{4} V{5}\"/>\n<path class=\"{0}-tip\" d=\"M{4} {6} "
        "l-5 -9 h10 z\"/>\n",
        look, x1, y1 + 8, across, x2, y2 - 14, y2 - 8);
    if (!e.missing) return;
    const int mx = (x1 + x2) / 2;
    out += fmt::format(
        "<path class=\"o-missing o-cross\" d=\"M{0} {1} l12 12 m0 -12 l-12 12\"/><text "
        "class=\"o-missing-words\" x=\"{2}\" y=\"{3}\">nothing orders these</text>\n",
        mx - 6, across - 6, std::min(x1, x2) + 14, across + 20);
  }

  void draw(std::string& out, const event& e) const {
    const int ex = x(e.lane), ey = y(e.row);
    out += fmt::format("<g class=\"o-event o-{}\"><title>{}{}</title>", e.look, xml_escaped(e.words),
                       xml_escaped(at(e.place)));
    if (std::string_view(e.look) == "access")
      out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"16\" height=\"16\" rx=\"3\"/>", ex - 8, ey - 8);
    else
      out += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"6\"/>", ex, ey);
    out += fmt::format("<text class=\"o-words\" x=\"{}\" y=\"{}\">{}</text>", ex + 14, ey - 1,
                       xml_escaped(shortened(e.words)));
    if (!e.place.empty())
      out += fmt::format("<text class=\"o-place\" x=\"{}\" y=\"{}\">{}</text>", ex + 14, ey + 14,
                         xml_escaped(shortened(e.place)));
    out += "</g>\n";
  }

  const finding& f_;
  std::optional<std::uint64_t> common_;
  std::vector<std::uint64_t> lanes_;
  std::vector<event> events_;
  std::vector<edge> edges_;
  std::vector<std::string> told_;
  int row_ = 0;
};

}  // namespace

order_picture draw_order(const finding& f) {
  if (f.accesses.size() != 2 || f.missing_edge.empty()) return {};
  return picture(f).take();
}

}  // namespace snag::cli
