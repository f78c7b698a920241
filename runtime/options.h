// SPDX-License-Identifier: Apache-2.0
#pragma once
// SNAG_OPTIONS: `key=value` pairs separated by spaces or colons, in the sanitizers' words. One list for the
// runtime and its observer. A colon followed by something that is not `key=` belongs to the value, so that
// schedule=replay:FILE reads naturally; quotes, '…' or "…", keep any value together.
// An unknown key ends the program with status 64 and one line that lists the known ones.
#include <string_view>

namespace snag::detail {

// The value given for `key`, NUL-terminated, valid for ever; null: not given. `key` must be a known one.
// Parses on first use; callable before constructors run, and from any thread after the first call.
const char* option(std::string_view key) noexcept;

// The grammar alone, for tests: calls set(key, value) in order; answers the first unknown or malformed piece,
// or null. `text` is modified (values are cut out of it).
const char* parse_options(char* text, void (*set)(void*, std::size_t key_index, const char* value),
                          void* argument);

inline constexpr std::string_view known_options[] = {
    "halt_on_error",     "exitcode",    "log_path",  "suppressions", "report_format", "audit",
    "strip_path_prefix", "max_reports", "seed",      "fail_on",      "record",        "schedule",
    "max_procs",         "migrate",     "traceback", "crash_output", "watch",
};

}  // namespace snag::detail
