// SPDX-License-Identifier: Apache-2.0
// Two real threads touch the same memory at the same time, 10^7 granules in each test: of two simultaneous
// accesses one must see the other, granule by granule, whatever their sizes, on fresh memory and on memory
// that one of them owned. None may be lost, so there is no mode that loses fewer (docs/design.md says why).
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "detector/hooks.h"
#include "detector/src/race.h"
#include "detector/src/shadow_access.h"
#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

using namespace snag::detector;

constexpr std::size_t bytes = 1 << 18;
constexpr int rounds = 160;  // of 65,536 granules
static_assert(rounds * bytes / 4 >= 10'000'000);
alignas(4096) std::byte memory[bytes];
std::atomic<std::uint8_t> raced[bytes];

void mark(const race_hit& h) {
  const auto granule = h.granule - reinterpret_cast<std::uint64_t>(memory);
  for (unsigned b = 0; b < 4; ++b)
    if (h.bytes >> b & 1) raced[granule + b].fetch_add(1, std::memory_order_relaxed);
}

// Both run `touch(side)` at once; afterwards every byte must have raced, and exactly once.
template <class Touch>
void both(Touch touch) {
  scripted_core core;  // known thread, fresh sink
  sink_for_testing = mark;
  on_unmapped(memory, bytes);
  for (auto& r : raced) r = 0;
  std::atomic<int> ready{0};
  auto run = [&](int side) {
    ready.fetch_add(1);
    while (ready.load() != 2) {
    }
    touch(side);
  };
  std::thread a(run, 0), b(run, 1);
  a.join();
  b.join();
  std::size_t missed = 0, twice = 0;
  for (auto& r : raced) {
    missed += r == 0;
    twice += r > 1;
  }
  EXPECT_EQ(missed, 0u);
  EXPECT_EQ(twice, 0u);
  on_unmapped(memory, bytes);
}

hooks::site where[2];

TEST(simultaneity, of_two_first_writes_one_sees_the_other) {
  for (int round = 0; round < rounds; ++round)
    both([](int side) {
      for (std::size_t i = 0; i < bytes; i += 4) __snag_write4(memory + i, &where[side]);
    });
}

TEST(simultaneity, of_a_first_read_and_a_first_write_one_sees_the_other) {
  for (int round = 0; round < rounds; ++round)
    both([](int side) {
      for (std::size_t i = 0; i < bytes; i += 4)
        side == 0 ? __snag_write4(memory + i, &where[0]) : __snag_read4(memory + i, &where[1]);
    });
}

TEST(simultaneity, pairs_and_single_granules_meet) {
  for (int round = 0; round < rounds; ++round)
    both([](int side) {
      if (side == 0) {
        for (std::size_t i = 0; i < bytes; i += 8) __snag_write8(memory + i, &where[0]);
      } else {
        for (std::size_t i = 0; i < bytes; i += 4) __snag_write4(memory + i, &where[1]);
      }
    });
}

TEST(simultaneity, a_range_backwards_meets_pairs_forwards) {
  for (int round = 0; round < rounds; ++round)
    both([](int side) {
      if (side == 0) {
        for (std::size_t i = 0; i < bytes; i += 16) __snag_write16(memory + i, &where[0]);
      } else {
        for (std::size_t i = bytes; i != 0; i -= 256) __snag_read_range(memory + i - 256, 256, &where[1]);
      }
    });
}

// Neither gets ahead of the other by more than 4 KiB.
class lock_step {
 public:
  void wait(int side, std::size_t step) {
    at_[side].store(step, std::memory_order_release);
    while (at_[1 - side].load(std::memory_order_acquire) < step) std::this_thread::yield();
  }

 private:
  alignas(64) std::atomic<std::size_t> at_[2] = {0, 0};
};

TEST(simultaneity, in_lock_step) {
  for (int round = 0; round < rounds; ++round) {
    lock_step step;
    both([&](int side) {
      for (std::size_t i = 0; i < bytes; i += 4) {
        if (i % 4096 == 0) step.wait(side, i / 4096 + 1);
        (i / 4 + static_cast<std::size_t>(round)) % 2 == 0 || side == 0
            ? __snag_write4(memory + i, &where[side])
            : __snag_read4(memory + i, &where[side]);
      }
    });
  }
}

