// SPDX-License-Identifier: Apache-2.0
// use_count() says that nobody else is left; it does not say that what they did is there.
// verdict: race 20/20
// race: value text
#include <memory>
#include <thread>

struct document {
  int value = 0;
};

int main() {
  auto text = std::make_shared<document>();
  std::thread editor([copy = text]() mutable {
    copy->value = 1;  // <- 1
    copy.reset();
  });
  while (text.use_count() > 1) std::this_thread::yield();
  int seen = text->value;  // <- 2
  editor.join();
  return seen != 1;
}
