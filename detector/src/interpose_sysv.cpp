// SPDX-License-Identifier: Apache-2.0
// System V semaphores and message queues (POSIX.1-2017, XSI): adding to a semaphore happens before the
// taking that it lets through, taking from one before a wait for zero that it ends; sending a message before
// receiving it.
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

#include <cstdarg>

#include "detector/src/call_checks.h"
#include "detector/src/interpose_io.h"
#include "detector/src/libc_function.h"

namespace snag::detector {
namespace {

SNAG_LIBC(semop);
SNAG_LIBC(semtimedop);
SNAG_LIBC(msgsnd);
SNAG_LIBC(msgrcv);
constinit libc_function<int(int, int, int, unsigned long)> libc_semctl("semctl");

// "places" of kernel channels; no inode has such a number.
constexpr std::uint64_t added = 0x5356'5345'4D2B'0000, taken = 0x5356'5345'4D2D'0000,
                        messages = 0x5356'4D53'4700'0000;

kernel_channel channel(std::uint64_t place, int id, unsigned number = 0) {
  return {place | number, static_cast<std::uint32_t>(id)};
}

template <class Call>
int operate(int id, const sembuf* operations, std::size_t count, Call real) {
  if (!watching()) return real();
  for (std::size_t i = 0; i < count; ++i)
    if (operations[i].sem_op != 0)
      on_sent(channel(operations[i].sem_op > 0 ? added : taken, id, operations[i].sem_num));
  const int result = wait_in_kernel(real);
  for (std::size_t i = 0; i < count && result == 0; ++i)
    if (operations[i].sem_op <= 0)
      on_received(channel(operations[i].sem_op < 0 ? added : taken, id, operations[i].sem_num));
  return result;
}

// A new value may let through whoever waits for more, or for zero.
void tell_set(int id, unsigned number) {
  on_sent(channel(added, id, number));
  on_sent(channel(taken, id, number));
}

}  // namespace

void resolve_sysv_functions() noexcept {
  libc_semop.resolve();
  libc_semtimedop.resolve();
  libc_semctl.resolve();
  libc_msgsnd.resolve();
  libc_msgrcv.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

int semop(int id, sembuf* operations, std::size_t count) noexcept {
  return operate(id, operations, count, [=] { return libc_semop(id, operations, count); });
}
int semtimedop(int id, sembuf* operations, std::size_t count, const timespec* patience) noexcept {
  return operate(id, operations, count, [=] { return libc_semtimedop(id, operations, count, patience); });
}

int semctl(int id, int number, int command, ...) noexcept {
  va_list rest;
  va_start(rest, command);
  const auto argument = va_arg(rest, unsigned long);  // union semun; garbage if the command takes none
  va_end(rest);
  if (watching()) {
    if (command == SETVAL) tell_set(id, static_cast<unsigned>(number));
    if (command == SETALL) {
      semid_ds facts{};
      if (libc_semctl(id, 0, IPC_STAT, reinterpret_cast<unsigned long>(&facts)) == 0)
        for (unsigned i = 0; i < facts.sem_nsems; ++i) tell_set(id, i);
    }
  }
  const int result = libc_semctl(id, number, command, argument);
  // Who finds the value has been let through by whoever made it so.
  if (command == GETVAL && result >= 0 && watching()) {
    on_received(channel(added, id, static_cast<unsigned>(number)));
    on_received(channel(taken, id, static_cast<unsigned>(number)));
  }
  return result;
}

int msgsnd(int id, const void* message, std::size_t bytes, int flags) {
  call_checks().reads(message, sizeof(long) + bytes);
  if (watching()) on_sent(channel(messages, id));
  return wait_in_kernel([=] { return libc_msgsnd(id, message, bytes, flags); });
}
ssize_t msgrcv(int id, void* message, std::size_t bytes, long type, int flags) {
  const ssize_t n = wait_in_kernel([=] { return libc_msgrcv(id, message, bytes, type, flags); });
  if (n < 0 || !watching()) return n;
  on_received(channel(messages, id));
  call_checks().writes(message, sizeof(long) + static_cast<std::size_t>(n));
  return n;
}

}  // extern "C"
