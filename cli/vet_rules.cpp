// SPDX-License-Identifier: Apache-2.0
// The pages of the checks of the source (clang-plugin/vet). Each says what is not seen: no check guesses.
#include "cli/rules.h"

namespace snag::cli {
namespace {

constexpr rule table[] = {
    {"reference-outlives-variable", "a goroutine refers to a variable whose life ends before the goroutine's",
     R"(A lambda that is started as a goroutine, in a group or as a detached thread captures a local variable or a parameter
by reference (or gets std::ref or a pointer to it), and the variable's life ends while the goroutine may still run:
nothing on the way from the start to that end can have waited for it. What the goroutine finds there then is
whatever has been put in the place since.)",
     R"(snag::wait_group group;
for (const std::string& name : names) {
  std::string path = directory + name;
  group.go([&] { load(path); });   // path ends with this round …
}
group.wait();                      // … and this comes after all rounds)",
     R"(Capture a copy ([=], [path], [path = std::move(path)]); or wait before the variable ends.)",
     R"(Reported only if on every path to an end of the variable's life the goroutine was started and not waited for, or if
no path to any end waits. Anything that may wait counts as waiting: calls of functions whose body is not in sight,
channel operations, locks, destructors. Threads that are joined, variables of main's outermost block (the program
ends with them), references to references, captures of `this`, and goroutines started by functions that the lambda is
passed to, are not looked at.)"},
    {"race-with-goroutine", "a function uses a variable that a goroutine which it started uses, too",
     R"(A goroutine or thread uses a variable of its starter's by reference; the starter reads or writes it while nothing has
waited for the goroutine, and at least one of the two writes. That is a data race in every run that comes there.)",
     R"(int sum = 0;
snag::wait_group group;
group.go([&] { sum += work(); });
if (sum > 0) report(sum);        // not waited for yet
group.wait();)",
     R"(Wait first; or return the value over a channel; or give each goroutine a variable of its own.)",
     R"(Only variables of scalar types, and only goroutines whose body neither waits for nor tells anybody anything (no
channel, lock, atomic, nor any call of a function whose body is not in sight): what those do may be ordered in ways that
one function does not show. Races between two goroutines, and of members or globals, are left to -race.)"},
    {"add-inside-goroutine", "a goroutine counts itself into the wait group that is waited for",
     R"(The first statement of the goroutine is add on a wait group of its starter's, which waits for it. If the wait comes
first it finds nothing to wait for, and returns at once. With -race the rule add-beside-wait tells of the same.)",
     R"(snag::wait_group group;
snag::go([=] { group.add(1); work(); group.done(); });
group.wait();)",
     R"(group.go(f) counts before the goroutine starts. Or call add in front of snag::go. --fix does the latter, where add is
given a number and the start is a statement of a block.)",
     R"(Groups that are members, globals or parameters; groups that the function also counts itself (the goroutine may then be
counted by somebody already); waits after anything that may have waited for the goroutine; an add that is not the first
statement.)"},
    {"lock-not-released", "a function may be left with a mutex locked that it unlocks elsewhere",
     R"(The function calls lock and unlock itself, and on every path to one of its ways out the mutex is locked and not
unlocked. Who comes next waits for ever.)",
     R"(m.lock();
if (queue.empty()) return false;   // m stays locked
queue.pop();
m.unlock();
return true;)",
     R"(Use a guard, which unlocks on every way out: std::lock_guard hold(m);)",
     R"(Functions that may be meant to hold it: that never unlock; whose result tells the caller (other values on the ways out
that hold it), unless all code that has the mutex is in sight and unlocks only what it locked itself; that end locked and
unlock where they give up; that say what they do by Clang's thread-safety attributes. Mutexes reached by a pointer that
changes or by an index; a way out after a call that might unlock (one that is given the mutex, or that is not in sight
and can reach it); ways out by an exception; shared locks.)"},
    {"lock-held-already", "a function locks a mutex that it holds",
     R"(On every path to the lock the same function has locked the same mutex, by lock or by a guard, and not unlocked it. A
mutex that is not recursive waits for itself then.)",
     R"(std::lock_guard a(m);
total += n;
std::lock_guard b(m);   // waits for a)",
     R"(Lock once; or give the inner block a function that expects the lock to be held.)",
     R"(Locks that another function took; recursive mutexes, and pthread mutexes (whose kind is not seen); shared locks;
anything after a call that might have unlocked.)"},
    {"lock-held-across-wait", "a function waits for a goroutine that needs a mutex which the function holds",
     R"(The function holds a mutex while it starts a goroutine and while it waits for it (by its group, by join, or for a
value on a channel that only the two have), and the goroutine locks that mutex first. Neither can go on.)",
     R"(std::lock_guard hold(m);
group.go([&] { std::lock_guard mine(m); ++n; });
group.wait();)",
     R"(End the guard's block before the wait; or start and wait before you lock.)",
     R"(Locks in branches, loops or functions that the goroutine calls; mutexes that are locked in more than one place of the
