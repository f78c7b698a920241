// SPDX-License-Identifier: Apache-2.0
#pragma once
// report_format=tsan: for what reads ThreadSanitizer's reports, such as `ctest -T memcheck`, which counts the
// lines that start one and sorts them by their words. Pure.
#include <string_view>

#include "detector/finding.h"

namespace snag::detector {

// "WARNING: ThreadSanitizer: data race (pid=7)", a line. The words are few and stay: they are categories
// there.
string tsan_header(finding_kind, std::uint64_t pid);

// The log_path in TSAN_OPTIONS, as our log_path: ThreadSanitizer puts ".PID" behind it. Empty: there is none.
string tsan_log_path(std::string_view tsan_options);

}  // namespace snag::detector
