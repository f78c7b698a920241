// SPDX-License-Identifier: Apache-2.0
#include "detector/src/current_test.h"

#include <cstring>
#include <string_view>

#include "detector/src/race.h"
#include "detector/src/render_json.h"
#include "detector/src/report_lock.h"

namespace snag::detector {
namespace {

struct text_hash {
  std::size_t operator()(const string& s) const noexcept { return std::hash<std::string_view>()(s); }
};
using name_table = unordered_map<string, const test_name*, text_hash>;

constinit std::atomic<const test_name*> current{nullptr};
constinit name_table* names = nullptr;  // never destroyed: findings point into it
constinit report_lock lock;

const test_name* interned(const char* name) {
  if (!names) names = internal_new<name_table>();
  const test_name*& known = (*names)[string(name)];
  if (known == nullptr) {
    const string quoted = quoted_json(string(name));
    char* const text = static_cast<char*>(internal_allocate(quoted.size() + 1));
    std::memcpy(text, quoted.c_str(), quoted.size() + 1);
    auto* const made = internal_new<test_name>();
    made->quoted = text;
    known = made;
  }
  return known;
}

}  // namespace

const test_name* current_test() noexcept { return current.load(std::memory_order_acquire); }

void test_names::add(const test_name* test) {
  if (test == nullptr || test == added_) return;
  added_ = test;
  for (const entry* e = first(); e != nullptr; e = e->next.load(std::memory_order_relaxed))
    if (e->test == test) return;
  auto* const e = internal_new<entry>();
  e->test = test;
  (last_ != nullptr ? last_->next : first_).store(e, std::memory_order_release);
  last_ = e;
}

}  // namespace snag::detector

// For <snag/findings.h>.
extern "C" void snag_set_current_test(const char* name) noexcept {
  using namespace snag::detector;
  const internal_scope scope;
  if (name == nullptr) {
    current.store(nullptr, std::memory_order_release);
    return;
  }
  if (!lock.lock()) return;  // from a signal handler, inside of itself
  current.store(interned(name), std::memory_order_release);
  lock.unlock();
}
