// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rows of the comparison, written once for every library in C++: an Api says what its goroutine, channel,
// lock and so on are called. go/main.go is the same in Go: same work, same counts, same output.
// A row that an Api has no counterpart for is left out (it lacks the member that the row asks for).
#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace snag::peers {

using std::chrono::steady_clock;

inline void check(bool ok) {
  if (ok) return;
  std::fputs("wrong result\n", stderr);
  std::abort();
}

inline void print(const char* row, const char* figure, double value) {
  std::printf("%s %s %.3f\n", row, figure, value);
  std::fflush(stdout);
}

inline double nanoseconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double, std::nano>(steady_clock::now() - start).count();
}

// Nanoseconds for each of n operations.
template <class F>
void each(const char* row, double n, F&& f) {
  const auto start = steady_clock::now();
  f();
  print(row, "ns", nanoseconds_since(start) / n);
}

// Resident memory and page tables, in bytes.
inline double memory_in_use() {
  double sum = 0;
  char line[256];
  std::FILE* status = std::fopen("/proc/self/status", "r");
  while (std::fgets(line, sizeof line, status) != nullptr) {
    long kib = 0;
    if (std::sscanf(line, "VmRSS: %ld", &kib) == 1 || std::sscanf(line, "VmPTE: %ld", &kib) == 1)
      sum += static_cast<double>(kib) * 1024;
  }
  std::fclose(status);
  return sum;
}

// A wait group for libraries that have none.
template <class Mutex, class Condition>
struct locked_count {
  Mutex m;
  Condition zero;
  int count = 0;
  void add(int n) {
    const std::lock_guard lock(m);
    count += n;
  }
  void done() {
    const std::lock_guard lock(m);
    if (--count == 0) zero.notify_all();
  }
  void wait() {
    std::unique_lock lock(m);
    zero.wait(lock, [this] { return count == 0; });
  }
};

template <class Api>
void yield(const char* row) {
  const int n = 300'000;
  typename Api::wait_group done;
  done.add(1);
  Api::go([&] {
    for (int i = 0; i < n; ++i) Api::yield();
    done.done();
  });
  each(row, n, [&] {
    for (int i = 0; i < n; ++i) Api::yield();
  });
  done.wait();
}

template <class Api>
void ping_pong(const char* row) {
  const int n = Api::light ? 150'000 : 20'000;
  typename Api::channel ping(0), pong(0);
  Api::go([=]() mutable {
    for (int v = 0; ping.receive(v);) pong.send(v);
    pong.close();
  });
  each(row, n, [&] {
    for (int i = 0, v; i < n; ++i) {
      ping.send(i);
      pong.receive(v);
    }
    ping.close();
  });
  for (int v; pong.receive(v);) {
  }
}

template <class Api>
void buffered_transfer(const char* row) {
  const int n = Api::light ? 1'000'000 : 200'000;
  typename Api::channel c(128);
  each(row, n, [&] {
    Api::go([=]() mutable {
      for (int i = 0; i < n; ++i) c.send(i);
      c.close();
    });
    long sum = 0;
    for (int v; c.receive(v);) sum += v;
    check(sum == static_cast<long>(n) * (n - 1) / 2);
  });
}

template <class Api>
void ring_503(const char* row) {
  const int n = Api::light ? 300'000 : 10'000, size = 503;
  typename Api::channel first(0), done(0);
  typename Api::channel left = first;
  for (int i = 0; i < size; ++i) {
    typename Api::channel right = i == size - 1 ? first : typename Api::channel(0);
    Api::go([in = left, out = right, done]() mutable {
      for (int v = 0; in.receive(v);) {
        if (v == 0) return done.send(0);
        out.send(v - 1);
      }
    });
    left = right;
  }
  each(row, n, [&] {
    first.send(n);
    int v;
    done.receive(v);
  });
  Api::abandon();
}

