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
  scheduler.wakes_100000_parked_goroutines memory.comes_back_after_a_burst)
snag_not_under(address "what the parent's goroutines own is lost in the child, as documented: a leak"
  process.the_child_of_a_fork_has_the_calling_goroutine_alone)
snag_not_under(thread "100,000 goroutines at once, as above" memory.comes_back_after_a_burst)

list(JOIN snag_unsanitized_tests ":" snag_test_filter)
if(snag_test_filter)
  string(PREPEND snag_test_filter "-")
endif()
