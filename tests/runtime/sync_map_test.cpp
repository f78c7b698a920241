// SPDX-License-Identifier: Apache-2.0
// What Go's rules (tests/conformance/sync_test.cpp) do not say about sync_map: lifetimes, exceptions, sizes.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <ranges>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

static_assert(std::ranges::input_range<const sync_map<int, int>&>);

struct not_comparable {};
template <class Map>
concept compares = requires(Map& m, const typename Map::mapped_type& v) { m.compare_and_swap(1, v, v); };
static_assert(compares<sync_map<int, int>> && !compares<sync_map<int, not_comparable>>);

struct counted {
  static inline std::atomic<int> alive{0};
  int n;
  explicit counted(int n) : n(n) { ++alive; }
  counted(const counted& other) : n(other.n) { ++alive; }
  ~counted() { --alive; }
  friend bool operator==(const counted&, const counted&) = default;
};
struct counted_hash {
  std::size_t operator()(const counted& c) const { return static_cast<std::size_t>(c.n % 3); }
};

TEST(sync_map, behaves_like_a_map) {
  std::mt19937 random(1);
  sync_map<int, int> m;
  std::map<int, int> model;
  for (int step = 0; step < 20'000; ++step) {
    const int key = static_cast<int>(random() % 500), value = static_cast<int>(random() % 5);
    const auto at = model.find(key);
    const std::optional<int> there = at == model.end() ? std::nullopt : std::optional(at->second);
    switch (random() % 8) {
      case 0:
        m.store(key, value), model[key] = value;
        break;
      case 1:
        ASSERT_EQ(m.load_or_store(key, value).loaded, there.has_value());
        model.try_emplace(key, value);
        break;
      case 2:
        ASSERT_EQ(m.swap(key, value), there);
        model[key] = value;
        break;
      case 3:
        ASSERT_EQ(m.load_and_delete(key), there);
        model.erase(key);
        break;
      case 4:
        ASSERT_EQ(m.erase(key), there.has_value());
        model.erase(key);
        break;
      case 5:
        ASSERT_EQ(m.compare_and_swap(key, value, value + 1), there == value);
        if (there == value) model[key] = value + 1;
        break;
      case 6:
        ASSERT_EQ(m.compare_and_erase(key, value), there == value);
        if (there == value) model.erase(key);
        break;
      default:
        ASSERT_EQ(m.load(key), there);
        ASSERT_EQ(m.contains(key), there.has_value());
    }
    if (step % 5000 == 0) m.clear(), model.clear();
  }
  std::map<int, int> left;
  for (auto [key, value] : m) left.emplace(key, value);
  EXPECT_EQ(left, model);
}

TEST(sync_map, keeps_nothing_that_went) {
  on_every_schedule([] {
    {
      sync_map<counted, counted, counted_hash> m;
      wait_group wg;
      for (int i = 0; i < 3; ++i) {
        wg.go([&, i] {
          for (int key = 0; key < 6; ++key) {
            m.store(counted(key), counted(i));
            (void)m.load_or_store(counted(key), counted(i));
            (void)m.load(counted(key));
            if (key % 2 == i % 2) m.erase(counted(key));
            m.compare_and_swap(counted(key), counted(i), counted(9));
            for (auto [k, v] : m) EXPECT_LT(k.n, 6) << v.n;
          }
        });
      }
      wg.wait();
      m.clear();
      EXPECT_EQ(counted::alive, 0);
      m.store(counted(1), counted(1));
    }
    EXPECT_EQ(counted::alive, 0);
  });
}

TEST(sync_map, what_an_iteration_shows_stays_while_it_is_looked_at) {
  on_every_schedule([] {
    sync_map<int, std::string> m;
    for (int i = 0; i < 20; ++i) m.store(i, "value " + std::to_string(i));
    for (auto [key, value] : m) {
      m.erase(key);
      m.clear();
      EXPECT_EQ(value, "value " + std::to_string(key));
    }
  });
}

TEST(sync_map, a_comparison_that_throws_changes_nothing) {
  struct moody_equal {
    bool operator()(int a, int b) const {
      if (b == 13) throw std::runtime_error("13");
      return a == b;
    }
  };
  struct one_hash {
    std::size_t operator()(int) const { return 1; }
  };
  sync_map<int, counted, one_hash, moody_equal> m;
  m.store(1, counted(1));
  m.store(2, counted(2));
  EXPECT_THROW(m.store(13, counted(3)), std::runtime_error);
  EXPECT_THROW((void)m.load(13), std::runtime_error);
  EXPECT_THROW(m.erase(13), std::runtime_error);
  EXPECT_EQ(counted::alive, 2);
  EXPECT_EQ(m.load(1)->n, 1);
  EXPECT_EQ(m.load(2)->n, 2);
}

TEST(sync_map, shares_what_cannot_be_copied) {
  sync_map<std::string, std::shared_ptr<const std::unique_ptr<int>>> m;
  m.store("a", std::make_shared<const std::unique_ptr<int>>(std::make_unique<int>(5)));
  EXPECT_EQ(**m.load("a").value(), 5);
}

TEST(sync_map, threads_and_goroutines_share_it) {
  sync_map<int, int> m;
  constexpr int keys = 2000, rounds = 4;
  const auto use = [&](int who) {
    for (int round = 0; round < rounds; ++round) {
      for (int key = 0; key < keys; ++key) {
        const int own = key * 8 + who;
        m.store(own, round);
        ASSERT_EQ(m.load(own), round);
        (void)m.load_or_store(-1 - key, 0);
        int seen = *m.load(-1 - key);
        while (!m.compare_and_swap(-1 - key, seen, seen + 1)) seen = *m.load(-1 - key);
        if (key % 3 == 0) ASSERT_TRUE(m.erase(own));
      }
    }
  };
  wait_group wg;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back(use, i);
  for (int i = 2; i < 6; ++i) wg.go(use, i);
  wg.wait();
  for (std::thread& t : threads) t.join();
  for (int key = 0; key < keys; ++key) ASSERT_EQ(m.load(-1 - key), 6 * rounds);
  int count = 0;
  m.range([&](int key, int) { count += key >= 0; });
  EXPECT_EQ(count, 6 * (keys - (keys + 2) / 3));
}

}  // namespace
}  // namespace snag::test
