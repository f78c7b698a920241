// SPDX-License-Identifier: Apache-2.0
#pragma once
struct account {
  int balance = 0;
  void deposit(int amount);
};
