// SPDX-License-Identifier: Apache-2.0
// Annotated for ThreadSanitizer, whose functions are called only if it is there: an ordinary lock besides.
// verdict: clean 20/20
#include <atomic>
#include <thread>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WITH_THREAD_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_THREAD__) || defined(WITH_THREAD_SANITIZER)
extern "C" void __tsan_acquire(void*);
extern "C" void __tsan_release(void*);
#define ANNOTATE_HAPPENS_BEFORE(address) __tsan_release(address)
#define ANNOTATE_HAPPENS_AFTER(address) __tsan_acquire(address)
#else
#define ANNOTATE_HAPPENS_BEFORE(address)
#define ANNOTATE_HAPPENS_AFTER(address)
#endif

std::atomic<bool> busy = false;
int log_lines = 0;

void log() {
  while (busy.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
  ANNOTATE_HAPPENS_AFTER(&busy);
  log_lines++;
  ANNOTATE_HAPPENS_BEFORE(&busy);
  busy.store(false, std::memory_order_release);
}

int main() {
  std::thread a(log), b(log);
  a.join();
  b.join();
  return log_lines != 2;
}
