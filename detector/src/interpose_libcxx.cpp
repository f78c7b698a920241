// SPDX-License-Identifier: Apache-2.0
// What libc++ has in its shared object, by linkage names, since this archive is compiled with libstdc++.
//
// std::call_once sets its flag there, and the program reads it by an acquiring load, when the function has
// run before ([thread.once.callonce]).
//
// std::barrier counts those who arrive there, by atomics that are seen by nobody; the last to arrive knows
// what all did before ([thread.barrier.class]).
//
// std::shared_mutex is made of a mutex and two condition variables, which order more than it promises:
// readers order nothing for one another.
//
// Copies of locales and exception pointers, memory resources, and std::sort of numbers access memory there.
#include <functional>

#include "detector/src/annotations.h"
#include "detector/src/call_checks.h"
#include "detector/src/interpose.h"
#include "detector/src/library_function.h"
#include "detector/src/memory_resource.h"

namespace snag::detector {
namespace {

using flag_type = volatile unsigned long;
constinit library_function<void(flag_type&, void*, void (*)(void*))> real_call_once{
    "_ZNSt3__111__call_onceERVmPvPFvS2_E"};

struct call {
  flag_type* flag;
  void (*function)(void*);
  void* argument;
};

// If the function throws, nobody may take its work for done, and the flag is not set.
void run(void* passed) {
  const auto& c = *static_cast<const call*>(passed);
  c.function(c.argument);
  release_to_atomic(const_cast<const unsigned long*>(c.flag), sizeof *c.flag);
}

using arrive_function = bool(void*, unsigned char);
constinit library_function<arrive_function> real_arrive{
    "_ZNSt3__131__arrive_barrier_algorithm_baseEPNS_24__barrier_algorithm_baseEh"};

// What it does orders nothing.
template <class Function, class... Args>
auto unordered(library_function<Function>& real, Args... args) {
  const ignoring_scope scope(ignored::synchronisation);
  return real(args...);
}

using events::lock_mode;
using lock_function = void(void*);
using try_lock_function = bool(void*);

void lock(library_function<lock_function>& real, void* mutex, lock_mode mode) {
  unordered(real, mutex);
  annotate_lock_taken(mutex, mode);
}
bool try_lock(library_function<try_lock_function>& real, void* mutex, lock_mode mode) {
  const bool locked = unordered(real, mutex);
  if (locked) annotate_lock_taken(mutex, mode);
  return locked;
}
void unlock(library_function<lock_function>& real, void* mutex, lock_mode mode) {
  annotate_lock_given_back(mutex, mode);
  unordered(real, mutex);
}

// Locales and exception pointers are a pointer each.
using copy_function = void(void* self, const void* from);
using assign_function = void*(void* self, const void* from);
template <class Function>
auto copied(library_function<Function>& real, void* self, const void* from) {
  call_checks().reads(from, sizeof from).writes(self, sizeof self);
  return real(self, from);
}

template <class Number>
using sort_function = void(Number* begin, Number* end, void* less);

template <class Number>
void sorted(library_function<sort_function<Number>>& real, Number* begin, Number* end, void* less) {
  const auto bytes = static_cast<std::size_t>(end - begin) * sizeof(Number);
  call_checks().reads(begin, bytes).writes(begin, bytes);
  real(begin, end, less);
}

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

void snag_libcxx_call_once(flag_type& flag, void* argument,
                           void (*function)(void*)) asm("_ZNSt3__111__call_onceERVmPvPFvS2_E");
void snag_libcxx_call_once(flag_type& flag, void* argument, void (*function)(void*)) {
  call c{&flag, function, argument};
  real_call_once(std::ref(flag), static_cast<void*>(&c), run);
}

arrive_function snag_libcxx_arrive asm(
    "_ZNSt3__131__arrive_barrier_algorithm_baseEPNS_24__barrier_algorithm_baseEh");
bool snag_libcxx_arrive(void* barrier, unsigned char phase) {
  annotate_release(barrier);
  const bool last = real_arrive(barrier, phase);
  if (last) annotate_acquire(barrier);
  return last;
}

// Each of the two classes of mutexes has these; `name` is the class's, with its length.
#define SNAG_LIBCXX_LOCK(tag, name, how, type, action, mode)                 \
  type snag_libcxx_##tag asm("_ZNSt3__1" name how "Ev");                     \
  auto snag_libcxx_##tag(void* mutex)->decltype(snag_libcxx_##tag(mutex)) {  \
    static constinit library_function<type> real{"_ZNSt3__1" name how "Ev"}; \
    return action(real, mutex, lock_mode::mode);                             \
  }
#define SNAG_LIBCXX_MUTEX(tag, name)                                                                      \
  SNAG_LIBCXX_LOCK(tag##_lock, name, "4lock", lock_function, lock, exclusive)                             \
  SNAG_LIBCXX_LOCK(tag##_try_lock, name, "8try_lock", try_lock_function, try_lock, exclusive)             \
  SNAG_LIBCXX_LOCK(tag##_unlock, name, "6unlock", lock_function, unlock, exclusive)                       \
  SNAG_LIBCXX_LOCK(tag##_lock_shared, name, "11lock_shared", lock_function, lock, shared)                 \
  SNAG_LIBCXX_LOCK(tag##_try_lock_shared, name, "15try_lock_shared", try_lock_function, try_lock, shared) \
  SNAG_LIBCXX_LOCK(tag##_unlock_shared, name, "13unlock_shared", lock_function, unlock, shared)
SNAG_LIBCXX_MUTEX(shared_mutex, "19__shared_mutex_base")
#undef SNAG_LIBCXX_MUTEX
#undef SNAG_LIBCXX_LOCK

#define SNAG_LIBCXX_COPY(tag, type, name)                                                         \
  type snag_libcxx_##tag asm(name);                                                               \
  auto snag_libcxx_##tag(void* self, const void* from)->decltype(snag_libcxx_##tag(self, from)) { \
    static constinit library_function<type> real{name};                                           \
    return copied(real, self, from);                                                              \
  }
SNAG_LIBCXX_COPY(copy_locale, copy_function, "_ZNSt3__16localeC1ERKS0_")
SNAG_LIBCXX_COPY(copy_base_locale, copy_function, "_ZNSt3__16localeC2ERKS0_")
SNAG_LIBCXX_COPY(assign_locale, assign_function, "_ZNSt3__16localeaSERKS0_")
SNAG_LIBCXX_COPY(copy_exception, copy_function, "_ZNSt13exception_ptrC1ERKS_")
SNAG_LIBCXX_COPY(copy_base_exception, copy_function, "_ZNSt13exception_ptrC2ERKS_")
SNAG_LIBCXX_COPY(assign_exception, assign_function, "_ZNSt13exception_ptraSERKS_")
#undef SNAG_LIBCXX_COPY

#define SNAG_LIBCXX_ALLOCATE(tag, name)                                                                 \
  allocate_function snag_libcxx_##tag asm("_ZNSt3__13pmr" name "11do_allocateEmm");                     \
  void* snag_libcxx_##tag(void* self, std::size_t bytes, std::size_t alignment) {                       \
    static constinit library_function<allocate_function> real{"_ZNSt3__13pmr" name "11do_allocateEmm"}; \
    use_resource(self);                                                                                 \
    return real(self, bytes, alignment);                                                                \
  }
SNAG_LIBCXX_ALLOCATE(monotonic_allocate, "25monotonic_buffer_resource")
SNAG_LIBCXX_ALLOCATE(pool_allocate, "28unsynchronized_pool_resource")
#undef SNAG_LIBCXX_ALLOCATE

deallocate_function snag_libcxx_pool_deallocate asm(
    "_ZNSt3__13pmr28unsynchronized_pool_resource13do_deallocateEPvmm");
void snag_libcxx_pool_deallocate(void* self, void* block, std::size_t bytes, std::size_t alignment) {
  static constinit library_function<deallocate_function> real{
      "_ZNSt3__13pmr28unsynchronized_pool_resource13do_deallocateEPvmm"};
  use_resource(self);
  real(self, block, bytes, alignment);
}

// std::__sort<std::__less<number, number>&, number*>, which std::sort calls; `code` is the type's in a
// linkage name.
#define SNAG_LIBCXX_SORT(number, code)                                                                      \
  sort_function<number> snag_libcxx_sort_##code asm("_ZNSt3__16__sortIRNS_6__lessI" #code #code "EEP" #code \
                                                    "EEvT0_S5_T_");                                         \
  void snag_libcxx_sort_##code(number* begin, number* end, void* less) {                                    \
    static constinit library_function<sort_function<number>> real{                                          \
        "_ZNSt3__16__sortIRNS_6__lessI" #code #code "EEP" #code "EEvT0_S5_T_"};                             \
    sorted(real, begin, end, less);                                                                         \
  }
SNAG_LIBCXX_SORT(char, c)
SNAG_LIBCXX_SORT(wchar_t, w)
SNAG_LIBCXX_SORT(signed char, a)
SNAG_LIBCXX_SORT(unsigned char, h)
SNAG_LIBCXX_SORT(short, s)
SNAG_LIBCXX_SORT(unsigned short, t)
SNAG_LIBCXX_SORT(int, i)
SNAG_LIBCXX_SORT(unsigned, j)
SNAG_LIBCXX_SORT(long, l)
SNAG_LIBCXX_SORT(unsigned long, m)
SNAG_LIBCXX_SORT(long long, x)
SNAG_LIBCXX_SORT(unsigned long long, y)
SNAG_LIBCXX_SORT(float, f)
SNAG_LIBCXX_SORT(double, d)
SNAG_LIBCXX_SORT(long double, e)
#undef SNAG_LIBCXX_SORT

}  // extern "C"