function; goroutines that others started; channels that more than one goroutine has. A lock that is merely held for
long, across an operation that somebody else will complete, is not reported.)"},
    {"mutex-not-shared", "a guard locks a mutex that nobody else can have",
     R"(The mutex is a local variable, or part of a parameter that is passed by value, and only this call has it; but under it
something is changed that outlives the call. Every caller locks a mutex of its own.)",
     R"(void count() {
  std::mutex m;               // one for each call
  std::lock_guard hold(m);
  ++total;                    // shared by all
})",
     R"(Make the mutex live as long as what it protects: a global, a static local, a member beside the data; pass what holds it by
reference.)",
     R"(Mutexes that are captured, or given to any function; changes other than by an operator or a modifying method of the standard
containers; what is changed through pointers and references; main.)"},
    {"close-after-close", "a channel is closed twice by one function",
     R"(On every path to the close the same function, perhaps by a snag::defer, has closed the channel. The second close panics:
"close of closed channel".)",
     R"(snag::chan<int> c;
snag::defer close([&] { c.close(); });
c.close();)",
     R"(Close in one place: where the last value was sent.)",
     R"(Copies of the handle under another name; closes in other functions and goroutines; operations inside of a try block, which may
be meant to panic; channels that are assigned to.)"},
    {"send-after-close", "a value is sent on a channel that the same function has closed",
     R"(On every path to the send the function has closed the channel. The send panics: "send on closed channel".)",
     R"(results.close();
results << last;)",
     R"(Close after the last send.)", R"(As for close-after-close; try_send, and the sends of a select.)"},
    {"receiver-closes", "a function closes a channel while the goroutine that sends on it goes on",
     R"(A function starts a goroutine that sends on a channel, and closes the channel itself. Either that goroutine closes it as
well, whatever happens: then the second close panics. Or it sends in a loop that nothing ends: then its next send
panics.)",
     R"(snag::chan<int> numbers;
snag::go([=] { for (int i = 0;; ++i) numbers << i; });
use(numbers.recv());
numbers.close();)",
     R"(Let the sender close. To stop it, cancel a context that it selects on, beside its send.)",
     R"(Senders that stop by themselves after a number of values, and that do not close; senders in functions that are called; channels that
are members, globals or parameters.)"},
    {"cancel-dropped", "a context is kept whose cancel function has ended",
     R"(with_cancel, with_timeout and their kin return a context and the function that cancels it, and the end of the last copy
of that function cancels the context. Here only the context is kept: it is cancelled when the statement, or the function,
ends.)",
     R"(auto ctx = snag::with_timeout(parent, 2s).ctx;   // cancelled at the semicolon
fetch(ctx, url);)",
     R"(Keep both: auto [ctx, cancel] = snag::with_timeout(parent, 2s); and return both where a function makes them. --fix does
the former.)",
     R"(Handles that are stored in members and never used; cancel functions that are kept and never called (their end cancels). A context
that is only passed on in the same expression is fine.)"},
    {"primitive-copied", "a lock, condition variable or semaphore is copied as bytes",
     R"(A pthread_mutex_t, pthread_cond_t, pthread_rwlock_t, pthread_barrier_t, sem_t, mtx_t or cnd_t, alone or in a struct, is
copied by assignment, by value or by a capture; or something that holds any mutex is copied by memcpy. POSIX leaves
undefined what an operation on a copy does: it may seem unlocked, or locked for ever.)",
     R"(struct account { pthread_mutex_t lock; int balance; };
void pay(struct account* a) {
  struct account mine = *a;            // and its lock
  pthread_mutex_lock(&mine.lock);
})",
     R"(Pass a pointer or a reference. In C++ a std::mutex member makes the compiler refuse the copy.)",
     R"(Copies of constants (patterns such as PTHREAD_MUTEX_INITIALIZER, which were never locked), of what a function returns, and
those that a copy constructor of the user's makes; memcpy by a size that is not sizeof of the type.)"},
    {"thread-unsafe-call",
     "goroutines that may run at once call a function of the C library that shares its state",
     R"(strtok, localtime, gmtime, asctime, ctime, getpwnam, gethostbyname, drand48, setenv, setlocale and their like keep a result or
a state in one place for the whole process. Two goroutines or threads that this function starts, or one and the function
itself, may be in one of them at the same time. The place is the C library's own, so -race may not see the race.)",
     R"(for (std::time_t t : times)
  group.go([=] { print(std::localtime(&t)->tm_hour); });)",
     R"(Call the variant that takes a buffer (localtime_r, strtok_r, getpwnam_r, …), or what the message names.)",
     R"(A goroutine of which only one is started; calls in functions that the goroutine calls; goroutines that lock, receive or call
anything not in sight (they may take turns). rand, strerror and getenv are safe enough with glibc: it locks, or keeps a
buffer a thread. readdir is safe on a stream of one's own.)"},
};

}  // namespace

std::span<const rule> vet_rules() { return table; }

}  // namespace snag::cli
