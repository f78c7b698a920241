// SPDX-License-Identifier: Apache-2.0
#include "snag/context.h"

#include "runtime/src/context_core.h"
#include "runtime/src/handle_table.h"
#include "runtime/src/leaked.h"
#include "snag/panic.h"

namespace snag {

namespace {
constexpr detail::known_error canceled_text{"context canceled"};
constexpr detail::known_error deadline_exceeded_text{"context deadline exceeded", /*timeout=*/true};
}  // namespace

constinit const error context::canceled{canceled_text};
constinit const error context::deadline_exceeded{deadline_exceeded_text};

namespace detail {

namespace {

context_core& parent_of(context_core* parent) {
  schedule_point();
  if (parent == nullptr) panic("cannot create context from nil parent");
  return *parent;
}

context_core& not_nil(context_core* core) {
  if (core == nullptr) panic("runtime error: invalid memory address or nil pointer dereference");
  return *core;
}

struct destroyed_on_panic {
  erased_value* value;
  ~destroyed_on_panic() {
    if (value != nullptr) value->destroy(value->address);
  }
};

// One reference is never given back.
struct root_context {
  context_core* core = new context_core(nullptr);
};
context_core* for_ever(leaked<root_context>& root) noexcept {
  context_core* const core = root.get().core;
  core->gain();
  return core;
}

}  // namespace

context_core* background_context() noexcept {
  static constinit leaked<root_context> background;
  return for_ever(background);
}
context_core* todo_context() noexcept {
  static constinit leaked<root_context> todo;
  return for_ever(todo);
}

context_core* derive_cancellable(context_core* parent, const clock::time_point* deadline,
                                 error deadline_cause) {
  const events::site where{__builtin_return_address(0)};
  context_core& above = parent_of(parent);
  auto* const made = new cancel_context_core(&above);
  made->announce(where);
  made->attach(where);
  if (deadline != nullptr && (above.deadline() == nullptr || *deadline < *above.deadline())) {
    made->set_deadline(*deadline, std::move(deadline_cause), where);
  }
  return made;
}

context_core* derive_with_value(context_core* parent, const void* key, erased_value value) {
  const events::site where{__builtin_return_address(0)};
  destroyed_on_panic on_panic{&value};
  context_core& above = parent_of(parent);
  on_panic.value = nullptr;
  auto* const made = new value_context_core(&above, key, value);
  made->announce(where);
  return made;
}

context_core* derive_uncancellable(context_core* parent) {
  const events::site where{__builtin_return_address(0)};
  auto* const made = new uncancellable_context_core(&parent_of(parent));
  made->announce(where);
  return made;
}

void gain_context(context_core* core, SNAG_NOESCAPE void* at) noexcept {
  if (core == nullptr) return;
  core->gain();
  tell_handle_gained(core->object(), events::direction::both, at);
}

void lose_context(context_core* core, SNAG_NOESCAPE void* at) noexcept {
  if (core == nullptr) return;
  tell_handle_lost(core->object(), events::direction::both, at);
  core->lose();
}

void move_context(context_core* core, SNAG_NOESCAPE void* from, SNAG_NOESCAPE void* to) noexcept {
  if (core == nullptr) return;
  tell_handle_moved(core->object(), events::direction::both, from, to);
}

recv_chan<void> context_done(context_core* core) {
  const events::site where{__builtin_return_address(0)};
  cancel_context_core* const canceller = not_nil(core).canceller();
  return canceller != nullptr ? canceller->done(where) : recv_chan<void>(nullptr);
}

error context_error(context_core* core) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  cancel_context_core* const canceller = not_nil(core).canceller();
  return canceller != nullptr ? canceller->err(where) : error();
}

error context_cause(context_core* core) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  cancel_context_core* const canceller = not_nil(core).canceller();
  return canceller != nullptr ? canceller->cause(where) : error();
}

bool context_deadline(context_core* core, clock::time_point& deadline) {
  const clock::time_point* const known = not_nil(core).deadline();
  if (known != nullptr) deadline = *known;
  return known != nullptr;
}

const void* context_value(context_core* core, const void* key) { return not_nil(core).find(key); }

context_canceler* make_canceler(context_core* core) { return new context_canceler(core->canceller()); }
void gain_canceler(context_canceler* c) noexcept { c->gain(); }
void lose_canceler(context_canceler* c) noexcept { c->lose({__builtin_return_address(0)}); }

void cancel_context(context_canceler* c, error cause) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  c->on().cancel(context::canceled, cause, where);
}

// Called by a stop callback, so nobody else may run before it returns: libstdc++ compares threads, and lets a
// goroutine on the same thread destroy the callback meanwhile.
void cancel_context(context_core* core) {
  const events::site where{__builtin_return_address(0)};
  not_nil(core).canceller()->cancel(context::canceled, {}, where);
}

void cancel_context_as(context_core* core, error err) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  not_nil(core).canceller()->cancel(err ? err : context::canceled, {}, where);
}

context_function* add_context_function(context_core* core, void (*run)(void*), erased_value closure) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  destroyed_on_panic on_panic{&closure};
  cancel_context_core* const canceller = not_nil(core).canceller();
  on_panic.value = nullptr;
  auto* const made = new context_function(canceller, run, closure);
  made->add(where);
  return made;
}
void gain_context_function(context_function* f) noexcept { f->gain(); }
void lose_context_function(context_function* f) noexcept { f->lose(); }
bool stop_context_function(context_function* f) {
  schedule_point();
  return f->stop();
}

}  // namespace detail
}  // namespace snag
