// SPDX-License-Identifier: Apache-2.0
// The rows for Snag, and those that only Go has as well.
#include "rows.h"
#include "snag/snag.h"

namespace {

using namespace std::chrono_literals;
namespace peers = snag::peers;

struct api {
  static constexpr bool light = true;   // a goroutine costs about a microsecond, a million are possible
  static constexpr bool counts = true;  // wait_group is the library's own

  template <class T>
  struct channel_of {
    explicit channel_of(int capacity) : c(capacity) {}
    void send(T v) const { c.send(v); }
    bool receive(T& v) const { return c.recv(v); }
    void close() const { c.close(); }
    snag::chan<T> c;
  };
  using channel = channel_of<int>;
  using long_channel = channel_of<long>;
  using wait_group = snag::wait_group;
  using mutex = snag::mutex;
  using shared_mutex = snag::shared_mutex;
  using once = snag::once;

  template <class F>
  static void go(F&& f) {
    snag::go(std::forward<F>(f));
  }
  static void yield() { snag::yield(); }
  template <class F>
  static void call_once(once& o, F&& f) {
    o.call(f);
  }
  static void abandon() {}
};

void select_2(const char* row) {
  const int n = 500'000;
  const snag::chan<int> a(1), b(1);
  a << 1;
  b << 1;
  peers::each(row, n, [&] {
    for (int i = 0; i < n; ++i)
      snag::select(snag::on_recv(a, [&](int v) { a << v; }), snag::on_recv(b, [&](int v) { b << v; }));
  });
}

void select_16(const char* row) {
  const int n = 200'000;
  snag::chan<int> c[16];
  for (auto& channel : c) {
    channel = snag::chan<int>(1);
    channel << 1;
  }
  const auto back = [&c](int i) { return snag::on_recv(c[i], [&c, i](int v) { c[i] << v; }); };
  peers::each(row, n, [&] {
    for (int i = 0; i < n; ++i)
      snag::select(back(0), back(1), back(2), back(3), back(4), back(5), back(6), back(7), back(8), back(9),
                   back(10), back(11), back(12), back(13), back(14), back(15));
  });
}

void timers_1m(const char* row) {  // made and stopped; an hour away
  const int n = 1'000'000;
  std::vector<snag::timer> timers;
  timers.reserve(n);
  peers::each(row, n, [&] {
    for (long i = 0; i < n; ++i)
      timers.push_back(snag::after_func(1h + std::chrono::nanoseconds(i * 7919 % n), [] {}));
    for (auto& t : timers) t.stop();
  });
}

void timers_fire(const char* row) {
  const int n = 100'000;
  const snag::wait_group wg;
  wg.add(n);
  std::vector<snag::timer> timers;
  timers.reserve(n);
  peers::each(row, n, [&] {
    for (int i = 0; i < n; ++i)
      timers.push_back(snag::after_func(std::chrono::microseconds(i % 1000), [&wg] { wg.done(); }));
    wg.wait();
  });
}

// The tree keeps what cancels it, as nobody cancels early.
using cancel_function = decltype(snag::with_cancel(snag::context::background()).cancel);

void tree(const snag::context& parent, int leaves, std::vector<cancel_function>& made) {
  if (leaves == 1) return;
  for (int i = 0; i < 10; ++i) {
    auto [ctx, cancel] = snag::with_cancel(parent);
    made.push_back(cancel);
    tree(ctx, leaves / 10, made);
  }
}
void cancel_tree_100k(const char* row) {  // 10 children each, five levels down; made and cancelled
  std::vector<cancel_function> made;
  made.reserve(111'111);
  peers::each(row, 111'111, [&] {
    auto [root, cancel] = snag::with_cancel(snag::context::background());
    tree(root, 100'000, made);
    cancel();
    peers::check(made.size() == 111'110);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) snag::max_procs(std::atoi(argv[1]));
  auto rows = peers::common_rows<api>();
  rows.push_back({"select_2", select_2});
  rows.push_back({"select_16", select_16});
  rows.push_back({"timers_1m", timers_1m});
  rows.push_back({"timers_fire", timers_fire});
  rows.push_back({"cancel_tree_100k", cancel_tree_100k});
  return peers::run(rows, argc, argv);
}
