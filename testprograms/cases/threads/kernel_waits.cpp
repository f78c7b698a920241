// SPDX-License-Identifier: Apache-2.0
// What the kernel and the C library order without handing data over: readiness, locks of files and streams,
// signals that are sent and waited for.
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/select.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "../case.h"

namespace {

struct one_pipe {
  int ends[2] = {-1, -1};
  one_pipe() {
    if (pipe(ends) != 0) std::abort();
  }
  void send() const {
    if (write(ends[1], "x", 1) != 1) std::abort();
  }
  void await_by_poll() const {
    pollfd readable{ends[0], POLLIN, 0};
    if (poll(&readable, 1, -1) != 1) std::abort();
  }
  void await_by_select() const {
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(ends[0], &readable);
    if (select(ends[0] + 1, &readable, nullptr, nullptr, nullptr) != 1) std::abort();
  }
};

// Blocked in all threads that are made from here on.
struct blocked_signal {
  sigset_t set;
  blocked_signal() {
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
  }
  void wait() const {
    int number = 0;
    if (sigwait(&set, &number) != 0 || number != SIGUSR1) std::abort();
  }
};

template <class One, class Other>
void both(One one, Other other) {
  std::thread first(one), second(other);
  first.join();
  second.join();
}

int opened() {
  char name[] = "/tmp/snag-lock-XXXXXX";
  const int fd = mkstemp(name);
  if (fd < 0) std::abort();
  unlink(name);
  return fd;
}

// What is written before `make_ready` is read after `await`.
template <class MakeReady, class Await>
void handed_over(MakeReady make_ready, Await await) {
  int value = 0;
  const one_pipe p;
  both(
      [&] {
        value = 1;
        make_ready(p);
      },
      [&] {
        await(p);
        if (value != 1) std::abort();
      });
}

// Two threads, each with an open file of its own: the locks of one do not exclude its own users.
template <class Lock, class Unlock>
void counted_in_a_file(Lock lock, Unlock unlock) {
  int value = 0;
  const int fd = opened();
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  const auto count = [&] {
    const int own = open(path, O_RDWR);
    for (int i = 0; i < 10; ++i) {
      lock(own);
      ++value;
      unlock(own);
    }
    close(own);
  };
  both(count, count);
}

}  // namespace

NO_RACE(polled_and_not_read) {
  handed_over([](const one_pipe& p) { p.send(); }, [](const one_pipe& p) { p.await_by_poll(); });
}

RACE(written_after_what_is_polled) {
  int value = 0;
  const one_pipe p;
  both(
      [&] {
        p.send();
        value = 1;  // <- 1
      },
      [&] {
        p.await_by_poll();
        if (value > 1) std::abort();  // <- 2
      });
}

NO_RACE(selected_and_not_read) {
  handed_over([](const one_pipe& p) { p.send(); }, [](const one_pipe& p) { p.await_by_select(); });
}

NO_RACE(polled_until_the_other_end_is_closed) {
  handed_over([](const one_pipe& p) { close(p.ends[1]); }, [](const one_pipe& p) { p.await_by_poll(); });
}

NO_RACE(under_the_lock_of_a_file) {
  counted_in_a_file([](int own) { flock(own, LOCK_EX); }, [](int own) { flock(own, LOCK_UN); });
}

NO_RACE(under_a_record_lock_of_an_open_file) {
  const auto lock = [](short type) {
    return [type](int own) {
      struct flock whole{};
      whole.l_whence = SEEK_SET;
      whole.l_type = type;
      if (fcntl(own, F_OFD_SETLKW, &whole) != 0) std::abort();
    };
  };
  counted_in_a_file(lock(F_WRLCK), lock(F_UNLCK));
}

NO_RACE(under_the_lock_of_a_stream) {
  int value = 0;
  const auto count = [&] {
    for (int i = 0; i < 10; ++i) {
      flockfile(stdout);
      ++value;
      funlockfile(stdout);
    }
  };
  both(count, count);
}

RACE(under_the_locks_of_two_streams) {
  int value = 0;
  both(
      [&] {
        flockfile(stdout);
        ++value;  // <- 1
        funlockfile(stdout);
      },
      [&] {
        flockfile(stderr);
        ++value;  // <- 2
        funlockfile(stderr);
      });
}

NO_RACE(signal_that_is_waited_for) {
  int value = 0;
  const blocked_signal signal;
  std::thread waiter([&] {
    signal.wait();
    if (value != 1) std::abort();
  });
  value = 1;
  pthread_kill(waiter.native_handle(), SIGUSR1);
  waiter.join();
}

RACE(written_after_the_signal) {
  int value = 0;
  const blocked_signal signal;
  std::thread waiter([&] {
    signal.wait();
    if (value > 1) std::abort();  // <- 1
  });
  pthread_kill(waiter.native_handle(), SIGUSR1);
  value = 1;  // <- 2
  waiter.join();
}
