// SPDX-License-Identifier: Apache-2.0
// The one sender lies in what the standard library and the language make: on the holder's stack, or in heap
// blocks that only pointers from there lead to.
#include "home.h"

#include <any>
#include <array>
#include <coroutine>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

using namespace handles;

HOME(on_the_stack, [](sender s) { return s; });
HOME(in_an_array, [](sender s) { return std::array<sender, 1>{std::move(s)}; });
HOME(in_an_optional, [](sender s) { return std::optional<sender>(std::move(s)); });
HOME(in_a_variant, [](sender s) { return std::variant<int, sender>(std::move(s)); });
HOME(in_an_any, [](sender s) { return std::any(std::move(s)); });
HOME(in_a_large_any, [](sender s) { return std::any(std::array<sender, 9>{s, s, s, s, s, s, s, s, s}); });

HOME(behind_new, [](sender s) { return new sender(std::move(s)); });
HOME(behind_an_array_new, [](sender s) { return new std::array<sender, 2>[3]{{s, s}, {s, s}, {s, s}}; });
HOME(behind_unique_ptr, [](sender s) { return std::make_unique<sender>(std::move(s)); });
HOME(behind_make_shared, [](sender s) { return std::make_shared<sender>(std::move(s)); });
HOME(behind_shared_ptr_of_new, [](sender s) { return std::shared_ptr<sender>(new sender(std::move(s))); });
HOME(behind_aligned_new, [](sender s) {
  struct alignas(128) line {
    sender s;
  };
  return std::make_unique<line>(std::move(s));
});
HOME(behind_a_pointer_into_the_middle, [](sender s) {
  struct item {
    long before[20];
    sender s;
    long after[20];
  };
  auto* const made = new item{{}, std::move(s), {}};
  return &made->s;
});
HOME(behind_a_pointer_with_a_tag_in_its_low_bits,
     [](sender s) { return reinterpret_cast<std::uintptr_t>(new sender(std::move(s))) | 3; });
HOME(behind_a_pointer_with_a_tag_in_its_upper_bits, [](sender s) {  // as lock-free lists count in them
  return reinterpret_cast<std::uintptr_t>(new sender(std::move(s))) | std::uintptr_t{0xbeef} << 48;
});
HOME(behind_three_pointers, [](sender s) {
  using vector = std::vector<std::unique_ptr<sender>>;
  auto all = std::make_shared<std::list<vector>>(3);
  all->back().push_back(std::make_unique<sender>(std::move(s)));
  return all;
});

HOME(in_a_vector, [](sender s) { return std::vector<sender>{std::move(s)}; });
HOME(in_a_deque, [](sender s) { return std::deque<sender>(200, s); });
HOME(in_a_list, [](sender s) { return std::list<sender>{std::move(s)}; });
HOME(in_a_map, [](sender s) {
  std::map<int, sender> all;
  for (int i = 0; i < 100; ++i) all.emplace(i, nullptr);
  all.at(77) = std::move(s);
  return all;
});
HOME(in_an_unordered_map, [](sender s) {
  std::unordered_map<std::string, sender> all;
  for (int i = 0; i < 100; ++i) all.emplace(std::to_string(i), nullptr);
  all.at("77") = std::move(s);
  return all;
});
HOME(in_a_function, [](sender s) { return std::function<void()>([s = std::move(s)] { s.send(1); }); });
HOME(in_a_large_function, [](sender s) {
  return std::function<void()>([s = std::move(s), more = std::array<long, 20>{}] { s.send(more[0] != 0); });
});
HOME(in_a_pool_of_memory, [](sender s) {
  auto pool = std::make_unique<std::pmr::monotonic_buffer_resource>();
  struct placed {
    std::unique_ptr<std::pmr::monotonic_buffer_resource> pool;
    sender* at;
  };
  auto* const at = static_cast<sender*>(pool->allocate(sizeof(sender)));
  return placed{std::move(pool), new (at) sender(std::move(s))};
});
HOME(in_a_buffer_on_the_stack, [](sender s) {
  struct arena {
    alignas(sender) std::byte bytes[1024];
    sender* first;
    explicit arena(sender s) : first(new(bytes + 512) sender(std::move(s))) {}
    arena(arena&& other) noexcept : first(new(bytes + 256) sender(std::move(*other.first))) {}
  };
  return arena(std::move(s));
});

HOME(in_a_future, [](sender s) {
  std::promise<sender> promise;
  promise.set_value(std::move(s));
  return promise.get_future();
});
HOME(in_a_deferred_task,
     [](sender s) { return std::async(std::launch::deferred, [s = std::move(s)] { s.send(1); }); });
HOME(in_a_packaged_task,
     [](sender s) { return std::packaged_task<void()>([s = std::move(s)] { s.send(1); }); });
HOME(in_an_exception_that_is_kept, [](sender s) { return std::make_exception_ptr(std::move(s)); });

namespace {

struct coroutine {
  struct promise_type {
    coroutine get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> frame;
};

coroutine send_later(sender s) {
  co_await std::suspend_always();
  s.send(1);
}

}  // namespace

HOME(in_a_coroutine_that_has_not_begun, [](sender s) { return send_later(std::move(s)); });
HOME(in_a_coroutine_that_is_suspended, [](sender s) {
  coroutine made = send_later(std::move(s));
  made.frame.resume();
  return made;
});

// In flight: the exception is being handled, and its object is on the heap.
TWINS(in_an_exception_that_is_handled) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  snag::go({.name = "holder"}, [s = std::move(s)]() mutable {
    try {
      throw std::move(s);
    } catch (const sender&) {
      Life::stay();
    }
  });
  settle(2);
}

TWINS(in_an_exception_that_nobody_names) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  snag::go({.name = "holder"}, [s = std::move(s)]() mutable {
    try {
      throw std::move(s);
    } catch (...) {
      Life::stay();
    }
  });
  settle(2);
}
