// SPDX-License-Identifier: Apache-2.0
// The one sender lies in a closure, in another channel, in somebody else's frame, with a timer or a context,
// or in memory that belongs to nobody in particular. What is like a global is reached by whoever runs: it has
// no twin, and neither has what only the kernel knows.
#include "home.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <memory_resource>
#include <new>
#include <thread>
#include <tuple>

using namespace handles;

// --- Closures.

TWINS(in_a_closure) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  snag::go({.name = "holder"}, [s = std::move(s)] { Life::stay(); });
  settle(2);
}

TWINS(in_an_argument_of_go) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  snag::go({.name = "holder"}, [](const sender&) { Life::stay(); }, std::move(s));
  settle(2);
}

TWINS(in_a_task_of_a_wait_group) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  const snag::wait_group group;
  group.go([s = std::move(s)] {
    snag::go({.name = "holder"}, [&s] { Life::stay(); });
    Life::stay();
  });
  settle(3);
}

NO_LEAK(in_a_closure_that_has_not_begun, "it is about to") {
  auto [s, r] = make_ends();
  receive(std::move(r));
  settle(1);
  snag::go([s = std::move(s)] { s.send(1); });
}

// --- Other channels' buffers.

HOME(in_a_buffer, [](sender s) {
  const snag::chan<sender> box(1);
  box.send(std::move(s));
  return box;
});
HOME(in_a_buffer_that_only_receivers_have, [](sender s) {
  const snag::chan<sender> box(3);
  box.send(std::move(s));
  return snag::recv_chan<sender>(box);
});
HOME(in_a_buffer_in_a_buffer, [](sender s) {
  const snag::chan<sender> inner(1);
  const snag::chan<snag::chan<sender>> outer(1);
  inner.send(std::move(s));
  outer.send(inner);
  return outer;
});
// Offered by a goroutine that waits for somebody to take it: it lives if somebody can.
TWINS(in_what_is_offered, "courier") {
  auto [s, r] = make_ends();
  receive(std::move(r));
  const snag::chan<sender> offers;
  snag::go({.name = "courier"},
           [to = snag::send_chan<sender>(offers), s = std::move(s)]() mutable { to.send(std::move(s)); });
  snag::go({.name = "holder"}, [from = snag::recv_chan<sender>(offers)] { Life::stay(); });
  settle(3);
}

// --- Frames of others.

TWINS(in_a_frame_that_another_knows, "framer") {
  auto [s, r] = make_ends();
  receive(std::move(r));
  const snag::chan<sender*> shown;
  snag::go({.name = "framer"}, [shown, s = std::move(s)]() mutable {
    sender mine = std::move(s);
    shown.send(&mine);
    stay_elsewhere<Life>();
    use(mine);
  });
  snag::go({.name = "holder"}, [shown] {
    sender* const borrowed = shown.recv();
    Life::stay();
    borrowed->send(1);
  });
  settle(3);
}
// The frame's owner waits for ever. Whoever can reach its sender can, as far as we know, reach all of its
// frame.
NO_LEAK(in_a_dead_frame_that_the_living_know) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  const snag::chan<sender*> shown;
  snag::go([shown, s = std::move(s)]() mutable {
    sender mine = std::move(s);
    shown.send(&mine);
    dead::stay();
    use(mine);
  });
  snag::go([shown] {
    sender* const borrowed = shown.recv();
    alive::stay();
    borrowed->send(1);
  });
  settle(3);
}

// --- Timers and contexts.

NO_LEAK(with_a_timer_that_is_armed) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  std::ignore = snag::after_func(1h, [s = std::move(s)] { s.send(1); });
  settle(1);
}
HOME(with_a_timer_that_was_stopped, [](sender s) {  // who has it may start it again
  auto timer = snag::after_func(1h, [s = std::move(s)] { s.send(1); });
  timer.stop();
  return timer;
});
HOME(with_a_context, [](sender s) {
  struct key {
    using type = sender;
  };
  return snag::with_value<key>(snag::context::background(), std::move(s));
});
HOME(with_what_a_cancellation_starts, [](sender s) {
  struct all {
    snag::cancellable of;
    snag::context_stop_func stop;
  };
  auto made = snag::with_cancel(snag::context::background());
  auto stop = snag::context_after_func(made.ctx, [s = std::move(s)] { s.send(1); });
  return all{std::move(made), std::move(stop)};
});

// --- Threads.

namespace {

thread_local std::unique_ptr<sender> of_thread;
thread_local sender in_thread(nullptr);

// put(sender), on a thread, which then stays.
template <class Life, class Put>
void on_a_thread(Put put) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  static std::atomic<pid_t> id;
  std::thread([s = std::move(s), put]() mutable {
    auto kept = put(std::move(s));
    use(kept);
    id = gettid();
    Life::stay();
    use(kept);
  }).detach();
  settle_thread(id);
  settle(1);
}

}  // namespace

