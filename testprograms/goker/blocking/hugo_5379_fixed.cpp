// SPDX-License-Identifier: Apache-2.0
// The number of words relies on the lock of whoever renders.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

struct page {
  snag::mutex content_mu;
  snag::once content_init, plain_init;
  int words = 0;

  void init_plain() {
    plain_init.call([&] { words = 42; });
  }
  void init_content() {
    content_init.call([&] {
      snag::chan<void> rendered;
      snag::go([this, rendered] {
        {
          std::lock_guard hold(content_mu);
          init_plain();
        }
        rendered.close();
      });
      rendered.recv();
    });
  }
};

int main() {
  page p;
  snag::wait_group renderers;
  for (int i = 0; i < 2; ++i) renderers.go([&] { p.init_content(); });
  renderers.wait();
  snag::println("{} words", p.words);
}
