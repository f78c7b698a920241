// SPDX-License-Identifier: Apache-2.0
// A lock and the end of the mutex's life that nothing orders.
#include <snag/snag.h>

#include <memory>
#include <mutex>
#include <optional>

#include "../case.h"

RACE(snag_mutex) {
  std::optional<snag::mutex> m(std::in_place);
  snag::wait_group writer;
  writer.go([&] {
    m.emplace();  // <- 1
  });
  m->lock();  // <- 2
  writer.wait();
}

RACE(std_mutex) {
  std::optional<std::mutex> m(std::in_place);
  snag::wait_group writer;
  writer.go([&] {
    m.emplace();  // <- 1
  });
  m->lock();  // <- 2
  writer.wait();
}

RACE(deleted_snag_mutex) {
  auto* const m = new snag::mutex;
  snag::wait_group writer;
  writer.go([&] { m->lock(); });  // <- 1
  writer.go([&] { delete m; });   // <- 2
  writer.wait();
}
