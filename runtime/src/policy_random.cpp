// SPDX-License-Identifier: Apache-2.0
// Uniform choices from one seeded generator.
#include "runtime/src/policy.h"
#include "runtime/src/random.h"

namespace snag::detail {
namespace {

class random_policy final : public schedule_policy {
 public:
  explicit random_policy(std::uint64_t seed) noexcept : generator_(seed) {}
  std::uint32_t choose(std::uint32_t n) noexcept override { return generator_.below(n); }
  std::uint32_t random_below(std::uint32_t n) noexcept override { return generator_.below(n); }

 private:
  random_generator generator_;
};

}  // namespace

std::unique_ptr<schedule_policy> make_random_policy(std::uint64_t seed) {
  return std::make_unique<random_policy>(seed);
}

std::unique_ptr<schedule_policy> make_policy(const schedule& s) {
  return s.which() == schedule::kind::random ? make_random_policy(s.seed()) : make_replay_policy(s.record());
}

}  // namespace snag::detail