template <class Api>
void prime_sieve(const char* row) {
  const int n = Api::light ? 1000 : 100;
  each(row, 1, [&] {
    typename Api::channel c(0);
    Api::go([c]() mutable {
      for (int i = 2;; ++i) c.send(i);
    });
    int prime = 0;
    for (int i = 0; i < n; ++i) {
      c.receive(prime);
      typename Api::channel next(0);
      Api::go([in = c, out = next, prime]() mutable {
        for (int v = 0; in.receive(v);)
          if (v % prime != 0) out.send(v);
      });
      c = next;
    }
    check(prime == (n == 1000 ? 7919 : 541));
  });
  Api::abandon();
}

template <class Api>
void spawn_join(const char* row) {
  const int batches = Api::light ? 200 : 5, size = 1000;
  each(row, batches * size, [&] {
    for (int i = 0; i < batches; ++i) {
      typename Api::wait_group wg;
      wg.add(size);
      for (int j = 0; j < size; ++j) Api::go([&wg] { wg.done(); });
      wg.wait();
    }
  });
}

template <class Api>
void skynet(typename Api::long_channel c, long number, int size) {
  if (size == 1) return c.send(number);
  typename Api::long_channel children(0);
  for (int i = 0; i < 10; ++i) Api::go([=] { skynet<Api>(children, number + i * (size / 10), size / 10); });
  long sum = 0;
  for (long i = 0, v; i < 10; ++i) {
    children.receive(v);
    sum += v;
  }
  c.send(sum);
}
template <class Api>
void skynet_1m(const char* row) {
  each(row, 1'000'000, [&] {
    typename Api::long_channel c(0);
    Api::go([=] { skynet<Api>(c, 0, 1'000'000); });
    long sum = 0;
    c.receive(sum);
    check(sum == 499'999'500'000);
  });
}

template <class Api>
void contended_channel(const char* row, int capacity) {
  const int n = Api::light ? 50'000 : 10'000, pairs = 8;
  typename Api::channel c(capacity);
  typename Api::wait_group senders, receivers;
  each(row, n * pairs, [&] {
    for (int p = 0; p < pairs; ++p) {
      senders.add(1);
      receivers.add(1);
      Api::go([&, c]() mutable {
        for (int i = 0; i < n; ++i) c.send(i);
        senders.done();
      });
      Api::go([&, c]() mutable {
        for (int v; c.receive(v);) {
        }
        receivers.done();
      });
    }
    senders.wait();
    c.close();
    receivers.wait();
  });
}

template <class Api, class F>
void parallel(const char* row, int workers, int n, F f) {
  typename Api::wait_group wg;
  each(row, static_cast<double>(workers) * n, [&] {
    for (int w = 0; w < workers; ++w) {
      wg.add(1);
      Api::go([&] {
        for (int i = 0; i < n; ++i) f(i);
        wg.done();
      });
    }
    wg.wait();
  });
}

template <class Api>
void mutex(const char* row) {
  const int n = 10'000'000;
  typename Api::mutex m;
  each(row, n, [&] {
    for (int i = 0; i < n; ++i) {
      m.lock();
      m.unlock();
    }
  });
}

template <class Api>
void contended_mutex(const char* row) {
  const int n = 200'000, workers = 8;
  typename Api::mutex m;
  int count = 0;
  parallel<Api>(row, workers, n, [&](int) {
    m.lock();
    ++count;
    m.unlock();
  });
  check(count == n * workers);
}

template <class Api>
void rw_mutex_read(const char* row) {
  const int n = 5'000'000;
  typename Api::shared_mutex m;
  each(row, n, [&] {
    for (int i = 0; i < n; ++i) {
      m.lock_shared();
      m.unlock_shared();
    }
  });
}

template <class Api>
void rw_mutex_write(const char* row) {
  const int n = 5'000'000;
  typename Api::shared_mutex m;
  each(row, n, [&] {
    for (int i = 0; i < n; ++i) {
      m.lock();
      m.unlock();
    }
  });
}

template <class Api>
void rw_mutex_mixed(const char* row) {  // 1 write in 10, by 8 goroutines
  const int n = 100'000, workers = 8;
  typename Api::shared_mutex m;
  int count = 0;
  parallel<Api>(row, workers, n, [&](int i) {
    if (i % 10 == 0) {
      m.lock();
      ++count;
      m.unlock();
    } else {
      m.lock_shared();
      check(count >= 0);
      m.unlock_shared();
    }
  });
  check(count == n * workers / 10);
}

template <class Api>
void wait_group(const char* row) {
  const int n = 5'000'000;
  typename Api::wait_group wg;
  each(row, n, [&] {
    for (int i = 0; i < n; ++i) {
      wg.add(1);
      wg.done();
    }
  });
}

template <class Api>
void once(const char* row) {
  const int n = 50'000'000;
  typename Api::once o;
  each(row, n, [&] {
    for (int i = 0; i < n; ++i) Api::call_once(o, [] {});
  });
}

template <class Api>
void parked_1m(const char* row) {
  const int n = Api::light ? 1'000'000 : 10'000;
  typename Api::channel c(0);
  typename Api::wait_group parked, done;
  parked.add(n);
  done.add(n);
  const double before = memory_in_use();
  const auto start = steady_clock::now();
  for (int i = 0; i < n; ++i)
    Api::go([&, c]() mutable {
      parked.done();
      int v;
      c.receive(v);
      done.done();
    });
  parked.wait();
  Api::yield();
  double elapsed = nanoseconds_since(start);
  const double used = memory_in_use() - before;
  const auto released = steady_clock::now();
  c.close();
  done.wait();
  elapsed += nanoseconds_since(released);
  print(row, "ns", elapsed / n);
  print(row, "bytes", used / n);
}

template <class Api>
void wake_up(const char* row) {  // from a send to the receiver running; the receiver is parked
  const int n = 20'000;
  typename Api::long_channel c(0), back(0);
  std::vector<double> waits;
  waits.reserve(n);
  Api::go([&waits, c, back]() mutable {
    for (long sent; c.receive(sent);) {
      waits.push_back(static_cast<double>(steady_clock::now().time_since_epoch().count() - sent));
      back.send(0);
    }
    back.close();
  });
  volatile int sink = 0;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < 200; ++j) sink = sink + j;
    c.send(steady_clock::now().time_since_epoch().count());
    long v;
    back.receive(v);
  }
  c.close();
  for (long v; back.receive(v);) {
  }
  std::sort(waits.begin(), waits.end());
  print(row, "ns", waits[n / 2]);
  print(row, "p99", waits[n * 99 / 100]);
}