#define ON_A_THREAD(name, ...)                                                            \
  NO_LEAK(name) { on_a_thread<alive>(__VA_ARGS__); }                                      \
  LEAK(name##_of_the_dead, "orphan: receiver thread") { on_a_thread<dead>(__VA_ARGS__); } \
  static_assert(true)

ON_A_THREAD(on_the_stack_of_a_thread, [](sender s) { return s; });
ON_A_THREAD(behind_the_stack_of_a_thread, [](sender s) { return std::make_unique<sender>(std::move(s)); });
ON_A_THREAD(in_a_thread_local, [](sender s) {
  in_thread = std::move(s);
  return 0;
});
ON_A_THREAD(behind_a_thread_local, [](sender s) {
  of_thread = std::make_unique<sender>(std::move(s));
  return 0;
});
ON_A_THREAD(in_the_value_of_a_key, [](sender s) {
  pthread_key_t key;
  if (pthread_key_create(&key, nullptr) != 0) std::abort();
  pthread_setspecific(key, new sender(std::move(s)));
  return 0;
});

NO_LEAK(in_a_thread_local_of_a_worker, "whoever runs there next can read it") {
  auto [s, r] = make_ends();
  receive(std::move(r));
  snag::wait_group over;
  over.go([s = std::move(s)]() mutable { in_thread = std::move(s); });
  over.wait();
  settle(1);
}
NO_LEAK(behind_a_thread_local_of_a_worker) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  snag::wait_group over;
  over.go([s = std::move(s)]() mutable { of_thread = std::make_unique<sender>(std::move(s)); });
  over.wait();
  settle(1);
}

// --- Globals, and what is like them.

namespace {

sender global(nullptr);
sender* pointed_at;
alignas(sender) std::byte static_bytes[4096];

void map(int flags, int file) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  void* const memory = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, flags, file, 0);
  if (memory == MAP_FAILED) std::abort();
  new (static_cast<std::byte*>(memory) + 4096) sender(std::move(s));
  settle(1);
}

int file_of_two_pages() {
  char name[] = "/tmp/handles_XXXXXX";
  const int file = mkstemp(name);
  if (file < 0 || unlink(name) != 0 || ftruncate(file, 8192) != 0) std::abort();
  return file;
}

}  // namespace

NO_LEAK(in_a_global) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  global = std::move(s);
  settle(1);
}
NO_LEAK(behind_a_global) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  pointed_at = new sender(std::move(s));
  settle(1);
}
NO_LEAK(in_a_local_static) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  static sender kept = std::move(s);
  settle(1);
}
NO_LEAK(in_an_arena_of_static_memory) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  static std::pmr::monotonic_buffer_resource arena(static_bytes, sizeof static_bytes);
  new (arena.allocate(sizeof(sender))) sender(std::move(s));
  settle(1);
}
NO_LEAK(behind_a_variable_of_a_shared_library, "optarg is libc's") {
  auto [s, r] = make_ends();
  receive(std::move(r));
  optarg = reinterpret_cast<char*>(new sender(std::move(s)));
  settle(1);
}
NO_LEAK(behind_a_variable_of_a_library_that_was_opened, "a second libc, with an optarg of its own") {
  auto [s, r] = make_ends();
  receive(std::move(r));
  void* const library = dlmopen(LM_ID_NEWLM, "libc.so.6", RTLD_NOW);
  void* const variable = library != nullptr ? dlsym(library, "optarg") : nullptr;
  if (variable == nullptr || variable == &optarg) std::abort();
  *static_cast<sender**>(variable) = new sender(std::move(s));
  settle(1);
}
NO_LEAK(in_private_mapped_memory) { map(MAP_PRIVATE | MAP_ANONYMOUS, -1); }
NO_LEAK(in_shared_mapped_memory) { map(MAP_SHARED | MAP_ANONYMOUS, -1); }
NO_LEAK(in_a_shared_mapping_of_a_file) { map(MAP_SHARED, file_of_two_pages()); }
NO_LEAK(in_a_private_mapping_of_a_file) { map(MAP_PRIVATE, file_of_two_pages()); }
NO_LEAK(behind_mapped_memory) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  void* const memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  *static_cast<sender**>(memory) = new sender(std::move(s));
  settle(1);
}
// Only the kernel knows where the stack is that signals are handled on.
NO_LEAK(on_the_stack_for_signals) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  constexpr std::size_t size = 64 * 1024;
  auto* const memory = new std::byte[size];
  new (memory) sender(std::move(s));
  stack_t stack{};
  stack.ss_sp = memory;
  stack.ss_size = size;
  if (sigaltstack(&stack, nullptr) != 0) std::abort();
  settle(1);
}
