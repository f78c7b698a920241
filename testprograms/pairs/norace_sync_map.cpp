// SPDX-License-Identifier: Apache-2.0
// What was done before a pair was put into the map happens before each operation that finds it; keys and
// values themselves need no lock.
// verdict: clean 20/20
#include <snag/snag.h>

#include <memory>
#include <string>

int main() {
  snag::sync_map<std::string, std::shared_ptr<std::string>> pages;
  snag::wait_group wg;
  for (int i = 0; i < 3; ++i) {
    wg.go([&, i] {
      auto page = std::make_shared<std::string>("page ");
      *page += std::to_string(i);
      pages.store("latest", page);
      pages.load_or_store("first", page);
      if (i == 0) pages.erase("first");
      pages.compare_and_swap("latest", page, page);
    });
    wg.go([&] {
      if (auto page = pages.load("latest")) {
        if ((*page)->size() != 6) std::abort();
      }
      for (auto [key, page] : pages) {
        if (key.empty() || page->size() != 6) std::abort();
      }
      (void)pages.load_and_delete("first");
    });
  }
  wg.wait();
}
