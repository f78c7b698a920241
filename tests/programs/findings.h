// SPDX-License-Identifier: Apache-2.0
#pragma once
// A findings document (schema "snag-findings/7") as the harness needs it, and what must hold of a race in it.
#include <string>
#include <vector>

#include "tests/programs/expectation.h"

namespace programs {

struct frame {
  std::string function, file, call;
  unsigned line = 0;
  bool runtime = false;
};

struct access {
  std::string expression, variable;
  std::uint64_t actor = 0;
  std::vector<frame> stack;  // innermost first
};

struct actor {
  std::uint64_t id = 0;
  std::vector<frame> created_at;
  std::string name = {};  // as the program gave it, or empty
  std::string kind = {};  // "goroutine", "thread"
};

struct finding {
  std::string kind, memory_name;
  std::vector<std::string> hints;  // their rules
  std::vector<access> accesses;
  std::vector<actor> actors;
  std::string certainty = "proved", shape = {};
  std::vector<std::vector<frame>> waits = {};  // the stack of each who waits
  std::string rule = {};
  std::vector<std::uint64_t> waiting = {};  // the actors of these
};

// Throws std::runtime_error if the text is not such a document.
std::vector<finding> parse_findings(const std::string& json);

// A misuse that is a race to Go's detector: nothing orders two uses of a channel or wait group.
inline bool is_unordered_use(const finding& f) {
  return f.kind == "misuse" && f.rule.find("-beside-") != std::string::npos;
}

// Why the finding is not the race, or the misuse, that the program promises; empty if it is. Checked: two
// accesses with stacks; the user's innermost line of each is marked, one as side 1 and the other as side 2;
// one of the expected names is named; both actors are described, with the place of creation unless it is
// main.
std::string mistake_in_race(const finding&, const expectation&);

// The same of a deadlock that is predicted.
std::string mistake_in_prediction(const finding&, const expectation&);

}  // namespace programs
