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

#include "../cases/containers/sides.h"

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

RACE(rethrown_and_written_by_two, "it is one object") {
  const std::exception_ptr stored = some_failure();
  side_by_side([&] { rethrow(stored, [](failure& f) { f.attempts = 1; }); },   // <- 1
               [&] { rethrow(stored, [](failure& f) { f.attempts = 2; }); });  // <- 2
}
