// SPDX-License-Identifier: Apache-2.0
// What is probably wrong where there is a race: the words in brackets after a report's hints.
#include "cli/rules.h"

namespace snag::cli {
namespace {

constexpr rule table[] = {
    {"captured-by-reference", "a lambda captured the variable by reference, so its goroutine shares it",
     R"(Whoever made the lambda, and every other goroutine that the same variable went to, has the same memory. With
[&] that is easily overlooked.)",
     R"(int counter = 0;
snag::wait_group group;
for (int i = 0; i < 2; ++i) group.go([&] { ++counter; });
group.wait();)",
     R"(Capture a copy ([=], or [counter]), send the value over a channel, or synchronise: a mutex, an atomic.)"},
    {"one-side-forgot-the-lock", "one of the two accesses holds a lock, the other none",
     R"(A lock orders only those who take it. Mostly a function was added that does not, or a getter that "only reads".)",
     R"(int balance = 0;
snag::mutex m;
snag::go([&] { std::lock_guard guard(m); balance = 1; });
int now = balance;   // without m)",
     R"(Take the same lock for every access, reading included. SNAG_GUARDED_BY(m) and -Wthread-safety let the compiler
see to it.)"},
    {"different-locks", "both accesses hold locks, but none in common",
     R"(Two locks order nothing between each other's holders. Often each object has a lock of its own, and the data is
shared by both.)",
     R"(int total = 0;
snag::mutex m, n;
snag::go([&] { std::lock_guard guard(m); ++total; });
std::lock_guard guard(n);
++total;)",
     R"(Decide which lock guards the variable, and take that one everywhere.)"},
    {"written-under-read-lock", "the writer holds a shared mutex for reading only",
     R"(Any number may hold it for reading at one time: each of them may write beside the others.)",
     R"(int cached = 0;
snag::shared_mutex m;
snag::go([&] { std::shared_lock reading(m); cached = 1; });
std::shared_lock reading(m);
int now = cached;)",
     R"(Take it for writing (std::unique_lock) where anything is changed; caches and counters included.)"},
    {"atomic-on-one-side", "one access is atomic, the other is not",
     R"(An atomic access orders nothing with a plain one to the same variable. std::atomic_ref and __atomic builtins
make this possible: a std::atomic has no plain accesses but its construction.)",
     R"(int ready = 0;
snag::go([&] { std::atomic_ref<int> flag(ready); flag = 1; });
bool now = ready == 1;)",
     R"(Make the variable a std::atomic: then no access can be plain.)"},
    {"polled-plain-flag", "a loop waits for a plain variable to change",
     R"(The compiler may read it once and loop for ever, and what was written before the flag need not be visible
after it.)",
     R"(bool done = false;
snag::go([&] { done = true; });
while (!done) snag::yield();)",
     R"(Make it a std::atomic<bool>, or better wait: on a channel that is closed, a wait_group, a condition variable.)"},
    {"add-inside-the-goroutine", "the goroutine itself adds to the wait group that the other side waits for",
     R"(wait() may look before the goroutine has run: it finds nothing to wait for and returns too early.)",
     R"(int result = 0;
snag::wait_group group;
snag::go([&] { group.add(1); result = 1; group.done(); });
group.wait();
int now = result;)",
     R"(Use group.go(f), which counts before the goroutine starts; or call add(1) before snag::go.)"},
    {"freed-in-use", "a block is freed while another goroutine may still use it",
     R"(Nothing orders the last use before the free. Whichever came first this time, it can be the other way round.)",
     R"(int* shared = new int(1);
snag::go([=] { *shared = 2; });
delete shared;)",
     R"(Wait for the goroutine before the free, or let the last user free it: std::shared_ptr.)"},
    {"outlived-by-goroutine", "a local variable ends while another goroutine may still use it",
     R"(The goroutine has a reference or pointer to a variable of a block that is left without waiting for the
goroutine. What it reads or writes then belongs to somebody else.)",
     R"({ int local = 0;
  snag::go([&] { local = 1; }); }   // local ends here)",
     R"(Wait for the goroutine before the end of the block (wait_group), or give it a copy, or a std::shared_ptr.)"},
    {"published-unsynchronised", "a pointer to a fresh block reached the other side without synchronisation",
     R"(Who finds the pointer may not find what was written into the block before: the pointer was stored plainly, or
as a relaxed atomic.)",
     R"(std::atomic<int*> box{nullptr};
snag::go([&] { box.store(new int(1), std::memory_order_relaxed); });
if (int* found = box.load(std::memory_order_relaxed)) snag::println("{}", *found);)",
     R"(Hand the pointer over by a channel, under a lock, or as an atomic with release and acquire (the default).)"},
    {"container-not-synchronised", "a container is changed while another goroutine uses it",
     R"(The standard library's objects do not lock themselves: a push_back beside a size() is a race, and may move the
elements.)",
     R"(std::vector<int> jobs;
snag::go([&] { jobs.push_back(1); });
std::size_t count = jobs.size();)",
     R"(Guard it with a mutex, let one goroutine own it and send to that one, or use snag::sync_map or a channel.)"},
};

}  // namespace

std::span<const rule> hint_rules() { return table; }

}  // namespace snag::cli
