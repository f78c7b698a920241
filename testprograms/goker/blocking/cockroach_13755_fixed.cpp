// SPDX-License-Identifier: Apache-2.0
// Whoever asked for the rows closes them.
// verdict: clean 20/20
#include <atomic>
#include <memory>

#include <snag/snag.h>

class rows : public std::enable_shared_from_this<rows> {
 public:
  void open(const snag::context& parent) {
    life_ = std::make_unique<snag::cancellable>(snag::with_cancel(parent));
    snag::go(&rows::await_done, shared_from_this(), life_->ctx);
  }
  void close() {
    bool expected = false;
    if (closed_.compare_exchange_strong(expected, true)) life_->cancel();
  }

 private:
  void await_done(snag::context ctx) {
    ctx.done().recv();
    close();
  }
  std::unique_ptr<snag::cancellable> life_;
  std::atomic<bool> closed_ = false;
};

int main() {
  {
    auto r = std::make_shared<rows>();
    r->open(snag::context::background());
    r->close();
  }
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
