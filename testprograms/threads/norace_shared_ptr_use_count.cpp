// SPDX-License-Identifier: Apache-2.0
// Nobody else is left, and the one who was has been joined.
// verdict: clean 20/20
#include <memory>
#include <thread>

struct document {
  int value = 0;
};

int main() {
  auto text = std::make_shared<document>();
  std::thread editor([copy = text]() mutable {
    copy->value = 1;
    copy.reset();
  });
  while (text.use_count() > 1) std::this_thread::yield();
  editor.join();
  int seen = text->value;
  return seen != 1;
}
