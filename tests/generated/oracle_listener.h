// SPDX-License-Identifier: Apache-2.0
#pragma once
// The naive oracle as listener: what orders the threads goes to it as steps of a script, and so does each
// access, from whoever sees it.
#include <set>

#include "tests/detector/support/oracle.h"
#include "tests/generated/threads.h"

namespace snag::generated {

class oracle_listener : public listener {
 public:
  void created(int child, int parent, bool joinable) override;
  void ended(int thread) override;
  void joined(int thread, int ended) override;
  void acquired(int thread, int object) override;
  void released(int thread, int object) override;
  void released_merging(int thread, int object) override;

  void play(testing::step);  // remembers the bytes that it raced on
  const std::set<int>& racy() const { return racy_; }

 private:
  testing::oracle oracle_;
  int steps_ = 0;
  std::set<int> racy_;
};

}  // namespace snag::generated
