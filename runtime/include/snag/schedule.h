// SPDX-License-Identifier: Apache-2.0
#pragma once
// Deterministic schedules for tests: one OS thread, a virtual clock that jumps when nothing can run, and
// every decision either drawn from a seed or taken from a record. One seed gives one interleaving, always.
//
//   auto record = snag::simulate(snag::schedule::random(7), [] { …goroutines, channels, sleeps… });
//   snag::simulate(snag::schedule::replay(record), same_body);     // the same interleaving again
//
// A decision is taken at every operation of the runtime, uniformly among the goroutines that can run, the
// current one included. Generator: xoshiro256** seeded through splitmix64 (Blackman and Vigna, 2018).
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace snag {

// Every decision of a run, in order. A value; about one byte a decision.
class schedule_record {
 public:
  // One line of printable characters, and back; an empty record if `text` is none of ours.
  std::string to_string() const;
  static schedule_record from_string(std::string_view text);
  // The same line in a file. Answers whether it worked; written to a temporary name and renamed.
  bool save(const char* path) const;
  static bool load(const char* path, schedule_record& out);

  bool operator==(const schedule_record&) const = default;
  const std::string& bytes() const noexcept { return bytes_; }
  std::string& bytes() noexcept { return bytes_; }

 private:
  std::string bytes_;  // see runtime/src/record_format.h
};

class schedule {
 public:
  static schedule random(std::uint64_t seed) { return schedule(kind::random, seed, {}); }
  // Fails (fatal error) at the first decision that the record does not fit; after its end, the goroutine that
  // runs goes on as long as it can.
  static schedule replay(schedule_record record) { return schedule(kind::replay, 0, std::move(record)); }

  enum class kind : std::uint8_t { random, replay };
  kind which() const noexcept { return which_; }
  std::uint64_t seed() const noexcept { return seed_; }
  const schedule_record& record() const noexcept { return record_; }

 private:
  schedule(kind which, std::uint64_t seed, schedule_record record)
      : which_(which), seed_(seed), record_(std::move(record)) {}
  kind which_;
  std::uint64_t seed_;
  schedule_record record_;
};

namespace detail {
schedule_record simulate(const schedule&, void (*run)(void*), void* closure);
}

// Runs f as goroutine 1 of a scheduler of its own, on the calling thread, and returns the decisions taken
// once no goroutine is left. A panic or a deadlock in there ends the program, as it would in main. What the
// goroutines did happens before the return.
template <class F>
schedule_record simulate(const schedule& how, F&& f) {
  auto body = [&f] { std::forward<F>(f)(); };  // f may be a plain function
  return detail::simulate(how, [](void* closure) { (*static_cast<decltype(body)*>(closure))(); }, &body);
}

}  // namespace snag
