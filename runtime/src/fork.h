// SPDX-License-Identifier: Apache-2.0
#pragma once

// What fork() needs of the parts that have tables of their own. A lock that is held while its table changes
// is taken before, so that the child finds no half-made change; where the child starts afresh, it is only
// freed.

namespace snag::detail {

void install_fork_handlers() noexcept;  // once, when the process's scheduler is made

// posix/
void lock_owners_for_fork() noexcept;
void unlock_owners_after_fork() noexcept;
void lock_address_objects_for_fork() noexcept;
void unlock_address_objects_after_fork() noexcept;
void lock_threads_for_fork() noexcept;
void unlock_threads_after_fork() noexcept;
void lock_once_for_fork() noexcept;
void unlock_once_after_fork(bool in_child) noexcept;
void forget_parked_in_child() noexcept;

void forget_blocking_in_child(bool caller_is_inside) noexcept;
void forget_bubbles_in_child() noexcept;

}  // namespace snag::detail
