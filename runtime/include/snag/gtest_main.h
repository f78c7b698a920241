// SPDX-License-Identifier: Apache-2.0
#pragma once
// main() of a GoogleTest program whose tests fail if the detector finds something: see gtest.h. For one
// source file of the program, in place of gtest_main.
#include "snag/gtest.h"

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  snag::gtest::install();
  return RUN_ALL_TESTS();
}
