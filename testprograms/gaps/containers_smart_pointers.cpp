// SPDX-License-Identifier: Apache-2.0
// std::unique_ptr, shared_ptr and weak_ptr. Copies of a shared_ptr may be made and destroyed anywhere; one
// shared_ptr object is a variable like any other, and so is what it points to.
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../cases/containers/sides.h"

namespace {

struct account {
  int balance = 0;
  std::string owner = "an owner whose name does not fit into the string object";
};

struct session : std::enable_shared_from_this<session> {
  int requests = 0;
};

}  // namespace

RACE(atomic_shared_ptr_object) {
  std::atomic<std::shared_ptr<account>> savings = std::make_shared<account>();
  side_by_side([&] { savings.load()->balance = 1; },     // <- 1
               [&] { keep(savings.load()->balance); });  // <- 2
}
