# SPDX-License-Identifier: Apache-2.0
# The tests that cannot run under a sanitizer, and why. Everything else has to.
set(snag_unsanitized_tests "")
function(snag_not_under sanitizers reason)  # reason: for the reader
  if(SNAG_SANITIZER IN_LIST sanitizers)
    set(snag_unsanitized_tests ${snag_unsanitized_tests} ${ARGN} PARENT_SCOPE)
  endif()
endfunction()

snag_not_under(thread "a fiber each: ThreadSanitizer has 8,000, and half a MiB of shadow stack for each"
  scheduler.wakes_100000_parked_goroutines timer.ten_thousand_sleepers_wake_in_order_of_time)
snag_not_under(address "the leak check reads 100,000 stacks of a MiB each at the end"
  scheduler.wakes_100000_parked_goroutines memory.comes_back_after_a_burst
  race_edges.RD_013_goroutines_alive_at_once_have_no_small_limit)
snag_not_under(address "it measures memory, and AddressSanitizer's shadow comes with every stack"
  goroutine.GO_021_a_parked_goroutine_takes_little_memory)
snag_not_under(address "what the parent's goroutines own is lost in the child, as documented: a leak"
  process.the_child_of_a_fork_has_the_calling_goroutine_alone)
snag_not_under(thread "100,000 goroutines at once, as above" memory.comes_back_after_a_burst)
snag_not_under(thread "more than 8,000 goroutines at once, as above"
  race_edges.RD_013_goroutines_alive_at_once_have_no_small_limit)
snag_not_under(thread "they measure memory or mappings, and ThreadSanitizer's own come with every fiber"
  goroutine.GO_021_a_parked_goroutine_takes_little_memory lives.ten_thousand_simulations_leave_nothing)
snag_not_under(thread "an exact number of frames: ThreadSanitizer makes no tail calls, which leaves one more"
  messages.MS_012_deep_stacks_show_50_frames_at_either_end)
snag_not_under(thread "libstdc++ passes call_once's routine in a thread_local, which goroutines on one thread share: to
  ThreadSanitizer a fiber is a thread of its own"
  posix_once.a_routine_that_throws_does_not_count)
snag_not_under(thread "reading debug information again and again takes minutes under it"
  stack_trace.may_be_asked_for_by_many_at_once)
snag_not_under(thread "it deletes a channel's handle when time, not synchronisation, says that its user waits inside"
  channel.CH_038_who_waits_at_a_channel_that_nobody_else_knows_waits_for_ever)
snag_not_under(thread "it holds a signal back until the thread that got it calls what it intercepts: a sleeping worker
  calls nothing"
  asio_DeathTest.dumps_say_what_is_waited_for)
snag_not_under("thread;address" "the smallest stacks are too small for a sanitizer's frames: there are none"
  stack_arena.the_first_ones_have_most_room)

snag_not_under("thread;address;undefined" "a fault of the program's own is what a sanitizer reports"
  panic.PA_014_what_only_the_machine_notices_keeps_its_signal)

list(JOIN snag_unsanitized_tests ":" snag_test_filter)
if(snag_test_filter)
  string(PREPEND snag_test_filter "-")
endif()
