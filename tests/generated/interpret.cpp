// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>
#include <random>

#include "tests/generated/oracle_listener.h"
#include "tests/generated/program.h"

namespace snag::generated {
namespace {

using testing::op;
using testing::step;

class interpreter {
 public:
  interpreter(const program& p, std::string& schedule)
      : program_(p), random_(p.seed), schedule_(schedule), threads_(oracle_, [this](auto& ready) {
          const int next = ready[random_() % ready.size()];
          schedule_ += static_cast<char>('a' + next);
          return next;
        }) {
    for (const variable& v : program_.variables) {
      bases_.push_back(static_cast<int>(memory_.size()));
      memory_.resize(memory_.size() + static_cast<std::size_t>(v.size + 15) / 16 * 16);
    }
  }

  outcome run() {
    threads_.run([this] {
      state s;
      begin(0);
      run(program_.root, s);
      end(0, s);
    });
    outcome o;
    o.sum = sum_;
    for (const int byte : oracle_.racy()) o.racy.insert(name_of(byte));
    return o;
  }

 private:
  using u64 = std::uint64_t;
  // What a thread keeps to itself.
  struct state {
    u64 read = 1;
    std::array<int, 2> loops{};
    place parameter;
    int parameter_at = 0;
  };

  const variable& at(int number) const { return program_.variables[static_cast<std::size_t>(number)]; }
  int base(int number) const { return bases_[static_cast<std::size_t>(number)]; }

  std::pair<int, int> name_of(int byte) const {
    int number = 0;
    while (number + 1 < static_cast<int>(bases_.size()) && base(number + 1) <= byte) ++number;
    return {number, byte - base(number)};
  }

  // --- Memory, without being seen.
  u64 get(int where, int size) const {
    u64 value = 0;
    std::memcpy(&value, &memory_[static_cast<std::size_t>(where)], static_cast<std::size_t>(size));
    return value;
  }
  void put(int where, int size, u64 value) {
    std::memcpy(&memory_[static_cast<std::size_t>(where)], &value, static_cast<std::size_t>(size));
  }

  // --- And seen.
  void see(op what, int where, int size, int order = 0, int failure_order = 0) {
    oracle_.play({.what = what,
                  .actor = threads_.current(),
                  .offset = where,
                  .size = size,
                  .order = order,
                  .failure_order = failure_order});
  }
  u64 read(int where, int size) {
    see(op::read, where, size);
    return get(where, size);
  }
  void write(int where, int size, u64 value) {
    see(op::write, where, size);
    put(where, size, value);
  }

  int where(const place& p, const state& s) {
    if (p.variable < 0) return s.parameter_at;
    if (p.pointed) return static_cast<int>(read(base(p.variable), 8));
    return base(p.variable) + p.offset +
           (p.loop < 0 ? 0 : s.loops[static_cast<std::size_t>(p.loop)] * p.size);
  }

  static void mix(state& s, u64 value) { s.read = s.read * 31 + value; }

  // --- Variables of a thread: made where its function begins, and written once more where it ends.
  bool belongs(const variable& v, int thread) const {
    return (v.where == lives::in_thread && v.thread == thread) ||
           (thread == 0 && (v.where == lives::in_root || v.where == lives::on_heap));
  }
  void begin(int thread) {
    for (int k = 0; k < static_cast<int>(program_.variables.size()); ++k) {
      const variable& v = at(k);
      const bool global = v.where == lives::globally;
      if (!(thread == 0 && global) && !belongs(v, thread)) continue;
      if (!global) see(op::write, base(k), v.size);
      if (v.pointee >= 0)
        write(base(k), 8, static_cast<u64>(base(v.pointee)));
      else if (!v.is_record && !v.is_odd)
        for (int e = 0; e < v.count; ++e)
          put(base(k) + e * v.element, v.element, static_cast<u64>(v.initial));
    }
  }
  void end(int thread, const state& s) {
    sum_ += s.read * static_cast<u64>(2 * threads_.current() + 1);
    for (int k = 0; k < static_cast<int>(program_.variables.size()); ++k)
      if (at(k).where != lives::on_heap && belongs(at(k), thread)) see(op::write, base(k), at(k).size);
  }

  void run(const std::vector<node>& body, state& s) {
    for (const node& n : body) run(n, s);
  }

