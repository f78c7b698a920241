// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/who_can_run.h"

#include "detector/src/liveness/and_or_graph.h"
#include "detector/src/object_kinds.h"

namespace snag::detector {
namespace {

using events::direction;
using events::object_kind;
using events::wait_mode;
using events::wait_operation;

bool includes(direction have, direction wanted) {
  return (static_cast<unsigned>(have) & static_cast<unsigned>(wanted)) != 0;
}

class search {
 public:
  search(const wait_snapshot& s, reachable_memory* memory) : s_(s), memory_(memory) {
    constexpr std::size_t nodes_of_object = 4;
    graph_.expect(s.parties.size() + s.regions.size() + nodes_of_object * s.objects.size(),
                  s.waits.size() + s.regions.size() + nodes_of_object * s.objects.size());
    for (const auto& p : s.parties)
      p.ended                       ? graph_.add_any_of()
      : !p.parked                   ? graph_.add_live()
      : p.mode == wait_mode::all_of ? graph_.add_all_of()
                                    : graph_.add_any_of();
    first_region_ = graph_.size();
    for (const auto& r : s.regions) r.root && !s.all_asleep ? graph_.add_live() : graph_.add_any_of();
    objects_.reserve(s.objects.size());
    for (const auto& o : s.objects) objects_.push_back(conditions_of(o));
    add_regions();
    add_waits();
  }

  vector<bool> solve() {
    graph_.start();
    for (;;) {
      spread();
      if (memory_ == nullptr || everybody_lives()) break;
      if (!place_handles()) break;
    }
    vector<bool> lives;
    for (std::uint32_t p = 0; p < s_.parties.size(); ++p) lives.push_back(graph_.lives(node(party_index{p})));
    return lives;
  }

 private:
  // What has to live for somebody who waits for the object; shared by all who do.
  struct conditions {
    wait_node let_go;   // by all who hold it
    wait_node sent;     // someone may send or close: a receive may go on
    wait_node reached;  // someone can do anything with it
    // [n]: whoever writes has let go, and the first n writers of its queue live. (A writer who waits needs
    // the readers to let go; if it may give up, its end lets other readers in beside those.)
    vector<wait_node> behind;
  };

  wait_node owner_nodes(const vector<party_index>& owners) {
    const wait_node all = graph_.add_all_of();
    for (const party_index p : owners) graph_.needs(all, node(p));
    return all;
  }

  conditions conditions_of(const wait_snapshot::object& o) {
    conditions c{owner_nodes(o.owners), graph_.add_any_of(), graph_.add_any_of(), {}};
    for (const auto& h : o.handles) {
      graph_.needs(c.reached, node(h.in));
      if (includes(h.way, direction::send)) graph_.needs(c.sent, node(h.in));
    }
    c.behind.push_back(graph_.add_all_of());
    for (std::size_t i = 0; i < o.owners.size(); ++i)
      if (i >= o.reads.size() || !o.reads[i]) graph_.needs(c.behind[0], node(o.owners[i]));
    for (const party_index writer : o.writers) {
      const wait_node both = graph_.add_all_of();
      graph_.needs(both, c.behind.back());
      graph_.needs(both, node(writer));
      c.behind.push_back(both);
    }
    return c;
  }

  void add_regions() {
    for (std::uint32_t i = 0; i < s_.regions.size(); ++i)
      if (s_.regions[i].root && s_.all_asleep)
        for (std::uint32_t p = 0; p < s_.parties.size(); ++p)
          graph_.needs(node(region_index(i)), node(party_index{p}));
      else if (s_.regions[i].of != party_index::nobody)
        graph_.needs(node(region_index(i)), node(s_.regions[i].of));
  }

  // Everything that follows from what lives so far. Memory is read only while nothing else is left to do.
  void spread() {
    wait_node alive;
    while (true) {
      while (graph_.step(alive)) {
        const std::uint32_t n = static_cast<std::uint32_t>(alive);
        if (n >= first_region_ && n < first_region_ + s_.regions.size())
          unread_.push_back(region_index{n - first_region_});
      }
      if (memory_ == nullptr || unread_.empty() || everybody_lives()) return;
      const region_index r = unread_.back();
      unread_.pop_back();
      reach(r, live_);
    }
  }

