// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>
#include <tuple>
#include <utility>

#include "tests/generated/program.h"

namespace snag::generated {
namespace {

using custom = variable::custom;

constexpr int relaxed = 0, release = 3;

class generator {
 public:
  explicit generator(std::uint64_t seed) : random_(seed * 2 + 1) { out_.seed = seed; }

  program run() {
    threads_ = 2 + below(4);
    // Some programs are about a few variables that flags hand over, where one access decides.
    telling_ = chance(40);
    loyalty_ = telling_ ? 97 : 70 + 10 * below(4);
    for (int k = 1 + below(telling_ ? 2 : 3); k > 0; --k) add_atomic(lives::globally, 0);
    for (int k = telling_ ? 1 + below(3) : 3 + below(4); k > 0; --k) add_plain(lives::globally, 0);
    if (!telling_) {
      for (int k = below(3); k > 0; --k) add_plain(lives::in_root, 0);
      if (chance(40)) add_atomic(lives::in_root, 0);
      if (chance(50)) add_pointer();
    }
    for (int k = below(4); k > 0; --k) add_helper();
    out_.root = thread_body(0);
    return std::move(out_);
  }

 private:
  using nodes = std::vector<node>;

  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  variable& at(int number) { return out_.variables[static_cast<std::size_t>(number)]; }

  // --- Variables ------------------------------------------------------------------------------------------
  int add(variable v, const char* letter) {
    const int number = static_cast<int>(out_.variables.size());
    v.name = letter + std::to_string(number);
    out_.variables.push_back(std::move(v));
    return number;
  }

  static std::string type(int bytes) { return "u" + std::to_string(bytes * 8); }

  void agree_on_custom(variable& v) {
    switch (telling_ ? 2 : below(6)) {
      case 0:
      case 1:
        v.usually = custom::locked;
        v.with = below(2);
        break;
      case 2: {
        std::vector<int> flags;
        for (int k = 0; k < static_cast<int>(out_.variables.size()); ++k)
          if (at(k).atomic) flags.push_back(k);
        if (flags.empty()) break;
        v.usually = custom::flagged;
        v.with = flags[static_cast<std::size_t>(below(static_cast<int>(flags.size())))];
        v.by = below(threads_);
        break;
      }
      case 3:
        v.usually = custom::atomically;
        break;
      case 4:
        v.usually = custom::owned;
        v.with = below(threads_);
        break;
      default:
        break;
    }
  }

  int add_plain(lives where, int thread) {
    variable v;
    v.where = where;
    v.thread = thread;
    v.initial = below(4);
    v.element = 1 << below(4);
    switch (where == lives::on_heap ? 0 : below(6)) {
      case 0:
      case 1:
      case 2:
        v.declaration = type(v.element);
        break;
      case 3:
        v.count = 4 + below(5);
        v.declaration = type(v.element) + "[" + std::to_string(v.count) + "]";
        break;
      case 4:
        v.declaration = "record";
        v.is_record = true;
        v.element = 16;
        v.initial = 0;
        break;
      default:
        v.declaration = "odd";
        v.is_odd = true;
        v.element = 8;
        v.initial = 0;
    }
    v.size = v.element * v.count;
    agree_on_custom(v);
    return add(v, where == lives::globally ? "g" : where == lives::on_heap ? "h" : "l");
  }

  void add_atomic(lives where, int thread) {
    variable v;
    v.where = where;
    v.thread = thread;
    v.atomic = true;
    v.element = v.size = 1 << below(4);
    v.declaration = "std::atomic<" + type(v.size) + ">";
    add(v, "a");
  }

  // A global pointer to one of two blocks on the heap.
  void add_pointer() {
    const int first = add_plain(lives::on_heap, 0), second = add_plain(lives::on_heap, 0);
    at(second).element = at(second).size = at(first).size;
    at(second).declaration = at(first).declaration;
    variable v;
    v.element = v.size = 8;
    v.declaration = at(first).declaration + "*";
    v.pointee = first;
    v.usually = chance(50) ? custom::any : custom::locked;
    add(v, "p");
  }

  // --- Places ---------------------------------------------------------------------------------------------
  place whole(int number) {
    const variable& v = at(number);
    place p;
    p.variable = number;
    p.size = v.size;
    p.atomic = v.atomic;
    p.text = v.name;
    return p;
  }

