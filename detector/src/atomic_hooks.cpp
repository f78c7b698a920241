// SPDX-License-Identifier: Apache-2.0
// The hooks of atomics and fences: they perform the operation, with the object's clock locked, so that no
// other goroutine sees a value without the knowledge that comes with it. The operation itself is seq_cst on
// the machine (other code may use the object without us); what it orders is decided by its own order
// (atomic_order.h). A race report is made after the lock is given back.
#include "detector/hooks.h"
#include "detector/src/address_space.h"
#include "detector/src/atomic_order.h"
#include "detector/src/entry.h"
#include "detector/src/granule_visit.h"

namespace snag::detector {
namespace {

using hooks::atomic_operation;

template <class T>
bool cas(volatile T* at, T& expected, T desired) {
  return __atomic_compare_exchange_n(const_cast<T*>(at), &expected, desired, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST);
}
template <class T>
T load(const volatile T* at) {
  return __atomic_load_n(const_cast<const T*>(at), __ATOMIC_SEQ_CST);
}
template <class T>
void store(volatile T* at, T value) {
  __atomic_store_n(const_cast<T*>(at), value, __ATOMIC_SEQ_CST);
}

template <class T>
T apply(T old, T operand, atomic_operation operation) {
  using signed_t =
      std::conditional_t<sizeof(T) == 16, __int128,
                         std::make_signed_t<std::conditional_t<sizeof(T) == 16, std::uint64_t, T>>>;
  const auto a = static_cast<signed_t>(old), b = static_cast<signed_t>(operand);
  switch (operation) {
    case atomic_operation::exchange:
      return operand;
    case atomic_operation::add:
      return static_cast<T>(old + operand);
    case atomic_operation::sub:
      return static_cast<T>(old - operand);
    case atomic_operation::bit_and:
      return static_cast<T>(old & operand);
    case atomic_operation::bit_or:
      return static_cast<T>(old | operand);
    case atomic_operation::bit_xor:
      return static_cast<T>(old ^ operand);
    case atomic_operation::bit_nand:
      return static_cast<T>(~(old & operand));
    case atomic_operation::max:
      return a > b ? old : operand;
    case atomic_operation::min:
      return a < b ? old : operand;
    case atomic_operation::umax:
      return old > operand ? old : operand;
    case atomic_operation::umin:
      return old < operand ? old : operand;
  }
  return old;
}

template <class T>
T update(volatile T* at, T operand, atomic_operation operation) {
  T old = load(at);
  while (!cas(at, old, apply(old, operand, operation))) {
  }
  return old;
}

// Else the operation is only performed.
bool takes_part(const entry_scope& scope, const thread_state& t, const volatile void* at) {
  return scope && in_program(reinterpret_cast<std::uint64_t>(at)) && t.actor->ignoring.synchronisation == 0;
}

// One atomic operation: comes in, locks the object, leaves the rest to `act(operation, object)`.
class operation {
 public:
  operation(thread_state& t, const volatile void* at, std::uint32_t bytes, const hooks::site* s,
            const void* sp) noexcept
      : t_(t), address_(reinterpret_cast<std::uint64_t>(at)), bytes_(bytes) {
    where_ = place_at(t, s, sp);
    reserve_records(t);
  }
  actor_state& self() const noexcept { return *t_.actor; }
  std::uint64_t address() const noexcept { return address_; }
  std::uint32_t bytes() const noexcept { return bytes_; }

  void record(access_kind kind, memory_order order) noexcept {
    kind_ = kind;
    const bool ends_epoch = kind == access_kind::atomic_write && releases(order);
    const bool of_one_object = (address_ & (bytes_ - 1)) == 0 && bytes_ <= 8;  // (a power of two)
    const access a{.self = self(),
                   .kind = kind,
                   .size = bytes_,
                   .where = where_,
                   .exclusive = ends_epoch && of_one_object};
    if (of_one_object) {
      visit_atomic(t_, a, address_, bytes_);
    } else {
      check_and_record(t_, a, address_, bytes_);
    }
  }
  void released_here() noexcept { self().last_release = where_; }
  void tell() noexcept {
    if (!t_.hits.empty()) [[unlikely]]
      tell_races(t_, {self(), kind_, bytes_, where_});
  }

