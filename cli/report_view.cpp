// SPDX-License-Identifier: Apache-2.0
#include "cli/report_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "detector/render_text.h"

namespace snag::cli {
namespace {

int order_of(const std::string& word, std::initializer_list<const char*> words) {
  const auto at = std::find(words.begin(), words.end(), word);
  return static_cast<int>(at - words.begin());
}

auto key(const kept_finding& f) {
  return std::tuple(order_of(f.certainty, {"proved", "predicted"}),
                    order_of(f.kind, {"race", "deadlock", "misuse", "leak"}), std::tie(f.place.file),
                    f.place.line, std::tie(f.fingerprint));
}

}  // namespace

std::vector<const kept_finding*> in_order(const report& r) {
  std::vector<const kept_finding*> out;
  out.reserve(r.findings.size());
  for (const auto& [fingerprint, f] : r.findings) out.push_back(&f);
  std::sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return key(*a) < key(*b); });
  return out;
}

std::size_t report_view::count(standing s) const {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [&](const auto& f) { return f.stands == s; }));
}

std::string report_view::shortened(std::string_view path) const {
  if (!prefix.empty() && path.starts_with(prefix)) path.remove_prefix(prefix.size());
  return std::string(path);
}

std::string report_view::words(std::string_view sentence) const {
  std::string out;
  while (prefix.size() > 1) {
    const auto at = sentence.find(prefix);
    if (at == sentence.npos) break;
    out += sentence.substr(0, at);
    // A path begins there: nothing that could be a part of it stands before.
    if (at != 0 && std::string_view(" \n\t(\"'<").find(sentence[at - 1]) == sentence.npos) out += prefix;
    sentence.remove_prefix(at + prefix.size());
  }
  return out += sentence;
}

std::string_view view_of(const detector::string& s) { return {s.data(), s.size()}; }

std::string place_text(const report_view& v, const source_place& p) {
  if (p.file.empty()) return "";
  return p.line == 0 ? v.shortened(p.file) : fmt::format("{}:{}", v.shortened(p.file), p.line);
}

std::string title_of(const kept_finding& f) {
  const std::string what = f.kind == "race"             ? "data race"
                           : f.rule == "use-after-free" ? "use after free"
                                                        : f.kind;
  return f.certainty == "proved" ? what : fmt::format("possible {}", what);
}

std::string seen_in(const kept_finding& f) {
  std::string out = f.count == 1 ? "seen once" : fmt::format("seen {} times", f.count);
  if (!f.tests.empty())
    out +=
        fmt::format(", in {} {}", f.tests.size() == 1 ? "the test" : "the tests", fmt::join(f.tests, ", "));
  if (!f.seeds.empty()) out += fmt::format("; seed {} repeats it", *f.seeds.begin());
  return out;
}

std::string plain_text(const report_view& v, const shown_finding& s) {
  return v.words(view_of(detector::render_text(details(*s.finding))));
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
          out += "\xef\xbf\xbd";
        else
          out += c;
    }
  }
  return out;
}

}  // namespace snag::cli