  // Something with a value: a scalar, a field, an element.
  place part(int number) {
    const variable& v = at(number);
    place p = whole(number);
    if (v.pointee >= 0) {
      p.pointed = true;
      p.size = at(v.pointee).size;
      p.text = "*" + v.name;
    } else if (v.is_record || v.is_odd) {
      static constexpr std::pair<int, int> records[] = {{0, 4}, {4, 2}, {6, 1}, {7, 1}, {8, 8}};
      static constexpr std::pair<int, int> odds[] = {{0, 1}, {1, 4}, {5, 2}, {7, 1}};
      const int field = below(v.is_record ? 5 : 4);
      std::tie(p.offset, p.size) = v.is_record ? records[field] : odds[field];
      p.aligned = v.is_record;
      p.text += std::string(".") + static_cast<char>('a' + field);
    } else if (v.count > 1) {
      p.size = v.element;
      if (loop_ >= 0 && chance(70)) {
        p.loop = loop_;
        p.text += "[i" + std::to_string(loop_) + "]";
      } else {
        const int index = below(v.count);
        p.offset = index * v.element;
        p.text += "[" + std::to_string(index) + "]";
      }
    }
    return p;
  }

  bool visible(int number) const {
    const variable& v = out_.variables[static_cast<std::size_t>(number)];
    if (in_helper_) return v.where == lives::globally;
    if (v.where == lives::globally || v.thread == 0) return true;
    return std::find(scopes_.begin(), scopes_.end(), v.thread) != scopes_.end();
  }

  int some_variable(bool atomic) {
    std::vector<int> fit;
    for (int k = 0; k < static_cast<int>(out_.variables.size()); ++k)
      if (visible(k) && at(k).atomic == atomic) fit.push_back(k);
    return fit[static_cast<std::size_t>(below(static_cast<int>(fit.size())))];
  }
  place some_part() { return part(some_variable(false)); }
  place some_atomic() { return whole(some_variable(true)); }

  // --- Statements -----------------------------------------------------------------------------------------
  static node plain(does what, place p, int number = 1) {
    node n{what};
    n.p = std::move(p);
    n.number = number;
    return n;
  }
  static node just(does what, int number = 0) { return plain(what, {}, number); }

  int load_order() {
    static constexpr int orders[] = {0, 1, 2, 2, 5};
    return orders[below(5)];
  }
  int store_order() {
    static constexpr int orders[] = {0, 3, 3, 5};
    return orders[below(4)];
  }

  // The present bytes of p, plainly.
  node use(place p) {
    switch (below(5)) {
      case 0:
        return plain(does::store, std::move(p), 1 + below(9));
      case 1:
        return plain(does::store_read, std::move(p), 1 + below(9));
      case 2:
        return plain(does::bump, std::move(p), 1 + below(9));
      default:
        return plain(does::load, std::move(p));
    }
  }

  void use_atomically(nodes& to, place p) { use_atomically(to, std::move(p), some_part()); }
  void use_atomically(nodes& to, place p, place after) {
    static constexpr does kinds[] = {does::atomic_load,  does::atomic_load, does::atomic_store,
                                     does::atomic_store, does::atomic_add,  does::exchange,
                                     does::compare};
    node n = plain(kinds[below(7)], std::move(p), 1 + below(3));
    n.order = n.what == does::atomic_load    ? load_order()
              : n.what == does::atomic_store ? store_order()
                                             : below(6);
    n.failure_order = load_order();
    to.push_back(n);
    if (n.what == does::atomic_store) write_and_turn(to, std::move(after));
  }

  // Follows an atomic store or a release fence. What was read or written before it and is read again after
  // it, the compiler may read once, before; so until the next turn there are only writes.
  void write_and_turn(nodes& to, place p) {
    if (chance(60) && !p.pointed)
      to.push_back(plain(chance(50) ? does::store : does::bump, std::move(p), 1 + below(9)));
    to.push_back(just(does::turn));
  }

  void use_pair(nodes& to, int number) {
    const int other = some_variable(false);
    node n{chance(50) ? does::choose : does::both};
    n.p = part(number);
    n.q = part(other);
    n.bit = below(3);
    n.number = below(3);
    if (other == number && n.number == 0)
      n.number = 1;  // LLVM knows that nothing is 0 and not 0, and reads neither
    to.push_back(std::move(n));
  }

