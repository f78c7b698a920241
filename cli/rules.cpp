// SPDX-License-Identifier: Apache-2.0
#include "cli/rules.h"

namespace snag::cli {
namespace {

constexpr rule table[] = {
    {"data-race", "two goroutines or threads touch one variable, and nothing orders them",
     R"(Two accesses overlap in memory, at least one of them writes, at least one is not atomic, and no chain of
synchronisation (a channel operation, a lock handed over, a wait group, an atomic release that an acquire
reads, starting or joining) leads from the one to the other. In C++ that is undefined behaviour, however
seldom it shows: the compiler may keep the variable in a register, and the processor may reorder.

The report holds for every run in which both accesses execute, not only for this interleaving: it looks at
the order that the program establishes, not at which access came first by the clock. `free`, the end of a
captured local's life and a first write after allocation count as writes, so use after free by another
goroutine is reported under this rule too.)",
     R"(int counter = 0;
int main() {
  snag::wait_group group;
  group.go([] { ++counter; });   // unordered with …
  ++counter;                     // … this one
  group.wait();
})",
     R"(Give the variable one owner and send values over a channel; or hold the same snag::mutex (or std::mutex) at
every access; or, for a single counter or flag, make it std::atomic; or wait (wait_group, channel, join) before
the second access. "Capture by value" is the cure where a lambda took a loop variable by reference. Sleeping
is no cure: it orders nothing. A race that is meant is no exception: make the variable std::atomic and use
memory_order_relaxed, which costs nothing on a plain load or store.)"},
    {"deadlock", "every goroutine waits, and nobody is left to wake one",
     R"(The runtime found that each goroutine is blocked on a channel, lock, wait group or condition, that no timer
is pending, and that no other thread can act. The program prints "fatal error: all goroutines are asleep -
deadlock!" with every goroutine's wait, and ends with status 2, as Go does. Goroutines that wait for ever
while others still run are not found yet.)",
     R"(int main() {
  snag::chan<int> c;   // unbuffered: a send waits for a receiver
  c << 1;              // there is none
  c.recv();
})",
     R"(Look at what each goroutine waits for in the dump. Usual causes: nobody receives (start the receiver first, or
give the channel a buffer), nobody closes a channel that a range loop reads, wait_group counts one task too
many, or two locks are taken in opposite orders (std::scoped_lock takes both at once).)"},
    {"panic", "an exception or a broken rule of the language ended the program",
     R"(snag::panic was called, an exception left a goroutine uncaught, or an operation that Go forbids was tried.
The message starts with "panic:", the goroutine's stack follows, and the status is 2, even if there are
findings.)",
     R"(int main() {
  snag::go([] { throw std::runtime_error("no such file"); });
  snag::sleep_for(std::chrono::seconds(1));
})",
     R"(Catch the exception inside the goroutine that may throw it: nobody else can. Carry errors to another goroutine
as values over a channel.)"},
    {"send-on-closed-channel", "a value was sent on a channel that is closed",
     R"(Sending on a closed channel panics ("send on closed channel"), whoever closed it. Receiving from one is fine: it
gives what is buffered and then zero values.)",
     R"(snag::chan<int> c(1);
c.close();
c << 1;)",
     R"(Let only the sender close, once all sends are done; with several senders, count them with a wait_group and close
after wait(). To tell senders to stop, use a second channel or a context.)"},
    {"close-of-closed-channel", "a channel was closed twice",
     R"(The second close panics ("close of closed channel"), and closing a nil channel panics too ("close of nil
channel"). If two goroutines may close, which of them panics depends on the schedule.)",
     R"(snag::chan<int> c;
c.close();
c.close();)",
     R"(Decide who owns the channel, and close there; or close under a snag::once.)"},
    {"negative-wait-group", "wait_group::done was called more often than add counted",
     R"(The counter of a wait group went below zero: panic "sync: negative WaitGroup counter".)",
     R"(snag::wait_group group;
group.done();)",
     R"(Use group.go(f), which counts for you; else call add(1) before the goroutine starts, in the goroutine that starts
it, and done() once, from a snag::defer.)"},
    {"unlock-of-unlocked-mutex", "a mutex was unlocked that the caller does not hold",
     R"(A fatal error, status 2, which catch does not see. snag::mutex has an owner, as std::mutex has and Go's mutex
has not: what another goroutine holds may not be unlocked either.)",
     R"(snag::mutex m;
m.unlock();)",
     R"(Use std::lock_guard or std::unique_lock. To hand permission from one goroutine to another, use a channel of
capacity one or a semaphore, which have no owner.)"},
    {"stack-overflow", "a goroutine used more stack than it has",
     R"(The goroutine ran into the guard page below its stack. The report names it and shows where it was. Nothing was
overwritten. Most often the recursion has no end; large local arrays count too.)",
     R"(int depth(int n) { return depth(n + 1) + 1; }
int main() { return depth(0); })",
     R"(End the recursion, put large buffers on the heap, or give that goroutine more:
snag::go({.stack_size = 8 << 20}, f).)"},
    {"goroutine-leak", "a goroutine waits for ever while the program goes on",
     R"(Nobody who can still run holds what would wake the goroutine: it keeps its stack and all it refers to. The
detector for this rule is not there yet; the word is reserved for it.)",
     R"(snag::chan<int> result;
snag::go([=] { result << slow(); });              // never taken after the timeout: this goroutine stays
snag::select(on_recv(result, [](int) {}), on_timeout(1s, [] {}));)",
     R"(Give the channel a buffer of one, so that the late result has a place; or pass a context and select on its
done() channel beside every send.)"},
};

}  // namespace

std::span<const rule> rules() { return table; }

}  // namespace snag::cli
