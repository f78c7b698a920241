// SPDX-License-Identifier: Apache-2.0
#pragma once
// Functions of libstdc++ that are right for reasons which their code does not show: reports of what they do
// would be of no use to anybody who cannot change the library.
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Function.h"

namespace snag::plugin {

// Before any optimisation.
//
// ~stop_callback synchronises with the end of a callback only if another thread ran it, which is not enough
// for goroutines on one thread: it always does.
//
// The count of a std::shared_ptr goes up with memory_order_acq_rel, where nothing is promised but the count
// ([util.smartptr.shared.const]): it would order what one owner did before another made its copy. It goes up
// relaxed, as libc++'s does.
//
// std::atomic<>::wait and notify, and all that is built of them, count their waiters in a table that
// strangers share, with memory_order_seq_cst. Neither synchronises by itself ([atomics.wait], note 2: a wait
// is a repeated load): a notification that finds an earlier waiter counted would order what that one had
// done. The counts go relaxed; the waits' own loads of the atomic object keep the order that was asked for.
//
// The table's look-up tells for which object, so that it is known what a thread waits for that sleeps on a
// word of the table.
//
// std::atomic<std::shared_ptr> swaps its pointer by std::swap, under its lock: that becomes its own doing,
// which guards_itself knows.
//
// std::pmr::memory_resource's allocate and deallocate tell which resource is used: the code of some stands in
// the shared object.
void repair_library_function(llvm::Function&);

// std::ctype<char> keeps the answers of its virtual functions in a table that threads fill with equal bytes.
bool fills_cache_with_equal_values(llvm::StringRef demangled);

// Functions whose accesses are ordered by what the detector does not take for an order.
//
// ~stop_callback waits for a callback that another thread runs. One that its own thread has run, perhaps in
// another goroutine, it takes for the one that it is called from, and looks into it without waiting.
//
// std::atomic<std::shared_ptr> is a spin lock around a pointer; after a load it is unlocked with
// memory_order_relaxed, which does not order the load's read of the pointer before the next owner's write,
// and must not order what its user did.
bool guards_itself(llvm::StringRef demangled);

// Whether the end of a variable says nothing: the library's own, whose life is the library's business, and a
// stop_callback, which its destructor takes for idle while another goroutine on the same thread runs it.
bool has_life_of_its_own(llvm::StringRef file, llvm::StringRef type);

}  // namespace snag::plugin