  void run(const node& n, state& s) {
    const auto number = static_cast<u64>(n.number);
    const int size = n.p.size;
    switch (n.what) {
      case does::store:
      case does::poke:
        write(where(n.p, s), size, number);
        break;
      case does::store_read:
        write(where(n.p, s), size, s.read + number);
        break;
      case does::load:
      case does::peek:
        mix(s, read(where(n.p, s), size));
        break;
      case does::bump: {
        const int at = where(n.p, s);
        write(at, size, read(at, size) + number);
        break;
      }
      case does::choose: {
        const place& p = s.read >> n.bit & 1 ? n.p : n.q;
        mix(s, read(where(p, s), p.size));
        break;
      }
      case does::both:
        if (read(where(n.p, s), size) == number && read(where(n.q, s), n.q.size) != 0) mix(s, 1);
        break;
      case does::when:
        run(s.read >> n.bit & 1 ? n.body : n.otherwise, s);
        break;
      case does::repeat: {
        const int times = n.dynamic ? static_cast<int>(s.read & 3) : n.number;
        for (s.loops[0] = 0; s.loops[0] < times; ++s.loops[0]) run(n.body, s);
        break;
      }
      case does::call: {
        state inside;
        inside.read = s.read;
        inside.parameter_at = where(n.p, s);
        run(program_.helpers[static_cast<std::size_t>(n.number)].body, inside);
        s.read = inside.read;
        break;
      }
      case does::copy: {
        const int to = where(n.p, s), from = where(n.q, s);
        for (int k = 0; k < size; k += 8) write(to + k, 8, read(from + k, 8));
        break;
      }
      case does::fill:
        for (int k = 0; k < size; ++k) write(where(n.p, s) + k, 1, number);
        break;
      case does::point:
        write(base(n.p.variable), 8, static_cast<u64>(base(n.number)));
        break;
      case does::atomic_load:
        mix(s, load(n, s));
        break;
      case does::atomic_store: {
        const int at = where(n.p, s);
        see(op::atomic_store, at, size, n.order);
        put(at, size, number);
        break;
      }
      case does::atomic_add:
      case does::exchange: {
        const int at = where(n.p, s);
        see(op::atomic_add, at, size, n.order);
        const u64 old = get(at, size);
        put(at, size, n.what == does::exchange ? number : old + number);
        mix(s, old);
        break;
      }
      case does::compare: {
        const int at = where(n.p, s);
        const u64 old = get(at, size);
        const bool same = old == number;
        see(same ? op::atomic_exchange_ok : op::atomic_exchange_failed, at, size, n.order, n.failure_order);
        if (same) put(at, size, number + 1);
        mix(s, old);
        mix(s, same);
        break;
      }
      case does::when_set:
        if (load(n, s) != 0) run(n.body, s);
        break;
      case does::fence:
        see(op::fence, 0, 0, n.order);
        break;
      case does::turn:
        threads_.turn();
        break;
      case does::locked:
        threads_.lock(n.number);
        run(n.body, s);
        threads_.unlock(n.number);
        break;
      case does::spawn:
        spawn(n);
        break;
      case does::join:
        threads_.join(started_[n.number]);
        break;
      case does::await:
        threads_.await(started_[n.number]);
        break;
      case does::done:
        threads_.done(0);
        break;
      case does::wait:
        threads_.wait(0, n.number);
        break;
    }
  }

  u64 load(const node& n, state& s) {
    const int at = where(n.p, s);
    see(op::atomic_load, at, n.p.size, n.order);
    return get(at, n.p.size);
  }

  void spawn(const node& n) {
    started_[n.number] = threads_.start(
        [this, &n] {
          state s;
          begin(n.number);
          run(n.body, s);
          end(n.number, s);
        },
        n.joinable);
  }

  const program& program_;
  std::mt19937_64 random_;
  std::string& schedule_;
  oracle_listener oracle_;
  threads threads_;
  std::vector<std::uint8_t> memory_;
  std::vector<int> bases_;
  std::map<int, int> started_;  // by the program's number of a thread, which need not start in that order
  u64 sum_ = 0;
};

}  // namespace

outcome interpret(const program& p, std::string& schedule) { return interpreter(p, schedule).run(); }

}  // namespace snag::generated
