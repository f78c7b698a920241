// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a generated program (generate.cpp) may call: logical threads that take turns on one OS thread, in an
// order that the program brings along, and two things that order them, mutexes and groups. Instrumented code
// includes this; who it runs on, and what it makes of the accesses, is decided when it is linked (run.cpp).
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace driver {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

// Without padding, which some copies would touch and others not.
struct record {
  u32 a;
  u16 b;
  u8 c, d;
  u64 e;
};
struct [[gnu::packed]] odd {
  u8 a;
  u32 b;
  u16 c;
  u8 d;
};

void variable(int number, const void* at, std::size_t bytes);  // "what lies there is variable `number`"
int start(void (*run)(void*), void* argument, bool joinable);  // a thread's number; it runs at a later turn
void turn();                                                   // others may go on; orders nothing
void await(int thread);                                        // until it has ended; orders nothing
void join(int thread);                                         // the same, and what it did comes before
void lock(int mutex);
void unlock(int mutex);
void done(int group);
void wait(int group, int members);  // until so many are done; what they did comes before
void result(u64);                   // what the thread read, so that no read can be left out

template <class Body>
int spawn(bool joinable, const Body& body) {
  return start([](void* copy) { (*static_cast<Body*>(copy))(); }, new Body(body), joinable);
}

// Any bytes of something, whatever its type.
template <class T, class Object>
T peek(const Object& o, std::size_t offset) {
  T value;
  std::memcpy(&value, reinterpret_cast<const u8*>(&o) + offset, sizeof value);
  return value;
}
template <class T, class Object>
void poke(Object& o, std::size_t offset, T value) {
  std::memcpy(reinterpret_cast<u8*>(&o) + offset, &value, sizeof value);
}

class guard {
 public:
  explicit guard(int mutex) : mutex_(mutex) { lock(mutex_); }
  ~guard() { unlock(mutex_); }
  guard(const guard&) = delete;

 private:
  int mutex_;
};

struct program {
  u64 seed;
  void (*run)();
  const char* schedule;  // a letter a turn: the thread that goes on, from 'a'
};

}  // namespace driver

// The linker gathers the programs of all translation units.
#define GENERATED_PROGRAM(...) \
  [[gnu::section("generated_programs"), gnu::used]] static const driver::program listed = __VA_ARGS__
