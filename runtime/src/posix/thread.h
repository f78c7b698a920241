// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <pthread.h>

namespace snag::detail {

// pthread_create, called at `pc`.
int create_thread(pthread_t* id, const pthread_attr_t*, void* (*routine)(void*), void* argument,
                  const void* pc) noexcept;

// Returns when nothing is left to prepare for the thread, if one of that id is being created.
void await_beginning(pthread_t id) noexcept;

// Main may be joined by other threads, too, once it has left by pthread_exit: the real thread stays to the
// end of the process.
void note_main_thread() noexcept;               // on it
void main_thread_leaves(void* value) noexcept;  // what a join is to return
void main_thread_left() noexcept;               // its frames are unwound

}  // namespace snag::detail
