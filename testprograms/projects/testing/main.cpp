// SPDX-License-Identifier: Apache-2.0
#include <snag/gtest_main.h>
