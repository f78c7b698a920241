// SPDX-License-Identifier: Apache-2.0
// What grows with the memory that a goroutine walks over, `size` MiB in 8-byte updates, while another one,
// which never synchronised with it, is parked.
#include <algorithm>
#include <cstdint>
#include <memory>

#include "rows.h"

namespace scale {
namespace {

constexpr long numbers_per_mebibyte = (1L << 20) / static_cast<long>(sizeof(long));
constexpr long least = 1L << 23;  // updates, of rows that repeat

using numbers = std::unique_ptr<long[]>;
numbers fresh(long count) { return std::make_unique_for_overwrite<long[]>(static_cast<std::size_t>(count)); }

class parked_goroutine {
 public:
  parked_goroutine() {
    done_.go([wake = wake_] { wake.recv(); });
    snag::yield();
  }
  ~parked_goroutine() {
    wake_.close();
    done_.wait();
  }

 private:
  snag::chan<int> wake_;
  snag::wait_group done_;
};

void walk(long* at, long count) {
  for (long i = 0; i < count; ++i) at[i] += i;
}

// Pseudo-random places of an array.
class places {
 public:
  explicit places(long count) : count_(static_cast<std::uint64_t>(count)) {}
  std::size_t next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;  // Knuth's MMIX
    return (state_ >> 33) % count_;
  }

 private:
  const std::uint64_t count_;
  std::uint64_t state_ = 1;
};

// Ends the goroutine's epoch: what it does next is recorded anew.
void begin_epoch() {
  snag::chan<int> message(1);
  message.send(0);
}

}  // namespace

// The first walk over memory that nobody touched, page faults included.
void memory_fresh(const char* row, long size) {
  const parked_goroutine other;
  const long count = size * numbers_per_mebibyte;
  const auto memory = fresh(count);
  const auto begin = clock_type::now();
  walk(memory.get(), count);
  print(row, nanoseconds_since(begin), count);
}

// Further walks, each in an epoch of its own.
void memory_again(const char* row, long size) {
  const parked_goroutine other;
  const long count = size * numbers_per_mebibyte;
  const auto memory = fresh(count);
  walk(memory.get(), count);
  const long walks = std::max(1L, least / count);
  const auto begin = clock_type::now();
  for (long i = 0; i < walks; ++i) {
    begin_epoch();
    walk(memory.get(), count);
  }
  print(row, nanoseconds_since(begin), walks * count);
}

// Updates all over memory that the same epoch has walked over: each is on record already.
void memory_known(const char* row, long size) {
  const parked_goroutine other;
  const long count = size * numbers_per_mebibyte;
  const auto memory = fresh(count);
  walk(memory.get(), count);
  places random(count);
  const auto begin = clock_type::now();
  for (long i = 0; i < least; ++i) memory[random.next()] += i;
  print(row, nanoseconds_since(begin), least);
}

// Updates all over memory that was walked over before, nearly all the first of an epoch at their place.
void memory_random(const char* row, long size) {
  const parked_goroutine other;
  const long count = size * numbers_per_mebibyte;
  const auto memory = fresh(count);
  walk(memory.get(), count);
  places random(count);
  const long of_an_epoch = count / 16;
  const auto begin = clock_type::now();
  for (long i = 0; i < least; ++i) {
    if (i % of_an_epoch == 0) begin_epoch();
    memory[random.next()] += i;
  }
  print(row, nanoseconds_since(begin), least);
}

}  // namespace scale
