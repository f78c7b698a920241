// SPDX-License-Identifier: Apache-2.0
// Which of these fail is said by tests/programs/googletest_project.py.
#include "account.h"

#include <gtest/gtest.h>

#include <memory>

TEST(account, deposits_add_up) {
  account a;
  snag::wait_group depositors;
  for (int i = 0; i < 4; ++i) depositors.go([&] { a.deposit(10); });
  depositors.wait();
  EXPECT_EQ(a.balance(), 40);
}

TEST(account, deposits_without_a_lock) {
  account a;
  snag::wait_group depositors;
  for (int i = 0; i < 2; ++i) depositors.go([&] { a.deposit_unlocked(10); });
  depositors.wait();
}

TEST(account, a_statement_is_read) {
  account a;
  snag::chan<int> statement;
  a.state(statement);
  EXPECT_EQ(statement.recv(), 0);
}

TEST(account, a_statement_is_never_read) {
  static account a;
  snag::chan<int> statement;
  a.state(statement);
}

TEST(account, an_overdraft_ends_the_program) {
  account a;
  snag::chan<int> statement;
  a.state(statement);  // goes on in the parent alone
  EXPECT_DEATH(a.withdraw(1), "");
  EXPECT_EQ(statement.recv(), 0);
}

// A fixture's own goroutines end with it.
class audited_account : public testing::Test {
 protected:
  audited_account() {
    audit_.go([this] {
      for (int amount : amounts_) sum_ += amount;
    });
  }
  ~audited_account() override {
    amounts_.close();
    audit_.wait();
    EXPECT_EQ(sum_, 30);
  }
  snag::chan<int> amounts_;
  snag::wait_group audit_;
  int sum_ = 0;
};

TEST_F(audited_account, all_amounts_are_seen) {
  amounts_ << 10;
  amounts_ << 20;
}

TEST(account, fails_for_its_own_reasons) { EXPECT_EQ(account().balance(), 1); }
