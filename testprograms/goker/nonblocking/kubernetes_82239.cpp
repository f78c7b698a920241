// SPDX-License-Identifier: Apache-2.0
// The test annotates a volume while the controller copies it, annotations and all.
// shape: race
// race: annotations
#include <map>
#include <memory>
#include <string>

#include <snag/snag.h>

struct volume {
  std::map<std::string, int> annotations{{"bound", 1}};
};

std::size_t deep_copy(const volume& v) {
  volume copy;
  for (const auto& [key, value] : v.annotations) copy.annotations[key] = value;  // <- 1
  return copy.annotations.size();
}

int main() {
  auto shared = std::make_shared<volume>();
  snag::wait_group controller;
  controller.go([=] { snag::println("{}", deep_copy(*shared)); });
  shared->annotations["selected"] = 2;  // <- 2
  controller.wait();
}
