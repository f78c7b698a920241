// SPDX-License-Identifier: Apache-2.0
// A method as a goroutine, on an object that outlives it, and on a copy.
// Lesson: `snag::go(&T::method, &object, arguments…)` shares the object; passing the object itself copies it.
// verdict: clean 20/20
// stdout: printer says 2 pages
// stdout: pages printed: 2
#include <snag/snag.h>

class printer {
 public:
  void print(int pages, snag::wait_group wg) {
    pages_ += pages;
    snag::println("printer says {} pages", pages_);
    wg.done();
  }
  int pages() const { return pages_; }

 private:
  int pages_ = 0;
};

int main() {
  printer p;
  snag::wait_group wg;
  wg.add(1);
  snag::go(&printer::print, &p, 2, wg);
  wg.wait();
  snag::println("pages printed: {}", p.pages());
}
