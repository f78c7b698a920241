// SPDX-License-Identifier: Apache-2.0
// The transaction is rolled back before it is dropped.
// verdict: clean 20/20
#include <memory>

#include <snag/snag.h>

struct transaction {
  snag::cancellable life = snag::with_cancel(snag::context::background());
  int statements = 0;

  void await_done() { life.ctx.done().recv(); }
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
    tx->rollback();
  }
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
