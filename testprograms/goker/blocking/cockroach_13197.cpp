// SPDX-License-Identifier: Apache-2.0
// A transaction is dropped without rollback; the goroutine that waits for its context keeps it alive.
// shape: orphan
// dead: await_done
#include <memory>

#include <snag/snag.h>

struct transaction {
  snag::cancellable life = snag::with_cancel(snag::context::background());
  int statements = 0;

  void await_done() {
    life.ctx.done().recv();  // <- dead 1
  }
  void exec() { ++statements; }
  void rollback() { life.cancel(); }
};

std::shared_ptr<transaction> begin() {
  auto tx = std::make_shared<transaction>();
  snag::go(&transaction::await_done, tx);  // holds tx, and with it the function that cancels
  return tx;
}

int main() {
  {
    auto tx = begin();
    tx->exec();
  }
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
