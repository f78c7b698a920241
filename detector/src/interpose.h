// SPDX-License-Identifier: Apache-2.0
#pragma once
// Functions of libc and libstdc++ that this archive defines in their place, for the executable and all its
// shared libraries:
//   interpose_malloc.cpp    malloc and its family: who allocated what; freeing is a write
//   interpose_mapping.cpp   mmap, munmap, mremap: memory that goes away is forgotten
//   interpose_strings.cpp   str*, mem*: libc's own accesses, at the call in the user's code
//   interpose_wide.cpp      wcs*, wmem*: the same
//   interpose_nodes.cpp     libstdc++'s lists and trees: the links of their nodes
//   interpose_io.cpp        read, write and the like: the kernel's accesses, and what orders them
//   interpose_sockets.cpp   send, recv, connect, accept;  interpose_pipes.cpp   splice and its kin
//   interpose_waits.cpp     poll, flock and the like: what orders without data
//   interpose_sysv.cpp      semop, msgsnd and the like;  interpose_sleeps.cpp   nanosleep, pause and the like
//   interpose_streams.cpp   stdio: where its buffers meet descriptors
//   interpose_format.cpp    printf and its kin;  interpose_sorting.cpp   qsort
//   interpose_numbers.cpp   strtol and its kin;  interpose_time.cpp   localtime, strftime and their kin
//   interpose_locks.cpp     pthread_mutex_init and the like write the lock
//   interpose_hashing.cpp, _locale, _pools, _futures   what else libstdc++ has in its shared object
//   interpose_signals.cpp   signal, sigaction;  interpose_sending.cpp   kill, setitimer, sigwait and the like
//   interpose_cancel.cpp    pthread_setcanceltype;  roomy_stack.cpp   sigaltstack
//   interpose_dl.cpp        dlclose, dl_iterate_phdr;  interpose_dlopen.cpp   dlopen
//   ending.cpp              _exit, quick_exit;  interpose_exec.cpp   exec*
// Each passes straight through before open_interposers, inside the detector's own work, and below a call into
// the runtime (whose synchronisation reaches us as events, not accesses). The loader and libc call some of
// them before relocation is complete, so nothing here may need a constructor, a lock or a look-up before
// then.
#include <cstddef>

#include "detector/src/race.h"

namespace snag::detector {

void open_interposers() noexcept;  // once, when the detector is ready
bool interposers_open() noexcept;

// Whether what the calling thread does is the program's: then synchronisation is told of.
bool watching() noexcept;

// The instrumented call that the calling thread is in; null if its accesses are not to be checked.
const hooks::site* checked_call() noexcept;

// So that nothing is looked up later, in a handler or in a fork's child.
void resolve_exec_functions() noexcept;
void resolve_io_functions() noexcept;
void resolve_number_functions() noexcept;
void resolve_scan_functions() noexcept;
void resolve_socket_functions() noexcept;
void resolve_pipe_functions() noexcept;
void resolve_stream_functions() noexcept;
void resolve_format_functions() noexcept;
void resolve_sorting_functions() noexcept;
void resolve_time_functions() noexcept;
void resolve_sysv_functions() noexcept;
void resolve_wait_functions() noexcept;
void resolve_sleep_functions() noexcept;
void resolve_sending_functions() noexcept;
void resolve_loader_functions() noexcept;

[[noreturn]] void real_quick_exit(int status) noexcept;

}  // namespace snag::detector
