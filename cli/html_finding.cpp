// SPDX-License-Identifier: Apache-2.0
#include "cli/html_finding.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/order_svg.h"
#include "cli/rules.h"
#include "cli/wait_graph.h"
#include "detector/render_names.h"
#include "detector/render_words.h"

namespace snag::cli {
namespace {

using detector::source_frame;
using stack = detector::vector<source_frame>;

std::string html(const detector::string& text) { return xml_escaped(view_of(text)); }
std::string html(const report_view& v, const detector::string& sentence) {
  return xml_escaped(v.words(view_of(sentence)));
}

constexpr std::uint32_t lines_around = 2;

// The line with its neighbours, if the file can be read; else what the finding says of it.
std::string source(const report_view& v, const source_frame& f) {
  std::string rows, line;
  const std::uint32_t first = f.line > lines_around ? f.line - lines_around : 1;
  if (f.line != 0 && v.source && v.source(std::string(view_of(f.file)), f.line, line))
    for (std::uint32_t n = first; n <= f.line + lines_around; ++n)
      if (v.source(std::string(view_of(f.file)), n, line))
        rows += fmt::format("<span{}><i>{}</i>{}</span>", n == f.line ? " class=\"hit\"" : "", n,
                            xml_escaped(line));
  if (rows.empty() && !f.call.empty())
    rows = fmt::format("<span class=\"hit\"><i>{}</i>{}</span>",
                       f.line == 0 ? std::string() : std::to_string(f.line), html(f.call));
  return rows.empty() ? "" : "<div class=\"source\">" + rows + "</div>";
}

// Frames that are not the user's are there, and hidden until asked for.
std::string html_stack(const report_view& v, const stack& frames, bool folded) {
  const bool any =
      std::any_of(frames.begin(), frames.end(), [](const auto& f) { return !f.runtime && !f.library; });
  std::string out = "<ol class=\"stack\">\n";
  for (const source_frame& f : frames) {
    const bool theirs = any && (f.runtime || f.library);
    const std::string place = place_text(v, {std::string(view_of(f.file)), f.line, f.column});
    out += fmt::format("<li{}><code>{}</code> <span class=\"quiet mono\">{}</span>{}</li>\n",
                       theirs ? " class=\"library\"" : "",
                       f.function.empty() ? "??" : html(detector::displayed_function(f.function)),
                       xml_escaped(place), theirs ? "" : source(v, f));
  }
  if (frames.empty()) out += "<li class=\"quiet\">in code that was not compiled with the Snag plugin</li>\n";
  out += "</ol>\n";
  return folded ? out + "<p class=\"quiet\">rounds of recursion left out</p>\n" : out;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string side(const report_view& v, const std::string& title, const stack& frames, bool folded,
                 const std::string& more = "") {
  return fmt::format("<section class=\"side\"><h3>{}</h3>\n{}{}</section>\n", xml_escaped(title),
                     html_stack(v, frames, folded), more);
}

std::string locks(const detector::access_description& a) {
  std::string out;
  for (const auto& l : a.locks) {
    const source_frame* const at = detector::user_frame(l.taken_at);
    out += fmt::format("{}{} {}{}", out.empty() ? "" : ", ", view_of(l.kind), view_of(l.name),
                       at == nullptr ? "" : fmt::format(" (taken at line {})", at->line));
  }
  return "<p class=\"quiet\">Locks held: " + (out.empty() ? "none" : xml_escaped(out)) + "</p>\n";
}

std::string sides(const report_view& v, const finding& f) {
  std::string out = "<div class=\"sides\">\n";
  for (std::size_t i = 0; i < f.accesses.size(); ++i) {
    const auto& a = f.accesses[i];
    const std::string words = fmt::format("{}{} by {}", i == 0 ? "" : "previous ", view_of(a.operation),
                                          view_of(detector::actor_word(f, a.actor)));
    out += side(v, capitalised(words), a.stack, a.recursion_folded, locks(a));
  }
  for (const auto& w : f.waits) {
    std::string what;
    for (const auto& t : w.targets)
      what += fmt::format("<p>{} {}: {}</p>\n", html(t.kind), html(t.name), html(v, t.reason));
    out += side(v, capitalised(fmt::format("{} waits", view_of(detector::actor_word(f, w.actor)))), w.stack,
                w.recursion_folded, what);
  }
  for (const auto& a : f.actors)
    if (a.id != 1 && !a.created_at.empty())
      out += side(v,
                  capitalised(fmt::format("{}{} created at", view_of(detector::actor_word(f, a.id)),
                                          a.name.empty() ? "" : fmt::format(" \"{}\"", view_of(a.name)))),
                  a.created_at, a.recursion_folded);
  if (!f.memory.allocated_at.empty())
    out += side(v, "The memory was allocated at", f.memory.allocated_at, false);
  return out + "</div>\n";
}

std::string pictures(const report_view& v, const kept_finding& kept, const finding& f) {
  std::string out;
  if (const order_picture order = draw_order(f); !order.svg.empty()) {
    out +=
        "<h3>What orders the two sides</h3>\n<div class=\"picture\" tabindex=\"0\" role=\"group\" "
        "aria-label=\"Timeline\">" +
        order.svg + "</div>\n<ul class=\"quiet\">\n";
    for (const std::string& e : order.edges) out += "<li>" + xml_escaped(v.words(e)) + "</li>\n";
    out += "</ul>\n";
  }
  if (!f.waits.empty()) {
    const std::vector<wait_graph> graphs = read_wait_graphs(
        fmt::format(R"({{"schema":"snag-findings/7","findings":[{}]}})", json_text(kept)), kept.fingerprint);
    if (!graphs.empty())
      out +=
          "<h3>Who waits for whom</h3>\n<div class=\"picture\" tabindex=\"0\" role=\"group\" "
          "aria-label=\"Wait-for graph\">" +
          draw_svg(graphs) + "</div>\n";
  }
  return out;
}

std::string variable(const report_view& v, const finding& f) {
  std::string out;
  for (const auto& a : f.accesses) {
    const auto& name = !a.object.empty() ? a.object : a.variable;
    if (name.empty()) continue;
    const auto& type = !a.object.empty() ? a.object_type : a.type;
    const auto& declared = !a.object.empty() ? a.object_declaration : a.declaration;
    out += fmt::format("<dt>Variable</dt><dd><code>{}</code>{}{}{}</dd>\n", html(name),
                       type.empty() ? "" : " (" + html(type) + ")",
                       declared.empty() ? "" : ", declared at " + html(v, declared),
                       a.capture.empty() ? "" : ", captured " + html(v, a.capture));
    break;
  }
  return out;
}

std::string facts(const report_view& v, const shown_finding& s, const finding& f) {
  const kept_finding& kept = *s.finding;
  std::string out = "<dl>\n" + variable(v, f);
  out += fmt::format("<dt>Seen</dt><dd>{}</dd>\n", xml_escaped(seen_in(kept)));
  out += fmt::format("<dt>Rule</dt><dd>{} <span class=\"quiet\">(snag explain {})</span></dd>\n",
                     xml_escaped(kept.rule), xml_escaped(kept.rule));
  out += fmt::format("<dt>Certainty</dt><dd>{}</dd>\n", xml_escaped(kept.certainty));
  if (s.stands == standing::known)
    out += fmt::format("<dt>Baseline</dt><dd>{}{}</dd>\n", xml_escaped(s.reason),
                       s.owner.empty() ? "" : xml_escaped(" (" + s.owner + ")"));
  return out + fmt::format("<dt>Fingerprint</dt><dd class=\"mono\">{}</dd>\n</dl>\n", kept.fingerprint);
}

std::string mending(const std::string& name) {
  for (const rule& r : rules())
    if (r.name == name)
      return fmt::format(
          "<details><summary>What it means, and what to do</summary><p>{}</p><p>{}</p></details>\n",
          xml_escaped(r.meaning), xml_escaped(r.mending));
  return "";
}

}  // namespace

std::string html_finding(const report_view& v, const shown_finding& s) {
  const finding f = details(*s.finding);
  std::string out = "<div class=\"body\">\n";
  if (!f.missing_edge.empty())
    out += fmt::format("<p class=\"missing\"><b>Missing edge:</b> {}</p>\n", html(v, f.missing_edge));
  if (!f.remedy.empty())
    out += fmt::format("<p class=\"missing\">They would go on if {}.</p>\n", html(v, f.remedy));
  for (const auto& h : f.hints)
    out += fmt::format("<p class=\"hint\"><b>{}:</b> {}</p>\n", html(h.rule), html(v, h.text));
  out += sides(v, f) +
         "<button type=\"button\" class=\"frames\" aria-pressed=\"false\">Frames of libraries</button>\n";
  out += pictures(v, *s.finding, f) + "<h3>Facts</h3>\n" + facts(v, s, f) + mending(s.finding->rule);
  out += fmt::format("<details><summary>As text</summary><pre class=\"text\">{}</pre></details>\n</div>\n",
                     xml_escaped(plain_text(v, s)));
  return out;
}

std::string searchable(const kept_finding& kept) {
  const finding f = details(kept);
  std::string out;
  const auto add = [&](const stack& frames) {
    for (const source_frame& frame : frames)
      if (!frame.library && !frame.runtime)
        out += fmt::format("{} {} ", view_of(frame.function), view_of(frame.file));
  };
  for (const auto& a : f.accesses) {
    add(a.stack);
    out += fmt::format("{} {} ", view_of(a.variable), view_of(a.object));
  }
  for (const auto& w : f.waits) add(w.stack);
  return out;
}

}  // namespace snag::cli
