// SPDX-License-Identifier: Apache-2.0
#pragma once
// Plays scripts on the real core: events through its observer, accesses through its hooks or straight into
// the check, all on the calling thread, which the observer is told switches between the script's goroutines.
#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "detector/hooks.h"
#include "runtime/events.h"
#include "tests/detector/support/script.h"

namespace snag::testing {

// How plain accesses reach the core. `exact`: each one is checked. `filtered`: as instrumented code does it,
// behind the inline check and the hooks' own filters.
enum class entrance { exact, filtered };

class scripted_core {
 public:
  explicit scripted_core(entrance how = entrance::exact);
  ~scripted_core();
  scripted_core(const scripted_core&) = delete;

  static constexpr int most_steps = 1 << 15;
  // What step `index` (below most_steps) raced with, as the core told; `skipped`: a filter answered instead.
  std::vector<hit> play(const step&, int index, bool* skipped = nullptr);

  // --- The same by name, for tests that are written by hand. Offsets into an arena of arena_bytes, which may
  // be exceeded up to `wide_bytes`: returns the number of races told.
  static constexpr std::size_t wide_bytes = 12 << 20;
  std::size_t go(int parent, int child, bool thread = false);
  std::size_t end(int actor);
  std::size_t read(int actor, std::size_t offset, std::size_t bytes);
  std::size_t write(int actor, std::size_t offset, std::size_t bytes);
  std::size_t acquire(int actor, int object);
  std::size_t release(int actor, int object);
  std::size_t merge(int actor, int object);
  std::size_t lock(int actor, int mutex);
  std::size_t unlock(int actor, int mutex);
  std::size_t destroy(int actor, int mutex);
  std::size_t sweep();

  events::actor& actor(int number);
  std::byte* arena() const;
  void switch_to(int actor);

 private:
  std::size_t play_on(int object, op, int actor, int index);

  struct fixture;
  std::unique_ptr<fixture> f_;
};

}  // namespace snag::testing