// One side owned all of it, and the other knows: its writes of before are ordered. Now it touches it again,
// as the inline check does, while the other comes in.
TEST(simultaneity, what_was_owned_is_touched_again_while_the_other_comes_in) {
  for (int round = 0; round < rounds; ++round) {
    constexpr std::uint32_t relaxed = 0, acquire = 2, release = 3;
    std::uint32_t handed_over = 0;
    lock_step step;
    both([&](int side) {
      if (side == 0) {
        for (std::size_t i = 0; i < bytes; i += 8) __snag_write8(memory + i, &where[0]);
        __snag_atomic32_store(&handed_over, 1, release, &where[0]);
      } else {
        while (__snag_atomic32_load(&handed_over, relaxed, &where[1]) == 0) {
        }
        __snag_atomic32_load(&handed_over, acquire, &where[1]);
      }
      for (std::size_t i = 0; i < bytes; i += 4) {
        if (i % 4096 == 0) step.wait(side, i / 4096 + 1);
        side == 0 ? __snag_read4(memory + i, &where[0]) : __snag_write4(memory + i, &where[1]);
        if (side == 0) __snag_read4(memory + i, &where[0]);
      }
    });
  }
}

// Both have read all of it, time and again, so each has records of its own there, which are renewed without a
// lock while the cells stay what they are. One knows of the other's reads, but for the latest, and writes in
// that moment.
TEST(simultaneity, what_both_have_read_is_read_again_while_the_other_writes) {
  constexpr std::uint32_t relaxed = 0, acquire = 2, release = 3;
  constexpr std::size_t objects = 256;  // fewer than a thread remembers
  constexpr std::size_t repeats = 200;
  struct alignas(8) object {
    std::byte halves[2][4];
  };
  static object shared[objects];
  static std::atomic<int> met[objects];
  static std::uint32_t passed[2], own[2];  // counted up
  static hooks::site places[2]
                           [objects];  // one that has read another object in this epoch would share a record
  for (auto& of_side : places)
    for (std::size_t i = 0; i < objects; ++i) of_side[i].size = i % 2 == 0 ? 8 : 4;
  std::size_t missed = 0;
  for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
    scripted_core core;
    sink_for_testing = [](const race_hit& h) {
      met[(h.granule - reinterpret_cast<std::uint64_t>(shared)) / sizeof(object)].fetch_add(1);
    };
    on_unmapped(shared, sizeof shared);
    for (auto& m : met) m = 0;
    passed[0] = passed[1] = own[0] = own[1] = 0;
    lock_step step;
    auto run = [&](int side) {
      const auto read = [&](std::size_t i) {
        i % 2 == 0 ? __snag_read8(&shared[i], &places[side][i]) : __snag_read4(&shared[i], &places[side][i]);
      };
      const auto meet = [&](std::uint32_t n) {  // each learns what the other has done
        __snag_atomic32_store(&passed[side], n, release, &where[side]);
        while (__snag_atomic32_load(&passed[1 - side], relaxed, &where[side]) < n) std::this_thread::yield();
        __snag_atomic32_load(&passed[1 - side], acquire, &where[side]);
      };
      std::uint32_t n = 0;
      for (std::size_t i = 0; i < objects; ++i)  // an epoch for each: else they share a record
        for (int round = 0; round < 3; ++round) {
          read(i);
          __snag_atomic32_store(&own[side], ++n, release, &where[side]);
        }
      for (std::uint32_t round = 1; round < 5; ++round) {
        meet(round);
        for (std::size_t i = 0; i < objects; ++i) read(i);
      }
      meet(5);
      for (std::size_t i = 0; i < objects; ++i) {
        step.wait(side, i + 1);
        for (volatile std::size_t k = (7 * i + 31 * repeat) % 128; side == 0 && k != 0; k = k - 1) {
        }
        side == 0 ? read(i) : __snag_write4(&shared[i], &where[side]);
      }
    };
    std::thread a(run, 0), b(run, 1);
    a.join();
    b.join();
    for (auto& m : met) missed += m == 0;
    on_unmapped(shared, sizeof shared);
  }
  EXPECT_EQ(missed, 0u);
}

TEST(simultaneity, readers_of_one_array_do_not_race) {
  scripted_core core;
  sink_for_testing = mark;
  on_unmapped(memory, bytes);
  for (auto& r : raced) r = 0;
  auto run = [&](int side) {
    for (int round = 0; round < 5; ++round)
      for (std::size_t i = 0; i < bytes; i += 8) __snag_read8(memory + i, &where[side]);
  };
  std::thread a(run, 0), b(run, 1);
  a.join();
  b.join();
  for (auto& r : raced) ASSERT_EQ(r, 0);
}

}  // namespace
}  // namespace snag::testing
