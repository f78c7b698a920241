// SPDX-License-Identifier: Apache-2.0
// The end of the function happens before every return of its result, through a call or a channel.
// verdict: clean 20/20
#include <snag/snag.h>

#include <memory>
#include <string>

int main() {
  using page = std::shared_ptr<std::string>;
  snag::single_flight<std::string, page> flights;
  const auto fetch = [] {
    auto made = std::make_shared<std::string>("page");
    snag::yield();
    *made += " one";
    return made;
  };
  snag::wait_group wg;
  snag::chan<int> sizes(4);
  for (int i = 0; i < 2; ++i) {
    wg.go([&] { sizes << static_cast<int>(flights.call("url", fetch).value->size()); });
    wg.go([&] { sizes << static_cast<int>((**flights.call_chan("url", fetch).recv().value).size()); });
  }
  wg.wait();
  sizes.close();
  int sum = 0;
  for (int s : sizes) sum += s;
  return sum != 32;
}
