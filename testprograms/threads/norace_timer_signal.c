// SPDX-License-Identifier: Apache-2.0
// A timer sends its signal to a thread that main did not create last; what was set before the timer was armed
// is read by the handler there.
// verdict: clean 20/20
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

static int step, ticks;
static atomic_int over;

static void on_tick(int number, siginfo_t* info, void* context) {
  (void)number, (void)context;
  ticks += step + info->si_value.sival_int;
  if (ticks >= 15) atomic_store(&over, 1);
}

static void* take_ticks(void* set) {
  pthread_sigmask(SIG_UNBLOCK, set, 0);
  while (!atomic_load_explicit(&over, memory_order_relaxed)) sched_yield();
  return 0;
}

int main(void) {
  struct sigaction action = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO};
  sigaction(SIGRTMIN, &action, 0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN);
  pthread_sigmask(SIG_BLOCK, &set, 0);
  pthread_t thread;
  pthread_create(&thread, 0, take_ticks, &set);
  struct sigevent event = {
      .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value = {.sival_int = 2}};
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return 1;
  step = 3;
  struct itimerspec soon = {{0, 1000000}, {0, 1000000}};
  if (timer_settime(timer, 0, &soon, 0) != 0) return 1;
  pthread_join(thread, 0);
  timer_delete(timer);
  return ticks < 15;
}
