// SPDX-License-Identifier: Apache-2.0
#include "tests/generated/threads.h"

#include <boost/context/fixedsize_stack.hpp>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace snag::generated {

namespace context = boost::context;

void give_up(const char* why) {
  std::fprintf(stderr, "generated programs: %s\n", why);
  std::abort();
}

struct threads::thread {
  std::function<void()> body;
  std::function<bool()> ready;  // empty: it is
  context::stack_context stack;
  context::fiber fiber;
  bool started = false, ended = false;
};

namespace {

constexpr std::size_t stack_bytes = 256 << 10;

// Stacks stay until all threads are gone: what two of them do to one address would look like a race.
struct kept_stack {
  void deallocate(context::stack_context&) noexcept {}
};

}  // namespace

threads::threads(listener& told, chooser choose) : told_(told), choose_(std::move(choose)) {}

threads::~threads() {
  context::fixedsize_stack stacks(stack_bytes);
  for (auto& t : all_) {
    t->fiber = {};
    stacks.deallocate(t->stack);
  }
}

int threads::start(std::function<void()> body, bool joinable) {
  const int number = static_cast<int>(all_.size());
  auto t = std::make_unique<thread>();
  t->body = std::move(body);
  t->stack = context::fixedsize_stack(stack_bytes).allocate();
  thread& self = *t;
  t->fiber = context::fiber(std::allocator_arg, context::preallocated(t->stack.sp, t->stack.size, t->stack),
                            kept_stack{}, [this, &self, number](context::fiber&& scheduler) {
                              scheduler_ = std::move(scheduler);
                              self.body();
                              told_.ended(number);
                              self.ended = true;
                              return std::move(scheduler_);
                            });
  all_.push_back(std::move(t));
  if (number != 0) told_.created(number, current_, joinable);
  return number;
}

void threads::run(std::function<void()> first) {
  start(std::move(first), false);
  int last = -1;
  for (;;) {
    std::vector<int> ready;
    bool all_ended = true;
    for (int k = 0; k < static_cast<int>(all_.size()); ++k) {
      const thread& t = *all_[static_cast<std::size_t>(k)];
      all_ended = all_ended && t.ended;
      if (!t.ended && (!t.ready || t.ready())) ready.push_back(k);
    }
    if (all_ended) return;
    if (ready.empty()) give_up("all threads wait");
    current_ = choose_(ready);
    thread& t = *all_[static_cast<std::size_t>(current_)];
    if (t.ended || (t.ready && !t.ready())) give_up("the schedule wants a thread that cannot go on");
    t.ready = {};
    if (last != current_) told_.switched(last, current_);
    last = current_;
    if (!std::exchange(t.started, true)) {
      auto* high = static_cast<std::byte*>(t.stack.sp);
      told_.started(current_, high - t.stack.size, high);
    }
    t.fiber = std::move(t.fiber).resume();
  }
}

void threads::turn() { scheduler_ = std::move(scheduler_).resume(); }

void threads::wait_until(std::function<bool()> ready) {
  if (ready()) return;
  all_[static_cast<std::size_t>(current_)]->ready = std::move(ready);
  turn();
}

void threads::await(int number) {
  wait_until([t = all_[static_cast<std::size_t>(number)].get()] { return t->ended; });
}

void threads::join(int number) {
  await(number);
  told_.joined(current_, number);
}

void threads::lock(int mutex) {
  wait_until([this, mutex] { return !locked_[mutex]; });
  locked_[mutex] = true;
  told_.acquired(current_, mutex);
}

void threads::unlock(int mutex) {
  told_.released(current_, mutex);
  locked_[mutex] = false;
}

void threads::done(int group) {
  told_.released_merging(current_, first_group + group);
  ++members_done_[group];
}

void threads::wait(int group, int members) {
  wait_until([this, group, members] { return members_done_[group] >= members; });
  told_.acquired(current_, first_group + group);
}

}  // namespace snag::generated