  // What `from` points at is as reachable as it is.
  struct marks {
    vector<bool> known;
    bool add(region_index r) {
      const auto i = static_cast<std::size_t>(r);
      if (i >= known.size()) known.resize(i + 1 + i / 2);
      if (known[i]) return false;
      known[i] = true;
      return true;
    }
    bool has(region_index r) const {
      const auto i = static_cast<std::size_t>(r);
      return i < known.size() && known[i];
    }
  };
  void reach(region_index from, marks& reached) {
    if (!reached.add(from)) return;
    found_.clear();
    memory_->visit(from, found_);
    for (const region_index r : found_) {
      if (reached.has(r)) continue;
      if (&reached == &live_ && static_cast<std::size_t>(r) < s_.regions.size())
        graph_.bring_to_life(node(r));  // its turn comes in spread()
      else
        unread_.push_back(r);
    }
  }

  bool everybody_lives() {
    while (undecided_ < s_.parties.size() &&
           (s_.parties[undecided_].ended || graph_.lives(node(party_index{undecided_}))))
      ++undecided_;
    return undecided_ == s_.parties.size();
  }

  // Looks from the dead for the handles that nobody who lives can reach. Whether that brought anything to
  // life.
  bool place_handles() {
    marks of_the_dead = live_;
    unread_.clear();
    for (std::uint32_t i = 0; i < s_.regions.size(); ++i)
      if ((s_.regions[i].root || s_.regions[i].of != party_index::nobody) &&
          !graph_.lives(node(region_index{i})))
        unread_.push_back(region_index(i));
    while (!unread_.empty()) {
      const region_index r = unread_.back();
      unread_.pop_back();
      reach(r, of_the_dead);
    }
    bool any = false;
    for (const auto& o : s_.objects)
      for (const auto& h : o.handles) {
        if (graph_.lives(node(h.in)) || of_the_dead.has(h.in)) continue;
        graph_.bring_to_life(node(h.in));
        any = true;
      }
    return any;
  }

  void add_waits() {
    for (std::uint32_t i = 0; i < s_.parties.size(); ++i) {
      const auto& p = s_.parties[i];
      if (!p.parked || p.ended) continue;
      const wait_node who = node(party_index{i});
      for (const auto& w : s_.waits_of(party_index{i})) graph_.needs(who, condition(w));
      // Parked for nothing at all (a select without cases): all of nothing would live.
      if (p.wait_count == 0) graph_.needs(who, never());
    }
  }

  wait_node condition(const wait_snapshot::wait& w) {
    if (w.operation == wait_operation::sleep || w.operation == wait_operation::io) return graph_.add_live();
    if (w.on == object_index::nil) return never();
    const auto& o = s_.objects[static_cast<std::size_t>(w.on)];
    const conditions& c = objects_[static_cast<std::size_t>(w.on)];
    switch (w.operation) {
      case wait_operation::send:
        return c.reached;  // who may receive takes it, who may send may close
      case wait_operation::receive:
        return o.kind == object_kind::channel ? c.sent : c.reached;
      case wait_operation::lock:
      case wait_operation::join:
        return c.let_go;
      case wait_operation::lock_shared:
        return c.behind[w.place];
      default:
        break;
    }
    if (is_once(o.kind)) return c.let_go;
    if (o.lock == object_index::nil) return c.reached;
    const wait_node both = graph_.add_all_of();
    graph_.needs(both, c.reached);
    graph_.needs(both, objects_[static_cast<std::size_t>(o.lock)].let_go);
    return both;
  }

  wait_node never() { return graph_.add_any_of(); }
  // (Parties are the first nodes, and regions the next.)
  wait_node node(party_index p) const { return wait_node{static_cast<std::uint32_t>(p)}; }
  wait_node node(region_index r) const { return wait_node{first_region_ + static_cast<std::uint32_t>(r)}; }

  const wait_snapshot& s_;
  reachable_memory* const memory_;
  and_or_graph graph_;
  std::uint32_t first_region_ = 0;
  std::uint32_t undecided_ = 0;  // all parties before it live, or have ended
  marks live_;
  vector<region_index> unread_, found_;
  vector<conditions> objects_;
};

}  // namespace

vector<bool> who_can_run(const wait_snapshot& s, reachable_memory* memory) {
  return search(s, memory).solve();
}

}  // namespace snag::detector
