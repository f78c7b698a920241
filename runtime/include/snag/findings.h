// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the detector has found in this process so far: for test frameworks, which ask after each test.
// Without a detector there is never anything. Thread-safe. Of what `max_reports` cuts off nothing is known
// here.
#include <cstdint>
#include <string>
#include <vector>

// The detector's. `visit` must not call back into it. Strings live as long as the process.
extern "C" [[gnu::weak]] void snag_visit_findings(void (*visit)(void* to, const char* kind,
                                                                const char* fingerprint, const char* text,
                                                                unsigned long count, int gates),
                                                  void* to) noexcept;

// The test that runs from now on, which a finding that is made meanwhile remembers; null: none. The name is
// copied.
extern "C" [[gnu::weak]] void snag_set_current_test(const char* name) noexcept;

namespace snag {

struct finding {
  std::string kind;         // "race", "deadlock", "leak", "misuse"
  std::string fingerprint;  // tells it from all others
  std::string text;         // the report
  std::uint64_t count = 0;  // how often it was seen
  bool gates = false;       // it changes the exit status: SNAG_OPTIONS=fail_on
};

// In the order in which they were found first. A finding that is seen again keeps its place and counts on.
inline std::vector<finding> findings() {
  std::vector<finding> all;
  if (snag_visit_findings == nullptr) return all;
  struct entry {
    const char *kind, *fingerprint, *text;
    unsigned long count;
    int gates;
  };
  std::vector<entry> seen;
  snag_visit_findings(
      [](void* to, const char* kind, const char* fingerprint, const char* text, unsigned long count,
         int gates) {
        static_cast<std::vector<entry>*>(to)->push_back({kind, fingerprint, text, count, gates});
      },
      &seen);
  for (const entry& e : seen) all.push_back({e.kind, e.fingerprint, e.text, e.count, e.gates != 0});
  return all;
}

// For test frameworks: findings know which test they were made in ("tests" in a report as JSON). Empty: none
// runs.
inline void set_current_test(const std::string& name) {
  if (snag_set_current_test != nullptr) snag_set_current_test(name.empty() ? nullptr : name.c_str());
}

}  // namespace snag
