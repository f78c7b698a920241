// SPDX-License-Identifier: Apache-2.0
#pragma once
// A plain model checker: small programs of parties over locks, channels and wait groups, explored in every
// interleaving. In each state it knows who can ever run again, by having looked at all that can follow.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "detector/src/liveness/wait_snapshot.h"

namespace snag::testing {

enum class act : std::uint8_t {
  lock,
  unlock,
  lock_shared,
  unlock_shared,
  send,
  receive,
  close,
  select,  // receives from `on`, or sends to `other`
  done,
  wait,
  pause,  // a step that never blocks
};
struct model_step {
  act what;
  int on = 0;
  int other = 0;
};
constexpr int model_locks = 2, model_channels = 2, model_groups = 1;

struct model_program {
  std::vector<std::vector<model_step>> parties;
  std::vector<int> capacities = std::vector<int>(model_channels, 0);
  std::vector<int> counts = std::vector<int>(model_groups, 0);
  // Which ends of each channel (events::direction) and which groups a party holds to its end, beyond what the
  // rest of its program uses.
  std::vector<std::vector<std::uint8_t>> ends;
  std::vector<std::vector<bool>> groups;
};
std::string to_string(const model_program&);

class model {
 public:
  struct state {
    std::vector<std::uint8_t> at;       // the next step of each party; its program's size: it has ended
    std::vector<std::int8_t> writer;    // of each lock; -1: none
    std::vector<std::uint8_t> readers;  // of each lock, a bit for each party
    std::vector<std::vector<std::uint8_t>>
        queue;                         // of each lock: who has asked and was not admitted, in order
    std::vector<std::uint8_t> filled;  // elements in each channel
    std::vector<bool> closed;
    std::vector<std::int8_t> count;  // of each group
    bool panicked = false;           // the program is over
    auto operator<=>(const state&) const = default;
  };

  explicit model(const model_program& p) : program_(p) {}
  state initial() const;

  // Calls visit(state, who can ever take a step again, as bits) for every state that can be reached.
  template <class Visit>
  void explore(Visit&& visit) {
    runners_of(initial());
    for (const auto& [s, runners] : known_) visit(s, runners);
  }
  bool can_step(const state&, int party) const;
  // What the detector would know.
  detector::wait_snapshot snapshot(const state&) const;

 private:
  std::uint32_t runners_of(const state&);
  // Every state that one step of the party leads to; a rendezvous is a step of both.
  void steps(const state&, int party, std::vector<std::pair<state, std::uint32_t>>& out) const;
  void transfers(const state&, int party, int channel, bool sending,
                 std::vector<std::pair<state, std::uint32_t>>& out) const;
  const model_step* next(const state&, int party) const;
  bool offers(const state&, int party, int channel, bool sending) const;  // it is at such a step
  bool admitted(const state&, int party, const model_step&) const;
  bool asked(const state&, int party, int lock) const;
  std::uint8_t ends_of(const state&, int party, int channel) const;
  bool holds_group(const state&, int party, int group) const;

  const model_program& program_;
  std::map<state, std::uint32_t> known_;
};

}  // namespace snag::testing
