// SPDX-License-Identifier: Apache-2.0
#include "tests/detector/liveness/model.h"

#include <algorithm>

namespace snag::testing {

using detector::object_index;
using detector::party_index;
using detector::region_index;
using detector::wait_snapshot;
using events::direction;
using events::object_kind;
using events::wait_operation;

namespace {

constexpr std::uint8_t send_end = static_cast<std::uint8_t>(direction::send);
constexpr std::uint8_t receive_end = static_cast<std::uint8_t>(direction::receive);

std::uint32_t bit(int party) { return std::uint32_t{1} << party; }

}  // namespace

std::string to_string(const model_program& p) {
  static constexpr const char* names[] = {"lock", "unlock",  "lock_shared", "unlock_shared",
                                          "send", "receive", "close",       "select",
                                          "done", "wait",    "pause"};
  std::string out;
  for (std::size_t i = 0; i < p.parties.size(); ++i) {
    out += "party " + std::to_string(i) + ":";
    for (const model_step& s : p.parties[i])
      out += std::string(" ") + names[static_cast<int>(s.what)] + " " + std::to_string(s.on) +
             (s.what == act::select ? "/" + std::to_string(s.other) : "") + ";";
    for (std::size_t c = 0; c < p.capacities.size(); ++c)
      out += " c" + std::to_string(c) + "=" + std::to_string(p.ends[i][c]);
    out += "\n";
  }
  for (const int c : p.capacities) out += "capacity " + std::to_string(c) + " ";
  for (const int c : p.counts) out += "count " + std::to_string(c) + " ";
  return out;
}

model::state model::initial() const {
  state s;
  s.at.assign(program_.parties.size(), 0);
  s.writer.assign(model_locks, -1);
  s.readers.assign(model_locks, 0);
  s.queue.resize(model_locks);
  s.filled.assign(model_channels, 0);
  s.closed.assign(model_channels, false);
  for (const int c : program_.counts) s.count.push_back(static_cast<std::int8_t>(c));
  return s;
}

const model_step* model::next(const state& s, int party) const {
  const auto& steps = program_.parties[party];
  return s.at[party] < steps.size() ? &steps[s.at[party]] : nullptr;
}

bool model::offers(const state& s, int party, int channel, bool sending) const {
  const model_step* const n = next(s, party);
  if (n == nullptr) return false;
  if (n->what == act::select) return sending ? n->other == channel : n->on == channel;
  return n->what == (sending ? act::send : act::receive) && n->on == channel;
}

bool model::asked(const state& s, int party, int lock) const {
  return std::find(s.queue[lock].begin(), s.queue[lock].end(), party) != s.queue[lock].end();
}

// Locks admit in order: a reader not before the writers that asked first.
bool model::admitted(const state& s, int party, const model_step& n) const {
  const bool writes = n.what == act::lock;
  if (s.writer[n.on] != -1 || (writes && s.readers[n.on] != 0)) return false;
  for (const int other : s.queue[n.on]) {
    if (other == party) break;
    if (next(s, other)->what == act::lock) return false;
  }
  return true;
}

void model::transfers(const state& s, int party, int channel, bool sending,
                      std::vector<std::pair<state, std::uint32_t>>& out) const {
  state after = s;
  ++after.at[party];
  if (sending && s.closed[channel]) {
    after.panicked = true;
    out.emplace_back(after, bit(party));
    return;
  }
  if (sending ? s.filled[channel] < program_.capacities[channel] : s.filled[channel] > 0) {
    state buffered = after;
    sending ? ++buffered.filled[channel] : --buffered.filled[channel];
    out.emplace_back(buffered, bit(party));
  } else if (!sending && s.closed[channel]) {
    out.emplace_back(after, bit(party));
  }
  if (program_.capacities[channel] != 0 || s.closed[channel]) return;
  for (int other = 0; other < static_cast<int>(program_.parties.size()); ++other) {
    if (other == party || !offers(s, other, channel, !sending)) continue;
    state met = after;
    ++met.at[other];
    out.emplace_back(met, bit(party) | bit(other));
  }
}

void model::steps(const state& s, int party, std::vector<std::pair<state, std::uint32_t>>& out) const {
  const model_step* const n = s.panicked ? nullptr : next(s, party);
  if (n == nullptr) return;
  state after = s;
  ++after.at[party];
  const auto step = [&] { out.emplace_back(after, bit(party)); };
  switch (n->what) {
    case act::lock:
    case act::lock_shared:
      if (!admitted(s, party, *n)) {
        if (asked(s, party, n->on)) return;
        state queued = s;
        queued.queue[n->on].push_back(static_cast<std::uint8_t>(party));
        out.emplace_back(queued, bit(party));
        return;
      }
      std::erase(after.queue[n->on], party);
      if (n->what == act::lock)
        after.writer[n->on] = static_cast<std::int8_t>(party);
      else
        after.readers[n->on] |= static_cast<std::uint8_t>(bit(party));
      return step();
    case act::unlock:
      after.writer[n->on] = -1;
      return step();
    case act::unlock_shared:
      after.readers[n->on] &= static_cast<std::uint8_t>(~bit(party));
      return step();
    case act::send:
    case act::receive:
      return transfers(s, party, n->on, n->what == act::send, out);
    case act::select:
      transfers(s, party, n->on, false, out);
      return transfers(s, party, n->other, true, out);
    case act::close:
      after.panicked = s.closed[n->on];
      after.closed[n->on] = true;
      return step();
    case act::done:
      after.panicked = --after.count[n->on] < 0;
      return step();
    case act::wait:
      if (s.count[n->on] == 0) step();
      return;
    case act::pause:
      return step();
  }
}

bool model::can_step(const state& s, int party) const {
  std::vector<std::pair<state, std::uint32_t>> after;
  steps(s, party, after);
  return !after.empty();
}

// Programs have no loops, so neither has this.
std::uint32_t model::runners_of(const state& s) {
  if (const auto known = known_.find(s); known != known_.end()) return known->second;
  std::uint32_t runners = 0;
  std::vector<std::pair<state, std::uint32_t>> after;
  for (int p = 0; p < static_cast<int>(program_.parties.size()); ++p) steps(s, p, after);
  for (const auto& [follows, who] : after) runners |= who | runners_of(follows);
  known_.emplace(s, runners);
  return runners;
}

// The ends that the rest of its program uses, and what it holds besides; nothing once it has ended.
std::uint8_t model::ends_of(const state& s, int party, int channel) const {
  const auto& program = program_.parties[party];
  if (s.at[party] >= program.size()) return 0;
  std::uint8_t ends = program_.ends[party][channel];
  for (std::size_t i = s.at[party]; i < program.size(); ++i) {
    const model_step& n = program[i];
    if (n.what == act::select && n.other == channel) ends |= send_end;
    if (n.on != channel) continue;
    if (n.what == act::send || n.what == act::close) ends |= send_end;
    if (n.what == act::receive || n.what == act::select) ends |= receive_end;
  }
  return ends;
}

bool model::holds_group(const state& s, int party, int group) const {
  const auto& program = program_.parties[party];
  if (s.at[party] >= program.size()) return false;
  return program_.groups[party][group] ||
         std::any_of(program.begin() + s.at[party], program.end(), [&](const model_step& n) {
           return (n.what == act::done || n.what == act::wait) && n.on == group;
         });
}

wait_snapshot model::snapshot(const state& s) const {
  const int n = static_cast<int>(program_.parties.size());
  constexpr int first_channel = model_locks, first_group = model_locks + model_channels;
  wait_snapshot out;
  out.objects.resize(first_group + model_groups);
  for (int l = 0; l < model_locks; ++l) {
    auto& o = out.objects[l];
    o.kind = object_kind::shared_mutex;
    if (s.writer[l] != -1) o.owners.push_back(party_index(s.writer[l])), o.reads.push_back(false);
    for (int p = 0; p < n; ++p)
      if ((s.readers[l] & bit(p)) != 0) o.owners.push_back(party_index(p)), o.reads.push_back(true);
    for (const int p : s.queue[l])
      if (next(s, p)->what == act::lock) o.writers.push_back(party_index(p));
  }
  for (int c = 0; c < model_channels; ++c) out.objects[first_channel + c].kind = object_kind::channel;
  for (int g = 0; g < model_groups; ++g) out.objects[first_group + g].kind = object_kind::wait_group;
  for (int p = 0; p < n; ++p) {
    out.regions.push_back({.of = party_index(p)});
    for (int c = 0; c < model_channels; ++c)
      if (const std::uint8_t ends = ends_of(s, p, c); ends != 0)
        out.objects[first_channel + c].handles.push_back({region_index(p), static_cast<direction>(ends)});
    for (int g = 0; g < model_groups; ++g)
      if (holds_group(s, p, g))
        out.objects[first_group + g].handles.push_back({region_index(p), direction::both});

    wait_snapshot::party who;
    who.id = static_cast<events::goroutine_id>(p + 1);
    const model_step* const at = next(s, p);
    who.ended = at == nullptr;
    who.parked = at != nullptr && !can_step(s, p);
    if (who.parked) {
      const auto wait = [&](int object, wait_operation operation, std::uint32_t place = 0) {
        out.add_wait(who, {object_index(object), operation, place});
      };
      switch (at->what) {
        case act::lock:
          wait(at->on, wait_operation::lock);
          break;
        case act::lock_shared: {
          std::uint32_t place = 0;
          for (const int other : s.queue[at->on]) {
            if (other == p) break;
            place += next(s, other)->what == act::lock;
          }
          wait(at->on, wait_operation::lock_shared, place);
          break;
        }
        case act::send:
          wait(first_channel + at->on, wait_operation::send);
          break;
        case act::receive:
          wait(first_channel + at->on, wait_operation::receive);
          break;
        case act::select:
          who.mode = events::wait_mode::any_of;
          wait(first_channel + at->on, wait_operation::receive);
          wait(first_channel + at->other, wait_operation::send);
          break;
        default:
          wait(first_group + at->on, wait_operation::wait);
          break;
      }
    }
    out.parties.push_back(who);
  }
  return out;
}

}  // namespace snag::testing