 private:
  thread_state& t_;
  const std::uint64_t address_;
  const std::uint32_t bytes_;
  place where_;
  access_kind kind_ = access_kind::atomic_read;
};

template <class T>
T on_load(const volatile T* at, memory_order order, const hooks::site* s, const void* sp) noexcept {
  thread_state& t = this_thread();
  const entry_scope scope(t);
  if (!takes_part(scope, t, at)) return load(at);
  operation op(t, at, sizeof(T), s, sp);
  T value;
  {
    const locked_atomic object(op.address(), op.bytes());
    value = load(at);
    order_load(op.self(), object, order);
    op.record(access_kind::atomic_read, order);
  }
  op.tell();
  return value;
}

template <class T>
void on_store(volatile T* at, T value, memory_order order, const hooks::site* s, const void* sp) noexcept {
  thread_state& t = this_thread();
  const entry_scope scope(t);
  if (!takes_part(scope, t, at)) return store(at, value);
  operation op(t, at, sizeof(T), s, sp);
  {
    locked_atomic object(op.address(), op.bytes());
    op.record(access_kind::atomic_write, order);
    order_store(op.self(), object, order);
    if (releases(order)) op.released_here();
    store(at, value);
  }
  op.tell();
}

template <class T>
T on_update(volatile T* at, T operand, atomic_operation what, memory_order order, const hooks::site* s,
            const void* sp) noexcept {
  thread_state& t = this_thread();
  const entry_scope scope(t);
  if (!takes_part(scope, t, at)) return update(at, operand, what);
  operation op(t, at, sizeof(T), s, sp);
  T old;
  {
    locked_atomic object(op.address(), op.bytes());
    order_load(op.self(), object, order);
    op.record(access_kind::atomic_write, order);
    order_update(op.self(), object, order);
    if (releases(order)) op.released_here();
    old = update(at, operand, what);
  }
  op.tell();
  return old;
}

template <class T>
T on_compare_exchange(volatile T* at, T expected, T desired, memory_order success, memory_order failure,
                      const hooks::site* s, const void* sp) noexcept {
  thread_state& t = this_thread();
  const entry_scope scope(t);
  if (!takes_part(scope, t, at)) {
    cas(at, expected, desired);
    return expected;
  }
  operation op(t, at, sizeof(T), s, sp);
  {
    locked_atomic object(op.address(), op.bytes());
    if (cas(at, expected, desired)) {
      order_load(op.self(), object, success);
      op.record(access_kind::atomic_write, success);
      order_update(op.self(), object, success);
      if (releases(success)) op.released_here();
    } else {
      order_load(op.self(), object, failure);
      op.record(access_kind::atomic_read, failure);
    }
  }
  op.tell();
  return expected;
}

}  // namespace
}  // namespace snag::detector

using namespace snag;
using detector::memory_order;

#define SNAG_DEFINE(BITS, T)                                                                               \
  T __snag_atomic##BITS##_load(const volatile T* at, std::uint32_t order, const hooks::site* s) noexcept { \
    return detector::on_load(at, memory_order{order}, s, __builtin_frame_address(0));                      \
  }                                                                                                        \
  void __snag_atomic##BITS##_store(volatile T* at, T value, std::uint32_t order,                           \
                                   const hooks::site* s) noexcept {                                        \
    detector::on_store(at, value, memory_order{order}, s, __builtin_frame_address(0));                     \
  }                                                                                                        \
  T __snag_atomic##BITS##_update(volatile T* at, T operand, std::uint32_t what, std::uint32_t order,       \
                                 const hooks::site* s) noexcept {                                          \
    return detector::on_update(at, operand, hooks::atomic_operation{what}, memory_order{order}, s,         \
                               __builtin_frame_address(0));                                                \
  }                                                                                                        \
  T __snag_atomic##BITS##_compare_exchange(volatile T* at, T expected, T desired, std::uint32_t success,   \
                                           std::uint32_t failure, const hooks::site* s) noexcept {         \
    return detector::on_compare_exchange(at, expected, desired, memory_order{success},                     \
                                         memory_order{failure}, s, __builtin_frame_address(0));            \
  }
SNAG_ATOMIC_HOOKS(SNAG_DEFINE)
#undef SNAG_DEFINE

void __snag_fence(std::uint32_t order, const hooks::site* s) noexcept {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  detector::thread_state& t = detector::this_thread();
  const detector::entry_scope scope(t);
  if (!scope || t.actor->ignoring.synchronisation != 0) return;
  order_fence(*t.actor, memory_order{order});
  if (detector::releases(memory_order{order})) {
    const detector::stack_window w = detector::live_stack(*t.actor, __builtin_frame_address(0));
    t.actor->last_release = detector::place_of(t.calls, s, detector::top_frame(t, w), w);
  }
}
