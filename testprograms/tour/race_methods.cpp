// SPDX-License-Identifier: Apache-2.0
// The method's object is shared with main, which asks it for the count without waiting.
// Lesson: a goroutine on `&object` makes every field of the object shared.
// verdict: race 20/20
// race: pages_ printer
#include <snag/snag.h>

class printer {
 public:
  void print(int pages, snag::wait_group wg) {
    pages_ += pages;  // <- 1
    wg.done();
  }
  int pages() const { return pages_; }  // <- 2

 private:
  int pages_ = 0;
};

int main() {
  printer p;
  snag::wait_group wg;
  wg.add(1);
  snag::go(&printer::print, &p, 2, wg);
  snag::println("pages printed so far: {}", p.pages());
  wg.wait();
}
