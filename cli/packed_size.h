// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many bytes a stream would have compressed, while it passes: who uploads a report is limited in those.
#include <cstddef>
#include <memory>
#include <streambuf>

namespace snag::cli {

class packed_size : public std::streambuf {
 public:
  explicit packed_size(std::streambuf& target);
  ~packed_size() override;
  std::size_t finish();  // bytes; nothing may be written afterwards

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* bytes, std::streamsize n) override;
  int sync() override { return target_.pubsync(); }

 private:
  struct state;
  void count(const char* bytes, std::size_t n, int flush);
  std::streambuf& target_;
  std::unique_ptr<state> state_;
};

}  // namespace snag::cli
