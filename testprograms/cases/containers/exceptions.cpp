// SPDX-License-Identifier: Apache-2.0
// Exceptions that travel: an exception_ptr is a pointer to one object that everybody who rethrows it sees.
#include <cerrno>
#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "sides.h"

namespace {

struct failure : std::runtime_error {
  using std::runtime_error::runtime_error;
  int attempts = 0;
};

std::exception_ptr some_failure() {
  try {
    throw failure("a text that is too long for the place inside a string object");
  } catch (...) {
    return std::current_exception();
  }
}

template <class Handler>
void rethrow(const std::exception_ptr& stored, Handler handler) {
  try {
    std::rethrow_exception(stored);
  } catch (failure& f) {
    handler(f);
  }
}

}  // namespace

NO_RACE(rethrown_and_read_by_two) {
  const std::exception_ptr stored = some_failure();
  const auto look = [&] {
    rethrow(stored, [](const failure& f) {
      keep(f.what()[0]);
      keep(f.attempts);
    });
  };
  side_by_side(look, look);
}

NO_RACE(rethrown_and_written_by_two_locked) {
  const std::exception_ptr stored = some_failure();
  const auto count = [&] { rethrow(stored, [](failure& f) { ++f.attempts; }); };
  under_one_mutex(count, count);
}

NO_RACE(rethrown_and_written_by_two_handed_over) {
  const std::exception_ptr stored = some_failure();
  const auto count = [&] { rethrow(stored, [](failure& f) { ++f.attempts; }); };
  handed_over(count, count);
}

NO_RACE(destroyed_by_the_last_owner) {
  std::exception_ptr stored = some_failure();
  side_by_side(
      [mine = stored]() mutable {
        rethrow(mine, [](failure& f) { f.attempts = 1; });
        mine = nullptr;
      },
      [mine = std::move(stored)]() mutable { mine = nullptr; });
}

NO_RACE(thrown_and_caught_by_each) {
  const auto fail = [] {
    for (int i = 0; i < 20; ++i) {
      try {
        throw failure("failed");
      } catch (const std::exception& e) {
        keep(e.what()[0]);
      }
    }
  };
  side_by_side(fail, fail);
}

RACE(exception_pointer_assigned_and_tested) {
  std::exception_ptr stored;
  one_after_the_other([&] { stored = some_failure(); },   // <- 1
                      [&] { keep(stored == nullptr); });  // <- 2
}

NO_RACE(exception_pointer_assigned_and_tested_locked) {
  std::exception_ptr stored;
  under_one_mutex([&] { stored = some_failure(); }, [&] { keep(stored == nullptr); });
}

NO_RACE(exception_pointer_copied_by_two) {
  const std::exception_ptr stored = some_failure();
  const auto copy = [&] { const std::exception_ptr mine = stored; };
  side_by_side(copy, copy);
}

NO_RACE(carried_by_a_future) {
  std::promise<int> promise;
  std::future<int> result = promise.get_future();
  std::thread other([&] { promise.set_exception(some_failure()); });
  try {
    result.get();
  } catch (failure& f) {
    ++f.attempts;
  }
  other.join();
}

NO_RACE(carried_by_async) {
  std::future<int> result = std::async(std::launch::async, []() -> int {
    failure f("failed");
    f.attempts = 7;
    throw f;
  });
  try {
    result.get();
  } catch (failure& f) {
    ++f.attempts;
  }
}

NO_RACE(nested_exceptions) {
  const auto fail = [] {
    try {
      try {
        throw failure("inner");
      } catch (...) {
        std::throw_with_nested(std::logic_error("outer"));
      }
    } catch (const std::exception& e) {
      try {
        std::rethrow_if_nested(e);
      } catch (failure& f) {
        ++f.attempts;
      }
    }
  };
  side_by_side(fail, fail);
}

NO_RACE(system_errors_by_two) {
  const auto fail = [] {
    try {
      throw std::system_error(ENOENT, std::generic_category(), "open");
    } catch (const std::system_error& e) {
      keep(e.code().value());
      keep(e.what()[0]);
    }
  };
  side_by_side(fail, fail);
}

NO_RACE(unwinding_unlocks) {
  int balance = 0;
  const auto deposit = [&] {
    balance += 1;
    throw failure("after the change");
  };
  side_mutex mutex;
  const auto attempt = [&] {
    try {
      const std::lock_guard lock(mutex);
      deposit();
    } catch (const failure&) {
    }
  };
  side_by_side(attempt, attempt);
}

#ifndef ON_THREADS
NO_RACE(sent_through_a_channel) {
  snag::chan<std::exception_ptr> failures;
  snag::wait_group both;
  both.go([=] { failures << some_failure(); });
  both.go([=] { rethrow(failures.recv(), [](failure& f) { ++f.attempts; }); });
  both.wait();
}
#endif

RACE(rethrown_and_written_by_two, "it is one object") {
  const std::exception_ptr stored = some_failure();
  side_by_side([&] { rethrow(stored, [](failure& f) { f.attempts = 1; }); },   // <- 1
               [&] { rethrow(stored, [](failure& f) { f.attempts = 2; }); });  // <- 2
}
