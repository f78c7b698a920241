// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps freed blocks from being handed out again for a while, so that a later access to one meets the record
// of its end and not its next owner: the last 2,048 of at most 4 KiB each, 8 MiB at most, and what each
// thread puts aside meanwhile.
//
// Blocks travel in batches of 16. A thread fills one, and each block takes the place of an older one, which
// goes; a full batch is exchanged for the oldest of all threads'. So a free costs two stores, and an exchange
// with others each sixteenth time.
#include <cstddef>

namespace snag::detector {

inline constexpr std::size_t quarantine_blocks = 2048, quarantine_block_size = 4096;

// A thread's hand in it. (A signal handler that interrupts it may cost a batch its blocks, which then stay.)
class quarantine_lane {
 public:
  // An older block, which must really be freed now; or null.
  void* put(void* block) noexcept;

  static constexpr std::size_t batch_blocks = 16;
  struct batch {
    void* blocks[batch_blocks];
  };

 private:
  batch* filling_ = nullptr;
  std::size_t next_ = 0;
};

}  // namespace snag::detector
