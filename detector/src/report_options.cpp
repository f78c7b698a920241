// SPDX-License-Identifier: Apache-2.0
#include "detector/src/report_options.h"

#include <algorithm>
#include <charconv>

#include "detector/src/text.h"

namespace snag::detector {
namespace {

bool parse_number(std::string_view text, std::uint64_t limit, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty() && out <= limit;
}

bool parse_switch(std::string_view text, bool& out) {
  if (text == "1" || text == "true" || text == "yes" || text == "on") return out = true, true;
  if (text == "0" || text == "false" || text == "no" || text == "off") return out = false, true;
  return false;
}

string mistake(std::string_view key, std::string_view value, std::string_view expected) {
  string message;
  append(message, "SNAG_OPTIONS: ", key, "=", value, ": expected ", expected);
  return message;
}

struct gate_word {
  std::string_view word;
  std::uint32_t bits;
};
constexpr std::uint32_t bit(finding_kind k) { return 1u << static_cast<unsigned>(k); }
constexpr std::uint32_t unseen_bit = 1u << 31, predicted_bit = 1u << 30, suspected_bit = 1u << 29;
constexpr gate_word gate_words[] = {
    {"race", bit(finding_kind::race)},
    {"deadlock", bit(finding_kind::deadlock)},
    {"leak", bit(finding_kind::leak)},
    {"misuse", bit(finding_kind::misuse)},
    {"none", 0},
    {"predicted", predicted_bit},
    {"suspected", suspected_bit},
    {"unseen", unseen_bit},
};

bool parse_gates(std::string_view list, std::uint32_t& out) {
  out = 0;
  if (list != "none" &&
      (list.starts_with("none,") || list.ends_with(",none") || list.find(",none,") != list.npos))
    return false;
  while (true) {
    const auto comma = list.find(',');
    const std::string_view word = list.substr(0, comma);
    const gate_word* match = nullptr;
    for (const gate_word& g : gate_words)
      if (g.word == word) match = &g;
    if (!match) return false;
    out |= match->bits;
    if (comma == std::string_view::npos) return true;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

string parse_report_options(option_finder find, report_options& out) {
  std::uint64_t n = 0;
  if (auto v = find("report_format")) {
    if (*v == "text")
      out.format = report_format::text;
    else if (*v == "json")
      out.format = report_format::json;
    else if (*v == "tsan")
      out.format = report_format::tsan;
    else
      return mistake("report_format", *v, "text, json or tsan");
  }
  if (auto v = find("exitcode")) {
    if (!parse_number(*v, 255, n)) return mistake("exitcode", *v, "a number from 0 to 255");
    out.exit_code = static_cast<int>(n);
  }
  if (auto v = find("halt_on_error"); v && !parse_switch(*v, out.halt_on_error))
    return mistake("halt_on_error", *v, "0 or 1");
  if (auto v = find("max_reports")) {
    if (!parse_number(*v, ~std::uint64_t{0}, n)) return mistake("max_reports", *v, "a number; 0: no limit");
    out.max_reports = n;
  }
  if (auto v = find("fail_on"); v && !parse_gates(*v, out.fail_on))
    return mistake("fail_on", *v,
                   "a comma-separated list of race, deadlock, leak, misuse, predicted, suspected, "
                   "unseen; or none alone");
  out.fail_on_unseen = (out.fail_on & unseen_bit) != 0;
  out.fail_on_predicted = (out.fail_on & predicted_bit) != 0;
  out.fail_on_suspected = (out.fail_on & suspected_bit) != 0;
  out.fail_on &= ~(unseen_bit | predicted_bit | suspected_bit);
  if (auto v = find("audit")) {
    constexpr std::pair<std::string_view, audit_wish> words[] = {{"auto", audit_wish::automatic},
                                                                 {"0", audit_wish::never},
                                                                 {"1", audit_wish::line},
                                                                 {"full", audit_wish::full}};
    const auto* const word =
        std::find_if(std::begin(words), std::end(words), [&](const auto& w) { return w.first == *v; });
    if (word == std::end(words)) return mistake("audit", *v, "auto, 0, 1 or full");
    out.audit = word->second;
  }
  if (auto v = find("log_path")) {
    if (v->empty()) return mistake("log_path", *v, "a file name");
    out.log_path.assign(v->data(), v->size());
  }
  if (auto v = find("strip_path_prefix")) out.strip_path_prefix.assign(v->data(), v->size());
  if (auto v = find("suppressions")) {
    if (v->empty()) return mistake("suppressions", *v, "a file name");
    out.suppressions.assign(v->data(), v->size());
  }
  return {};
}

}  // namespace snag::detector
