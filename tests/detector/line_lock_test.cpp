// SPDX-License-Identifier: Apache-2.0
// The lock of a line of cells (line_lock.h): each cell keeps its own content beside it, and nobody overwrites
// the one that is the lock while another holds it.
#include "detector/src/line_lock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "detector/hooks.h"
#include "detector/src/entry.h"
#include "detector/src/memory_events.h"
#include "detector/src/race.h"
#include "detector/src/shadow_access.h"
#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

using namespace snag::detector;

alignas(line_size) std::byte line[line_size];
const auto begin = reinterpret_cast<std::uint64_t>(line);

std::vector<std::uint32_t> cells(std::uint64_t plane) {
  std::vector<std::uint32_t> all;
  for (std::uint64_t granule = begin; granule < begin + line_size; granule += 4)
    all.push_back(cell_at(granule, plane).load());
  return all;
}

void fill(std::uint64_t plane, std::uint32_t first, std::uint32_t step) {
  for (std::uint64_t granule = begin; granule < begin + line_size; granule += 4, first += step)
    cell_at(granule, plane).store(first);
}

// Changes what is at `granule` in the plane of reads, and as a writer in both, and sees what was there.
template <class Cell>
void expect_change(std::uint64_t granule, Cell before, Cell after, bool writer) {
  for (std::uint64_t plane : {hooks::write_plane, hooks::read_plane}) fill(plane, 1, 4);
  auto expected = cells(hooks::read_plane);
  line_lock lock(granule);
  writer ? lock.lock_as_writer() : lock.lock_as_reader();
  EXPECT_EQ(lock.write<Cell>(granule).bits(), before.bits());
  EXPECT_EQ(lock.read<Cell>(granule).bits(), before.bits());
  EXPECT_EQ(written_now(granule), writer);
  if (writer) lock.set_write(granule, after);
  lock.set_read(granule, after);
  writer ? lock.unlock_as_writer() : lock.unlock_as_reader();
  EXPECT_FALSE(written_now(granule));
  const auto unchanged = expected;
  for (std::size_t i = 0; i < sizeof(Cell) / 4; ++i)
    expected[(granule - begin) / 4 + i] = static_cast<std::uint32_t>(std::uint64_t{after.bits()} >> 32 * i);
  EXPECT_EQ(cells(hooks::read_plane), expected);
  EXPECT_EQ(cells(hooks::write_plane), writer ? expected : unchanged);
}

TEST(line_lock, each_cell_keeps_its_own) {
  scripted_core core;
  for (bool writer : {false, true}) {
    for (std::uint32_t at = 0; at < line_size; at += 4)
      expect_change<cell>(begin + at, cell(at + 1), cell(1000 + at), writer);
    for (std::uint32_t at = 0; at < line_size; at += 8)
      expect_change<cell_pair>(begin + at, {cell(at + 1), cell(at + 5)}, {cell(1000), cell(2000)}, writer);
  }
  for (std::uint64_t plane : {hooks::write_plane, hooks::read_plane}) fill(plane, 0, 0);
}

TEST(line_lock, is_shared_by_whom_it_leaves_others_beside) {
  const std::uint64_t lock = begin + lock_offset;
  EXPECT_EQ(lock_of(begin), lock);
  EXPECT_EQ(lock_of(begin + line_size - 1), lock);
  EXPECT_FALSE(shares_lock(begin, begin + line_size));  // nobody else is there
  EXPECT_FALSE(shares_lock(begin, lock));
  EXPECT_FALSE(shares_lock(lock + 4, begin + line_size));
  EXPECT_TRUE(shares_lock(begin, lock + 4));
  EXPECT_TRUE(shares_lock(begin + 4, begin + line_size));
  EXPECT_TRUE(shares_lock(lock, lock + 4));
}

hooks::site where;
constexpr std::size_t half = line_size / 2;
std::byte* const upper = line + half;  // the lock is its

// Another thread, whose the upper half of the line is, overwrites that while this one is at the lower.
void expect_to_wait(const std::function<void(thread_state&)>& overwrite) {
  scripted_core core;
  on_unmapped(line, sizeof line);
  std::atomic<bool> has_written{false}, locked{false}, done{false};
  std::thread other([&] {
    for (std::size_t i = 0; i < half; i += 8) __snag_write8(upper + i, &where);
    has_written = true;
    while (!locked) std::this_thread::yield();
    {
      thread_state& t = this_thread();
      const entry_scope scope(t);
      overwrite(t);
    }
    done = true;
  });
  while (!has_written) std::this_thread::yield();
  const std::uint32_t before = write_cell(lock_of(begin)).load();
  line_lock lock(begin);
  lock.lock_as_writer();
  locked = true;
  for (int i = 0; i < 2000; ++i) std::this_thread::yield();
  EXPECT_FALSE(done);
  EXPECT_TRUE(written_now(begin));
  lock.unlock_as_writer();
  other.join();
  EXPECT_NE(write_cell(lock_of(begin)).load(), before);
  EXPECT_EQ(write_cell(begin).load(), 0u);
  on_unmapped(line, sizeof line);
}

TEST(line_lock, fresh_memory_waits_for_it) {
  expect_to_wait([](thread_state& t) {
    record_fresh(t, {*t.actor, access_kind::allocation, half, {}}, begin + half, half);
  });
}

TEST(line_lock, memory_that_ends_waits_for_it) {
  expect_to_wait([](thread_state& t) {
    check_and_record(t, {*t.actor, access_kind::end_of_scope, half, {}}, begin + half, half);
  });
}

TEST(line_lock, memory_that_is_forgotten_waits_for_it) {
  expect_to_wait([](thread_state&) { forget_memory(begin + half, begin + line_size); });
}

}  // namespace
}  // namespace snag::testing
