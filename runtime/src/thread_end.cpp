// SPDX-License-Identifier: Apache-2.0
// By a key of our own. The C library calls keys' destructors in rounds, as long as they set values again;
// ours does so until the last round. (Destructors that set their own values that often, and come after ours
// in that round, find another actor.)
#include "runtime/src/thread_end.h"

#include <limits.h>
#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <utility>

#include "runtime/src/check.h"
#include "runtime/src/sanitizer.h"

namespace snag::detail {
namespace {

[[gnu::tls_model("initial-exec")]] constinit thread_local thread_ending* endings = nullptr;

// A key plus one; 0: not made yet.
constinit std::atomic<std::uint64_t> known_key{0};

void set_rounds_left(std::uintptr_t rounds) noexcept {
  const std::uint64_t key = known_key.load(std::memory_order_acquire);
  pthread_setspecific(static_cast<pthread_key_t>(key - 1), reinterpret_cast<void*>(rounds));
}

void destroy(void* value) noexcept {
  const auto rounds_left = reinterpret_cast<std::uintptr_t>(value);
  if (rounds_left > 1) return set_rounds_left(rounds_left - 1);
  while (endings != nullptr) {
    thread_ending& e = *std::exchange(endings, endings->next());
    e.run(e);
  }
}

void ensure_key() noexcept {
  if (known_key.load(std::memory_order_acquire) != 0) return;
  pthread_key_t made;
  SNAG_CHECK(pthread_key_create(&made, destroy) == 0, "no pthread key is left for the first thread");
  std::uint64_t none = 0;
  if (!known_key.compare_exchange_strong(none, std::uint64_t{made} + 1)) pthread_key_delete(made);
}

}  // namespace

[[gnu::noinline]] void at_thread_end(thread_ending& e) noexcept {
  ensure_key();
  // Sanitizers give up their own state of the thread in the last round.
  if (endings == nullptr) set_rounds_left(PTHREAD_DESTRUCTOR_ITERATIONS - (sanitized ? 1 : 0));
  e.set_next(endings);
  endings = &e;
}

}  // namespace snag::detail
