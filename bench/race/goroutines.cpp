// SPDX-License-Identifier: Apache-2.0
// Many goroutines; the same programs in Go are in go/main.go.
#include <algorithm>
#include <map>
#include <vector>

#include "rows.h"
#include "snag/snag.h"

namespace {

using std::uint64_t;

void park_goroutine() {
  static snag::chan<int> never;
  snag::go([] { never.recv(); });
}

uint64_t pipeline() {
  constexpr int stages = 8, items = 20'000;
  snag::chan<uint64_t> first(16);
  snag::chan<uint64_t> in = first;
  for (int s = 0; s < stages; ++s) {
    snag::chan<uint64_t> out(16);
    snag::go([in, out]() mutable {
      while (auto x = in.next()) out.send(*x + 1);
      out.close();
    });
    in = out;
  }
  snag::go([first]() mutable {
    for (uint64_t i = 0; i < items; ++i) first.send(i);
    first.close();
  });
  uint64_t sum = 0;
  while (auto x = in.next()) sum += *x;
  return sum;
}

uint64_t fan_in() {
  constexpr int producers = 100, each = 1'000;
  snag::chan<uint64_t> all(64);
  snag::wait_group wg;
  for (int p = 0; p < producers; ++p) {
    wg.add();
    snag::go([all, wg, p]() mutable {
      for (int i = 0; i < each; ++i) all.send(static_cast<uint64_t>(p * i));
      wg.done();
    });
  }
  snag::go([all, wg]() mutable {
    wg.wait();
    all.close();
  });
  uint64_t sum = 0;
  while (auto x = all.next()) sum += *x;
  return sum;
}

uint64_t producer_consumer() {
  snag::chan<std::vector<uint64_t>> full;
  snag::go([full]() mutable {
    for (uint64_t i = 0; i < 20'000; ++i) {
      std::vector<uint64_t> block(64);
      for (uint64_t k = 0; k < block.size(); ++k) block[k] = i * k;
      full.send(std::move(block));
    }
    full.close();
  });
  uint64_t sum = 0;
  while (auto block = full.next())
    for (const uint64_t x : *block) sum += x;
  return sum;
}

uint64_t worker_pool() {
  snag::chan<int> jobs(64);
  snag::chan<uint64_t> results(64);
  snag::wait_group wg;
  for (int w = 0; w < 50; ++w) {
    wg.add();
    snag::go([jobs, results, wg]() mutable {
      while (auto job = jobs.next()) {
        uint64_t s = 0;
        std::vector<int> scratch(32);
        for (int k = 0; k < 32; ++k) scratch[static_cast<std::size_t>(k)] = k * *job;
        for (const int x : scratch) s += static_cast<uint64_t>(x);
        results.send(s);
      }
      wg.done();
    });
  }
  snag::go([jobs]() mutable {
    for (int i = 0; i < 40'000; ++i) jobs.send(i);
    jobs.close();
  });
  snag::go([results, wg]() mutable {
    wg.wait();
    results.close();
  });
  uint64_t sum = 0;
  while (auto r = results.next()) sum += *r;
  return sum;
}

void merge_sort(std::vector<unsigned>& v, std::vector<unsigned>& spare, std::size_t low, std::size_t high) {
  const std::size_t n = high - low;
  if (n < 32) {
    for (std::size_t i = low + 1; i < high; ++i)
      for (std::size_t k = i; k > low && v[k] < v[k - 1]; --k) std::swap(v[k], v[k - 1]);
    return;
  }
  const std::size_t middle = low + n / 2;
  if (n > 4096) {
    snag::wait_group wg;
    wg.add();
    snag::go([&, wg]() mutable {
      merge_sort(v, spare, low, middle);
      wg.done();
    });
    merge_sort(v, spare, middle, high);
    wg.wait();
  } else {
    merge_sort(v, spare, low, middle);
    merge_sort(v, spare, middle, high);
  }
  std::size_t a = low, b = middle;
  for (std::size_t i = low; i < high; ++i)
    spare[i] = b == high || (a < middle && v[a] <= v[b]) ? v[a++] : v[b++];
  for (std::size_t i = low; i < high; ++i) v[i] = spare[i];
}
uint64_t parallel_merge_sort() {
  rows::xorshift random(23);
  std::vector<unsigned> v(1 << 19), spare(1 << 19);
  for (auto& x : v) x = static_cast<unsigned>(random());
  merge_sort(v, spare, 0, v.size());
  return v[1000];
}

uint64_t locked_map() {
  std::map<unsigned, unsigned> m;
  snag::mutex lock;
  snag::wait_group wg;
  for (int g = 0; g < 100; ++g) {
    wg.add();
    snag::go([&, wg, g]() mutable {
      rows::xorshift random(static_cast<uint64_t>(g) + 5);
      for (int i = 0; i < 2'000; ++i) {
        lock.lock();
        ++m[static_cast<unsigned>(random() % 5'000)];
        lock.unlock();
      }
      wg.done();
    });
  }
  wg.wait();
  return m.size();
}

uint64_t read_shared_array() {
  static const std::vector<double> table(16 << 10, 1.0);
  std::vector<double> sums(64);
  snag::wait_group wg;
  for (std::size_t g = 0; g < sums.size(); ++g) {
    wg.add();
    snag::go([&, wg, g]() mutable {
      double s = 0;
      for (int i = 0; i < 60; ++i)
        for (const double x : table) s += x;
      sums[g] = s;
      wg.done();
    });
  }
  wg.wait();
  double s = 0;
  for (const double x : sums) s += x;
  return static_cast<uint64_t>(s);
}

uint64_t spawn() {
  uint64_t total = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<uint64_t> out(1'000);
    snag::wait_group wg;
    for (std::size_t i = 0; i < out.size(); ++i) {
      wg.add();
      snag::go([&, wg, i]() mutable {
        out[i] = i;
        wg.done();
      });
    }
    wg.wait();
    for (const uint64_t x : out) total += x;
  }
  return total;
}

constexpr rows::row all[] = {
    {"pipeline", pipeline},
    {"fan-in", fan_in},
    {"producer, consumer", producer_consumer},
    {"worker pool", worker_pool},
    {"merge sort", parallel_merge_sort},
    {"lock and map, 100 goroutines", locked_map},
    {"read-shared array, 64 goroutines", read_shared_array},
    {"goroutine spawn", spawn},
};

}  // namespace

int main(int argc, char** argv) { return rows::run(argc, argv, all, park_goroutine); }
