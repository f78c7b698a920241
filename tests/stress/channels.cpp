// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <optional>
#include <vector>

#include "snag/snag.h"
#include "tests/stress/scenarios.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

struct tagged {
  int producer = -1, channel = 0, number = 0;
};

// By one way of several.
void send_somehow(const chan<tagged>& c, tagged v, random_source& random) {
  switch (below(random, 4)) {
    case 0:
      c << v;
      return;
    case 1:
      while (!c.try_send(v)) yield();
      return;
    case 2:
      select(on_send(c, v));
      return;
    default:
      for (bool sent = false; !sent;) select(on_send(c, v, [&] { sent = true; }), on_timeout(20us));
  }
}

// Values that arrived, and their order.
class ledger {
 public:
  ledger(int producers, int channels, int each)
      : channels_(channels), each_(each), seen_(static_cast<std::size_t>(producers * each)) {}

  void note(std::vector<int>& last, tagged v) {
    int& before = last[static_cast<std::size_t>(v.producer * channels_ + v.channel)];
    must(before < v.number, "values of one sender on one channel arrived out of order");
    before = v.number;
    must(seen_[static_cast<std::size_t>(v.producer * each_ + v.number)].fetch_add(1) == 0,
         "a value arrived twice");
  }
  void check_complete() const {
    for (const auto& n : seen_) must(n.load() == 1, "a value was lost");
  }

 private:
  const int channels_, each_;
  std::vector<std::atomic<int>> seen_;
};

}  // namespace

void pass_values(std::uint64_t seed) {
  random_source random(seed);
  const int producers = 1 + below(random, 6), consumers = 1 + below(random, 6),
            each = 20 + below(random, 200);
  const int count = 1 + below(random, 3);
  std::vector<chan<tagged>> channels;
  for (int i = 0; i < count; ++i) channels.emplace_back(below(random, 3) == 0 ? 0 : below(random, 20));
  ledger arrived(producers, count, each);

  wait_group sending, receiving;
  for (int p = 0; p < producers; ++p)
    sending.go([&, p, mine = random_source(random())]() mutable {
      for (int n = 0; n < each; ++n) {
        const int c = below(mine, count);
        send_somehow(channels[static_cast<std::size_t>(c)], {p, c, n}, mine);
      }
    });
  for (int k = 0; k < consumers; ++k)
    receiving.go([&, mine = random_source(random())]() mutable {
      std::vector<int> last(static_cast<std::size_t>(producers * count), -1);
      std::vector<bool> open(static_cast<std::size_t>(count), true);
      for (int left = count; left > 0;) {
        std::vector<any_case> cases;
        std::vector<std::size_t> of;
        for (std::size_t i = 0; i < open.size(); ++i) {
          if (!open[i]) continue;
          of.push_back(i);
          cases.push_back(on_next(channels[i], [&, i](std::optional<tagged> v) {
            if (v) return arrived.note(last, *v);
            open[i] = false;
            --left;
          }));
        }
        if (below(mine, 4) == 0) cases.push_back(on_timeout(10us));
        select_any(cases);
      }
    });
  sending.wait();
  for (const auto& c : channels) c.close();
  receiving.wait();
  arrived.check_complete();
  for (const auto& c : channels) must(c.len() == 0, "a closed channel was left before it was empty");
}

void exchange_by_select(std::uint64_t seed) {
  random_source random(seed);
  const int members = 2 + below(random, 7), rounds = 20 + below(random, 150);
  const int count = 1 + below(random, 4);
  std::vector<chan<int>> channels;
  for (int i = 0; i < count; ++i) channels.emplace_back(0);
  const chan<void> over(0);
  std::atomic<long> sent{0}, received{0};
  std::atomic<int> busy{members};

  wait_group all;
  for (int m = 0; m < members; ++m)
    all.go([&, m, mine = random_source(random())]() mutable {
      bool stop = false;
      for (int n = 0; !stop; ++n) {
        if (n == rounds && busy.fetch_sub(1) == 1) over.close();
        bool happened = false;
        std::vector<any_case> cases;
        for (const auto& c : channels) {
          if (below(mine, 3) != 0)
            cases.push_back(on_recv(c, [&](int from) {
              must(!happened, "two cases of one select happened");
              must(from != m, "a goroutine received from its own select");
              happened = true;
              received.fetch_add(from + 1);
            }));
          if (below(mine, 3) != 0)
            cases.push_back(on_send(c, m, [&] {
              must(!happened, "two cases of one select happened");
              happened = true;
              sent.fetch_add(m + 1);
            }));
        }
        cases.push_back(on_next(over, [&](bool) { stop = true; }));
        if (below(mine, 5) == 0) cases.push_back(on_default([] { yield(); }));
        // With nobody left to meet but those who have done their rounds, only the end can come.
        if (n < rounds) cases.push_back(on_timeout(200us));
        select_any(cases);
        must(!(stop && happened), "two cases of one select happened");
      }
    });
  all.wait();
  must(sent.load() == received.load(), "what was sent is not what was received");
}

}  // namespace snag::test
