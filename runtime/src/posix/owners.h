// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who holds the recursive and error-checking mutexes that goroutines lock. The C library makes them the OS
// thread's, which a goroutine may leave between lock and unlock, and which runs other goroutines meanwhile.
// Thread-safe.
#include <pthread.h>

#include "runtime/src/goroutine.h"

namespace snag::detail {

enum class hold : unsigned char {
  none,    // no goroutine holds it
  mine,    // `self` does
  others,  // another goroutine does
};
hold holder_of(const pthread_mutex_t*, const goroutine& self) noexcept;
bool is_held_once(const pthread_mutex_t*, const goroutine& self) noexcept;  // by self
void hold_first(const pthread_mutex_t*, goroutine& self) noexcept;          // pre: none
void hold_again(const pthread_mutex_t*) noexcept;                           // pre: mine
bool release_one(const pthread_mutex_t*) noexcept;  // pre: mine; true: it was the last

// The calling OS thread's id, as the C library notes it down in what it locks.
int thread_id() noexcept;

}  // namespace snag::detail
