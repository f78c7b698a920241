// SPDX-License-Identifier: Apache-2.0
// An object that is still used after it was put back: whoever gets it has it, too.
// verdict: race 3+/20
// race: buffer
#include <snag/snag.h>

struct page {
  int bytes = 0;
};

int main() {
  page buffer;
  snag::pool<page*> pages([] { return new page; });
  snag::wait_group wg;
  wg.go([&] {
    pages.put(&buffer);
    buffer.bytes = 1;  // <- 1 2
  });
  page* mine = pages.get();
  mine->bytes = 2;  // <- 1 2
  wg.wait();
  if (mine != &buffer) delete mine;
}
