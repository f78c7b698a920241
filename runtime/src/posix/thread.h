// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <pthread.h>

namespace snag::detail {

// pthread_create, called at `pc`.
int create_thread(pthread_t* id, const pthread_attr_t*, void* (*routine)(void*), void* argument,
                  const void* pc) noexcept;

}  // namespace snag::detail
