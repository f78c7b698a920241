// SPDX-License-Identifier: Apache-2.0
// Every atomic operation of every type has the effect it has without the plugin, and goes through a hook.
//
// RUN: %plainxx -O1 -mcx16 %s %link -latomic -o %t.native && %t.native > %t.expected
// RUN: %snagxx -O0 -mcx16 %s %link -latomic -o %t0 && %t0 hooks > %t.out && diff %t.expected %t.out
// RUN: %snagxx -O2 -mcx16 %s %link -latomic -o %t2 && %t2 hooks > %t.out && diff %t.expected %t.out
// RUN: %snagxx -O3 %s %link -latomic -o %t3 && %t3 hooks > %t.out && diff %t.expected %t.out
// RUN: %snagxx -O2 -g0 %s %link -latomic -o %tg && %tg hooks > %t.out && diff %t.expected %t.out
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "logging_hooks.h"

bool expect_hooks = false;
unsigned long hooks_before = 0;

void begin() { hooks_before = log_count(); }
void end(const char* what, unsigned long at_least) {
  const unsigned long called = log_count() - hooks_before;
  if (expect_hooks ? called >= at_least : called == 0) return;
  std::fprintf(stderr, "%s: %lu hooks\n", what, called);
  std::exit(1);
}

template <class T>
void print(const char* what, T value) {
  const auto wide = static_cast<unsigned __int128>(value);
  std::printf("%s %zu: %llx%016llx\n", what, sizeof(T), static_cast<unsigned long long>(wide >> 64),
              static_cast<unsigned long long>(wide));
}

template <class T>
__attribute__((noinline)) void integers(T start, T operand) {
  static T a;
  begin();
  __atomic_store_n(&a, start, __ATOMIC_RELEASE);
  print("load", __atomic_load_n(&a, __ATOMIC_ACQUIRE));
  print("exchange", __atomic_exchange_n(&a, operand, __ATOMIC_ACQ_REL));
  print("add", __atomic_fetch_add(&a, start, __ATOMIC_RELAXED));
  print("sub", __atomic_fetch_sub(&a, operand, __ATOMIC_SEQ_CST));
  print("and", __atomic_fetch_and(&a, operand, __ATOMIC_SEQ_CST));
  print("or", __atomic_fetch_or(&a, start, __ATOMIC_SEQ_CST));
  print("xor", __atomic_fetch_xor(&a, operand, __ATOMIC_SEQ_CST));
  print("nand", __atomic_fetch_nand(&a, start, __ATOMIC_SEQ_CST));
  if constexpr (sizeof(T) < 16) {  // clang calls a library function that does not exist
    print("max", __atomic_fetch_max(&a, operand, __ATOMIC_SEQ_CST));
    print("min", __atomic_fetch_min(&a, start, __ATOMIC_SEQ_CST));
    print("sync", __sync_fetch_and_add(&a, 3));
  }
  print("++", __atomic_add_fetch(&a, 1, __ATOMIC_SEQ_CST));
  T expected = operand;
  std::printf("%d ", __atomic_compare_exchange_n(&a, &expected, start, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
  print("seen", expected);
  while (!__atomic_compare_exchange_n(&a, &expected, operand, true, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
  }
  print("end", __atomic_load_n(&a, __ATOMIC_RELAXED));
  end("integers", 13);
}

struct pair {
  std::uint64_t first, second;
  bool operator==(const pair&) const = default;
};
std::atomic<pair> pairs;
std::atomic<double> number;
std::atomic<float> small;
std::atomic<bool> flag;
std::atomic_flag bit;
int values[4];
std::atomic<int*> pointer = values;
enum class color : short { red, green };
std::atomic<color> colors;

__attribute__((noinline)) void others() {
  begin();
  pairs.store({1, 2});
  pair seen{0, 0};
  std::printf("%d", pairs.compare_exchange_strong(seen, {3, 4}));
  std::printf(" %lu %lu", seen.first, seen.second);
  std::printf(" %d", pairs.compare_exchange_strong(seen, {5, 6}));
  seen = pairs.exchange({7, 8});
  std::printf(" %lu %lu %lu\n", seen.first, seen.second, pairs.load().second);
  end("pairs", 5);
  begin();
  number = 1.5;
  number.fetch_add(2.25);
  number.fetch_sub(0.5);
  small.fetch_add(0.5f);
  std::printf("%g %g\n", number.load(), static_cast<double>(small.load()));
  end("numbers", 6);
  begin();
  flag = true;
  std::printf("%d %d %d\n", flag.exchange(false), bit.test_and_set(), bit.test_and_set());
  bit.clear();
  pointer += 2;
  pointer.fetch_sub(1);
  std::printf("%td %td\n", pointer.load() - values, pointer.exchange(nullptr) - values);
  colors = color::green;
  std::printf("%d\n", static_cast<int>(colors.load()));
  end("others", 9);
  begin();
  std::atomic_thread_fence(std::memory_order_seq_cst);
  std::atomic_thread_fence(std::memory_order_release);
  end("fences", 2);
}

int main(int argc, char**) {
  expect_hooks = argc > 1;
  integers<std::uint8_t>(0x7f, 0x91);
  integers<std::int8_t>(0x7f, -3);
  integers<std::uint16_t>(0x7fff, 0x9111);
  integers<std::int16_t>(-5, 700);
  integers<std::uint32_t>(0x7fffffff, 0x91234567);
  integers<std::int32_t>(-5, 70000);
  integers<std::uint64_t>(0x7fffffffffffffff, 0x9123456789abcdef);
  integers<std::int64_t>(-5, 7000000000);
  integers<unsigned __int128>((static_cast<unsigned __int128>(5) << 64) | 7, static_cast<unsigned __int128>(-3));
  others();
}