  // Bytes that overlap what is used before and after, in turns that order nothing.
  void use_pieces(nodes& to, int number) {
    const variable v = at(number);
    for (int k = 2 + below(2); k > 0; --k) {
      if (chance(40)) {
        to.push_back(use(part(number)));
      } else {
        place p = whole(number);
        p.size = 1 << below(4);
        if (p.size > v.size) p.size = 1;
        p.offset = below(v.size - p.size + 1);
        if (chance(75)) p.offset -= p.offset % p.size;
        to.push_back(plain(chance(50) ? does::peek : does::poke, std::move(p), 1 + below(200)));
      }
      if (k > 1 && chance(60)) to.push_back(just(does::turn));
    }
  }

  // One or two uses of a variable, in some form.
  void use_variable(nodes& to, int number) {
    if (number < 0) number = some_variable(false);
    const variable v = at(number);
    const int dice = below(100);
    if (v.pointee >= 0 && dice < 25 && !in_helper_) {
      to.push_back(plain(does::point, whole(number), v.pointee + below(2)));
      return;
    }
    if (v.is_record && dice < 20) {
      for (int k = 0; k < static_cast<int>(out_.variables.size()); ++k)
        if (k != number && at(k).is_record && visible(k)) {
          node n = plain(does::copy, whole(number));
          n.q = whole(k);
          to.push_back(std::move(n));
          to.push_back(just(does::turn));  // or a later write would make the read of q needless
          return;
        }
    }
    const bool has_parts = v.is_record || v.is_odd || v.count > 1;
    if (has_parts && chance(35)) return use_pieces(to, number);
    if (v.size > v.element && dice < 15) {
      to.push_back(plain(does::fill, whole(number), below(200)));
      return;
    }
    if (v.count > 1 && loop_ < 0 && dice < 50) {
      node n = just(does::repeat, 1 + below(4));
      n.dynamic = chance(50);
      loop_ = 0;
      n.body.push_back(use(part(number)));
      if (chance(30)) n.body.push_back(use(part(number)));
      loop_ = -1;
      to.push_back(std::move(n));
      return;
    }
    if (dice < 60 && !in_helper_) {
      place p = part(number);
      std::vector<int> fit;
      for (int k = 0; k < static_cast<int>(out_.helpers.size()); ++k)
        if (out_.helpers[static_cast<std::size_t>(k)].size == p.size && p.aligned) fit.push_back(k);
      if (!fit.empty()) {
        to.push_back(plain(does::call, std::move(p),
                           fit[static_cast<std::size_t>(below(static_cast<int>(fit.size())))]));
        return;
      }
    }
    if (dice > 85) return use_pair(to, number);
    to.push_back(use(part(number)));
    if (chance(30)) to.push_back(use(part(number)));
  }

  // Uses the variable and sets the flag; what is used again after that is not told.
  void tell(nodes& to, int number, int flag) {
    const place p = part(number);
    if (chance(50)) use_variable(to, number);
    to.push_back(use(p));
    node n = plain(does::atomic_store, whole(flag), 1 + below(3));
    n.order = store_order();
    if (n.order == relaxed) release_fence(to);
    to.push_back(std::move(n));
    write_and_turn(to, p);
  }

  // Uses the variable if the flag is set.
  void ask(nodes& to, int number, int flag) {
    node n = plain(does::when_set, whole(flag));
    n.order = load_order();
    if (n.order == relaxed) {
      node f = just(does::fence);
      f.order = 2;
      n.body.push_back(f);
    }
    if (chance(70))
      n.body.push_back(plain(does::load, part(number)));
    else
      use_variable(n.body, number);
    to.push_back(std::move(n));
  }

  // The same before and after something that may order it.
  void around(nodes& to) {
    const place p = some_part();
    to.push_back(use(p));
    use_atomically(to, some_atomic(), p);
    to.push_back(use(p));
  }

  // A use by the variable's custom, mostly.
  void access(nodes& to) {
    const int number = some_variable(false);
    const variable v = at(number);
    const bool loyal = chance(loyalty_);
    const custom c = loyal ? v.usually : custom::any;
    switch (c) {
      case custom::locked: {
        if (holds_lock_ || in_helper_) break;
        node n = just(does::locked, v.with);
        holds_lock_ = true;
        use_variable(n.body, number);
        if (chance(30)) n.body.push_back(just(does::turn));
        if (chance(30)) use_variable(n.body, number);
        holds_lock_ = false;
        to.push_back(std::move(n));
        return;
      }
      case custom::flagged: {
        const int flag = v.with;
        if (!visible(flag)) break;
        if (thread_ == v.by)
          tell(to, number, flag);
        else
          ask(to, number, flag);
        return;
      }
      case custom::atomically: {
        place p = part(number);
        if (!p.aligned || p.pointed) break;
        use_atomically(to, std::move(p));
        return;
      }
      case custom::owned:
        if (v.with != thread_) return;
        break;
      case custom::any:
        break;
    }
    use_variable(to, number);
  }

