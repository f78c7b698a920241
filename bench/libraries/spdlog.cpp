// SPDX-License-Identifier: Apache-2.0
// spdlog: two threads format lines into an asynchronous logger, whose thread hands them to a sink.
#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>

#include "bench/libraries/two_threads.h"
#include "bench/race/parked_thread.h"
#include "bench/race/rows.h"

namespace {

class counting_sink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::uint64_t bytes() {
    const std::lock_guard held(mutex_);
    return bytes_;
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    bytes_ += line.size();
  }
  void flush_() override {}
  std::uint64_t bytes_ = 0;
};

std::uint64_t lines() {
  const auto sink = std::make_shared<counting_sink>();
  {
    const auto pool = std::make_shared<spdlog::details::thread_pool>(1024, 1);
    const auto logger = std::make_shared<spdlog::async_logger>("bench", sink, pool);
    rows::in_two([&](int who) {
      for (int i = 0; i < 4000; ++i)
        logger->info("thread {} has done {:>8} of {}: {:.3f}", who, i, 4000, i / 4000.0);
    });
  }
  return sink->bytes();
}

constexpr rows::row all[] = {{"lines", lines}};

}  // namespace

int main(int argc, char** argv) { return rows::run(argc, argv, all, rows::park_thread); }
