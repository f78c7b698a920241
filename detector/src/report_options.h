// SPDX-License-Identifier: Apache-2.0
#pragma once
// What SNAG_OPTIONS says about reports, parsed once at start. The words are the sanitizers'; docs/reports.md
// explains each to users. Pure: the values come from a look-up function, the verdict is a message.
#include <cstdint>
#include <optional>
#include <string_view>

#include "detector/finding.h"
#include "detector/src/internal_memory.h"

namespace snag::detector {

enum class report_format : std::uint8_t { text, json, tsan };  // tsan: text, see tsan_format.h
// What a run could not see (audit.h), at its end. automatic: where it is news, i.e. with findings, or if
// something was not seen, or on a terminal.
enum class audit_wish : std::uint8_t { automatic, never, line, full };

struct report_options {
  report_format format = report_format::text;
  string log_path;                 // empty: standard error; "%p" stands for the process id
  string suppressions;             // a file; empty: none
  string strip_path_prefix;        // removed from the front of source paths
  int exit_code = 66;              // of a process with gating findings; 0: keep the program's own
  bool halt_on_error = false;      // end the process after the first gating finding
  std::uint64_t max_reports = 0;   // distinct findings shown in full; the rest are counted; 0: no limit
  std::uint32_t fail_on = 0b1111;  // bit k: finding_kind k gates, if it is proved
  bool fail_on_predicted = false, fail_on_suspected = false;  // and those that are not
  bool fail_on_unseen = false;                                // a run that could not see everything gates
  audit_wish audit = audit_wish::automatic;
  bool gates(finding_kind k, certainty c = certainty::proved) const {
    switch (c) {
      case certainty::predicted:
        return fail_on_predicted;
      case certainty::suspected:
        return fail_on_suspected;
      case certainty::proved:
        break;
    }
    return (fail_on >> static_cast<unsigned>(k) & 1) != 0;
  }
};

// `find(key)`: the value of a key, or nothing if it was not given. Returns the message of the first mistake,
// empty if there was none.
using option_finder = std::optional<std::string_view> (*)(std::string_view key);
string parse_report_options(option_finder find, report_options& out);

}  // namespace snag::detector
