// SPDX-License-Identifier: Apache-2.0
// What every test wants of a sanitizer, linked into each when there is one (SNAG_SANITIZER): the runtime's
// own handlers of faults, no second of sleep at the end, threads in the child of a fork.
extern "C" {
const char* __asan_default_options() {
  return "handle_segv=0:handle_sigbus=0:detect_stack_use_after_return=1";
}
const char* __ubsan_default_options() { return "handle_segv=0:handle_sigbus=0:print_stacktrace=1"; }
const char* __tsan_default_options() {
  return "handle_segv=0:handle_sigbus=0:atexit_sleep_ms=0:die_after_fork=0:second_deadlock_stack=1";
}
}
