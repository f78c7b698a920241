// SPDX-License-Identifier: Apache-2.0
// GitLab's code quality report: a list of issues, one a finding. Duplicates by fingerprint are dropped there;
// there are none here.
#include <nlohmann/json.hpp>

#include <ostream>

#include "cli/report_view.h"

namespace snag::cli {

void render_gitlab(std::ostream& out, const report_view& v) {
  using json = nlohmann::ordered_json;
  out << "[";
  const char* comma = "\n";
  for (const shown_finding& s : v.findings) {
    const kept_finding& f = *s.finding;
    const char* const severity = s.stands == standing::gating ? "critical"
                                 : s.stands == standing::told ? "minor"
                                                              : "info";
    const std::string path = f.place.file.empty() ? "unknown" : v.shortened(f.place.file);
    const json issue = {
        {"description", v.words(f.message) + " (" + seen_in(f) + ")"},
        {"check_name", f.rule},
        {"fingerprint", f.fingerprint},
        {"severity", severity},
        {"location", {{"path", path}, {"lines", {{"begin", f.place.line == 0 ? 1 : f.place.line}}}}}};
    out << comma << issue.dump(-1, ' ', false, json::error_handler_t::replace);
    comma = ",\n";
  }
  out << "\n]\n";
}

}  // namespace snag::cli