struct row {
  const char* name;
  void (*run)(const char* name);
};

// The rows that every Api has.
template <class Api>
std::vector<row> common_rows() {
  std::vector<row> rows = {
      {"yield", yield<Api>},
      {"ping_pong", ping_pong<Api>},
      {"buffered_transfer", buffered_transfer<Api>},
      {"ring_503", ring_503<Api>},
      {"prime_sieve", prime_sieve<Api>},
      {"spawn_join", spawn_join<Api>},
      {"contended_channel", [](const char* name) { contended_channel<Api>(name, 128); }},
      {"contended_rendezvous", [](const char* name) { contended_channel<Api>(name, 0); }},
      {"mutex", mutex<Api>},
      {"contended_mutex", contended_mutex<Api>},
      {"parked_1m", parked_1m<Api>},
      {"wake_up", wake_up<Api>},
  };
  if constexpr (Api::light) rows.push_back({"skynet_1m", skynet_1m<Api>});
  if constexpr (requires { typename Api::shared_mutex; }) {
    rows.push_back({"rw_mutex_read", rw_mutex_read<Api>});
    rows.push_back({"rw_mutex_write", rw_mutex_write<Api>});
    rows.push_back({"rw_mutex_mixed", rw_mutex_mixed<Api>});
  }
  if constexpr (requires { typename Api::once; }) rows.push_back({"once", once<Api>});
  if constexpr (Api::counts) rows.push_back({"wait_group", wait_group<Api>});
  return rows;
}

// PROGRAM WORKERS [ROW]; prints "row figure value" lines.
inline int run(const std::vector<row>& rows, int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s WORKERS [ROW]\n", argv[0]);
    return 64;
  }
  for (const row& r : rows)
    if (argc < 3 || std::strcmp(argv[2], r.name) == 0) r.run(r.name);
  return 0;
}

}  // namespace snag::peers
