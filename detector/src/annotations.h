// SPDX-License-Identifier: Apache-2.0
#pragma once
// What programs say of themselves in ThreadSanitizer's ways (tsan_interface.cpp, dynamic_annotations.cpp):
// edges, locks and fibers of their own making, and races that are meant. An annotation is about an address;
// what it says is forgotten with the memory there.
#include <cstddef>
#include <cstdint>

#include "runtime/events.h"

namespace snag::detector {

void annotate_release(const void* at) noexcept;  // whatever acquires at this address later learns of it
void annotate_acquire(const void* at) noexcept;

// What the calling thread did happens before whatever loads the atomic object at this address, acquiring.
void release_to_atomic(const void* at, std::uint32_t bytes) noexcept;

// A lock. What its own code does between begin and end of an operation is its own business: neither accesses
// nor atomics are looked at.
void annotate_lock_taken(const void* lock, events::lock_mode) noexcept;
void annotate_lock_given_back(const void* lock, events::lock_mode) noexcept;
void annotate_end_of(const void* lock) noexcept;
void begin_lock_code() noexcept;
void end_lock_code() noexcept;

// `frees`: what is freed is forgotten, and not checked.
enum class ignored : std::uint8_t { reads, writes, frees, synchronisation };
void begin_ignoring(ignored) noexcept;
void end_ignoring(ignored) noexcept;  // nothing if none was begun
class ignoring_scope {
 public:
  explicit ignoring_scope(ignored what) noexcept : what_(what) { begin_ignoring(what); }
  ~ignoring_scope() { end_ignoring(what_); }
  ignoring_scope(const ignoring_scope&) = delete;

 private:
  ignored what_;
};

// Races on [at, at + bytes) are meant, until the program ends. (ThreadSanitizer's own are as lasting.)
void annotate_benign_race(const void* at, std::size_t bytes) noexcept;
bool is_benign(std::uint64_t address) noexcept;

// Fibers that the program switches by itself. Opaque; the thread's own is there from the start.
struct fiber;
fiber* current_fiber() noexcept;
fiber* create_fiber() noexcept;
void destroy_fiber(fiber*) noexcept;  // pre: it does not run
void switch_to_fiber(fiber*,
                     bool ordered) noexcept;  // ordered: what this one did happens before what that one does
void name_fiber(fiber*, const char* name) noexcept;

}  // namespace snag::detector
