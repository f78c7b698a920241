// SPDX-License-Identifier: Apache-2.0
// Initialising a page's content renders, with the content's lock held, a shortcode that asks for the number
// of words, which is initialised under the same lock.
// shape: self-lock
// dead: init_plain, the first renderer, the second renderer, main
#include <mutex>

#include <snag/snag.h>

struct page {
  snag::mutex content_mu;
  snag::once content_init, plain_init;
  int words = 0;

  void init_plain() {
    plain_init.call([&] {
      std::lock_guard hold(content_mu);  // <- dead 1
      words = 42;
    });
  }
  void init_content() {
    content_init.call([&] {  // <- dead 1
      snag::chan<void> rendered;
      snag::go([this, rendered] {
        {
          std::lock_guard hold(content_mu);
          init_plain();
        }
        rendered.close();
      });
      rendered.recv();  // <- dead 1
    });
  }
};

int main() {
  page p;
  snag::wait_group renderers;
  for (int i = 0; i < 2; ++i) renderers.go([&] { p.init_content(); });
  renderers.wait();  // <- dead 1
  snag::println("{} words", p.words);
}
