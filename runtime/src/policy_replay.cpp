// SPDX-License-Identifier: Apache-2.0
// The choices of an earlier run. A decision that does not fit the record means that the program is another
// one or does something that the schedule does not control: that is said at the first such step, never
// papered over.
#include <cstdio>
#include <string>

#include "runtime/src/policy.h"
#include "runtime/src/record_format.h"
#include "runtime/src/scheduler.h"

namespace snag::detail {
namespace {

class replay_policy final : public schedule_policy {
 public:
  explicit replay_policy(const schedule_record& record) : bytes_(record.bytes()), reader_(bytes_) {}
  std::uint32_t choose(std::uint32_t n) noexcept override { return next(n); }
  std::uint32_t random_below(std::uint32_t n) noexcept override { return next(n); }

 private:
  std::uint32_t next(std::uint32_t n) noexcept {
    std::uint32_t recorded_n = 0, answer = 0;
    switch (reader_.next(recorded_n, answer)) {
      case record_reader::result::end:
        return 0;
      case record_reader::result::corrupt:
        fatal("schedule replay: the record is damaged");
      case record_reader::result::ok:
        break;
    }
    if (recorded_n != n) {
      char message[160];
      std::snprintf(
          message, sizeof message,
          "schedule replay diverged at decision %zu: recorded %u choices, now %u (another program, or "
          "something the schedule does not control)",
          reader_.decisions(), recorded_n, n);
      fatal(message);
    }
    return answer;
  }

  const std::string bytes_;
  record_reader reader_;
};

}  // namespace

std::unique_ptr<schedule_policy> make_replay_policy(const schedule_record& record) {
  return std::make_unique<replay_policy>(record);
}

}  // namespace snag::detail