  // A turn has to follow, or an atomic store.
  void release_fence(nodes& to) {
    node f = just(does::fence);
    f.order = release;
    to.push_back(f);
    place p = some_part();
    if (chance(50) && !p.pointed) to.push_back(plain(does::store, std::move(p), 1 + below(9)));
  }

  void synchronise(nodes& to) {
    if (chance(70)) {
      use_atomically(to, some_atomic());
      return;
    }
    if (chance(30)) {
      release_fence(to);
      to.push_back(just(does::turn));
      return;
    }
    static constexpr int orders[] = {1, 2, 4, 5};
    node f = just(does::fence);
    f.order = orders[below(4)];
    to.push_back(f);
  }

  void step(nodes& to) {
    for (int k = 1 + below(3); k > 0; --k) {
      const int dice = below(100);
      if (dice < (telling_ ? 80 : 55)) {
        access(to);
      } else if (dice < 60) {
        around(to);
      } else if (dice < 82) {
        synchronise(to);
      } else if (dice < 92 && depth_ < 2) {
        node n = just(does::when);
        n.bit = below(3);
        ++depth_;
        step(n.body);
        if (chance(40)) step(n.otherwise);
        --depth_;
        to.push_back(std::move(n));
      } else if (depth_ < 2 && loop_ < 0) {
        node n = just(does::repeat, 2 + below(2));
        n.dynamic = chance(30);
        ++depth_;
        loop_ = 0;
        access(n.body);
        if (chance(50)) synchronise(n.body);
        if (chance(50)) access(n.body);
        loop_ = -1;
        --depth_;
        to.push_back(std::move(n));
      }
    }
    if (chance(60)) to.push_back(just(does::turn));
  }

  void add_helper() {
    helper h;
    h.size = 1 << below(4);
    h.inlined = chance(40);
    h.accumulates_by_reference = chance(50);
    in_helper_ = true;
    place parameter;
    parameter.size = h.size;
    parameter.text = "v";
    h.body.push_back(use(parameter));
    if (chance(40)) synchronise(h.body);
    if (chance(30)) use_variable(h.body, -1);
    if (chance(50)) h.body.push_back(use(parameter));
    in_helper_ = false;
    out_.helpers.push_back(std::move(h));
  }

  nodes thread_body(int thread) {
    nodes body;
    thread_ = thread;
    scopes_.push_back(thread);
    std::vector<std::pair<int, bool>> children;
    if (thread != 0 && next_thread_ < threads_ && chance(30)) {
      add_plain(lives::in_thread, thread);
      children.push_back(spawn(body, thread));
    }
    for (int k = (telling_ ? 4 : 2) + below(4); k > 0; --k) {
      if (thread == 0 && next_thread_ < threads_) children.push_back(spawn(body, thread));
      step(body);
    }
    while (thread == 0 && next_thread_ < threads_) children.push_back(spawn(body, thread));
    if (thread == 0 && chance(40)) body.push_back(just(does::wait, 1 + below(threads_ - 1)));
    // A child that is not joined is waited for: it refers to our variables.
    for (const auto& [number, joinable] : children) {
      body.push_back(just(joinable && chance(75) ? does::join : does::await, number));
      if (chance(40)) step(body);
    }
    if (thread != 0) body.push_back(just(does::done));
    scopes_.pop_back();
    return body;
  }

  std::pair<int, bool> spawn(nodes& to, int parent) {
    node n = just(does::spawn, next_thread_++);
    n.joinable = chance(60);
    const std::pair<int, bool> child{n.number, n.joinable};
    n.body = thread_body(child.first);
    thread_ = parent;
    to.push_back(std::move(n));
    return child;
  }

  std::mt19937_64 random_;
  program out_;
  int loyalty_ = 80, threads_ = 2, next_thread_ = 1;
  int thread_ = 0, loop_ = -1, depth_ = 0;
  bool telling_ = false, holds_lock_ = false, in_helper_ = false;
  std::vector<int> scopes_;
};

}  // namespace

program generate(std::uint64_t seed) { return generator(seed).run(); }

}  // namespace snag::generated
