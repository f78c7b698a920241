// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the compiled programs are linked to in the detector's place: who receives the hooks' calls and what
// orders the threads, and says in the end which bytes were raced on. One for each kind of executable:
// oracle_backend.cpp (the naive oracle behind every hook) and core_backend.cpp (the detector's core).
#include <cstdint>
#include <memory>
#include <set>

#include "tests/generated/threads.h"

namespace snag::generated {

class backend : public listener {
 public:
  virtual std::set<std::uintptr_t> finish() = 0;  // all threads have ended: addresses of the racy bytes
};

// For one program, whose first thread is 0; at most one at a time.
std::unique_ptr<backend> make_backend();

}  // namespace snag::generated
