// SPDX-License-Identifier: Apache-2.0
// A handler leaves by a jump, out of whatever it interrupted; the thread goes on to work with locks.
// verdict: clean 20/20
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>

enum { size = 64 };
static int table[size];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int result, over;
static sigjmp_buf out;
static atomic_int computing;

static void on_signal(int number) {
  (void)number;
  siglongjmp(out, 1);
}

static void* compute(void* unused) {
  for (volatile int jumps = 0; jumps < 20; ++jumps) {
    if (sigsetjmp(out, 1) == 0) {
      atomic_store(&computing, 1);
      for (;;)
        for (int i = 0; i < size; ++i) table[i] = table[(i * 7 + 1) % size] + i;
    }
    pthread_mutex_lock(&mutex);
    result += table[0];
    over = jumps == 19;
    pthread_mutex_unlock(&mutex);
  }
  return unused;
}

int main(void) {
  signal(SIGUSR1, on_signal);
  pthread_t thread;
  pthread_create(&thread, 0, compute, 0);
  for (int done = 0; !done;) {
    if (atomic_exchange(&computing, 0)) pthread_kill(thread, SIGUSR1);
    pthread_mutex_lock(&mutex);
    done = over;
    pthread_mutex_unlock(&mutex);
  }
  pthread_join(thread, 0);
  return result == -1;
}
