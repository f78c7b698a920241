// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about slices (src/runtime/race/testdata/slice_test.go), second part: what
// copies elements, among slices and into strings. Go's slices of pointers, whose elements the collector has
// to see, are vectors of std::shared_ptr, whose elements are assigned one by one.
#include <snag/snag.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../case.h"
#include "../use.h"

namespace {
using pointer = std::shared_ptr<int>;
}

RACE(TestRaceSliceCopyRead) {
  std::vector<int> to(10), from(10);
  snag::wait_group other;
  other.go([&] { use(to[5]); });        // <- 1
  std::ranges::copy(from, to.begin());  // <- 2
  other.wait();
}

NO_RACE(TestNoRaceSliceWriteCopy, "copying one half, writing into the other") {
  std::vector<int> to(10), from(10);
  snag::wait_group other;
  other.go([&] { to[5] = 1; });
  std::ranges::copy(std::span(from).first(5), to.begin());
  other.wait();
}

RACE(TestRaceSliceCopyWrite2) {
  std::vector<int> to(10), from(10);
  snag::wait_group other;
  other.go([&] { from[5] = 1; });                   // <- 1
  std::copy(from.begin(), from.end(), to.begin());  // <- 2
  other.wait();
  use(to[5]);
}

RACE(TestRaceSliceCopyWrite3, "from a string") {
  std::vector<char> to(10);
  const std::string_view text = "0123456789";
  snag::wait_group other;
  other.go([&] { to[7] = 1; });         // <- 1
  std::ranges::copy(text, to.begin());  // <- 2
  other.wait();
}

NO_RACE(TestNoRaceSliceCopyRead) {
  std::vector<int> to(10), from(10);
  snag::wait_group other;
  other.go([&] { use(from[5]); });
  std::ranges::copy(from, to.begin());
  other.wait();
  use(to[5]);
}

RACE(TestRacePointerSliceCopyRead) {
  std::vector<pointer> to(10), from(10);
  snag::wait_group other;
  other.go([&] { use(to[5].get()); });  // <- 1
  std::ranges::copy(from, to.begin());  // <- 2
  other.wait();
}

NO_RACE(TestNoRacePointerSliceWriteCopy) {
  std::vector<pointer> to(10), from(10);
  snag::wait_group other;
  other.go([&] { to[5] = std::make_shared<int>(1); });
  std::ranges::copy(std::span(from).first(5), to.begin());
  other.wait();
}

RACE(TestRacePointerSliceCopyWrite2) {
  std::vector<pointer> to(10), from(10);
  snag::wait_group other;
  other.go([&] { from[5] = nullptr; });             // <- 1
  std::copy(from.begin(), from.end(), to.begin());  // <- 2
  other.wait();
}

NO_RACE(TestNoRacePointerSliceCopyRead, "both change the count of references, which is atomic") {
  std::vector<pointer> to(10), from(10, std::make_shared<int>(1));
  snag::wait_group other;
  other.go([&] { use(from[5]); });
  std::ranges::copy(from, to.begin());
  other.wait();
  use(to[5]);
}

RACE(TestRaceSliceAppend, "the same free place, and the same end") {
  std::vector<int> a(10);
  a.reserve(20);
  snag::wait_group other;
  other.go([&] { a.push_back(1); });  // <- 1
  a.push_back(2);                     // <- 2
  other.wait();
}

RACE(TestRaceSliceAppendWrite, "an append that moves all elements") {
  std::vector<int> a(10);
  snag::wait_group other;
  other.go([&] { a[0] = 1; });  // <- 1
  a.push_back(2);               // <- 2
  other.wait();
}

RACE(TestRaceSliceAppendSlice) {
  std::vector<int> a(10);
  const std::vector<int> more(10);
  snag::wait_group other;
  other.go([&] { a[0] = 1; });                  // <- 1
  a.insert(a.end(), more.begin(), more.end());  // <- 2
  other.wait();
}

RACE(TestRaceSliceAppendSlice2, "what is appended is read") {
  std::vector<int> a(10), more(10);
  snag::wait_group other;
  other.go([&] { more[5] = 1; });               // <- 1
  a.insert(a.end(), more.begin(), more.end());  // <- 2
  other.wait();
  use(a.back());
}

RACE(TestRaceSliceAppendString) {
  std::vector<char> a(10);
  const std::string text = "qwerty";
  snag::wait_group other;
  other.go([&] { a[0] = 1; });                  // <- 1
  a.insert(a.end(), text.begin(), text.end());  // <- 2
  other.wait();
}

RACE(TestRacePointerSliceAppend) {
  std::vector<pointer> a(10);
  a.reserve(20);
  snag::wait_group other;
  other.go([&] { a.push_back(nullptr); });  // <- 1
  a.push_back(nullptr);                     // <- 2
  other.wait();
}

RACE(TestRacePointerSliceAppendWrite) {
  std::vector<pointer> a(10);
  snag::wait_group other;
  other.go([&] { a[0] = nullptr; });  // <- 1
  a.push_back(nullptr);               // <- 2
  other.wait();
}

RACE(TestRacePointerSliceAppendSlice) {
  std::vector<pointer> a(10);
  const std::vector<pointer> more(10);
  snag::wait_group other;
  other.go([&] { a[0] = nullptr; });            // <- 1
  a.insert(a.end(), more.begin(), more.end());  // <- 2
  other.wait();
}

RACE(TestRacePointerSliceAppendSlice2) {
  std::vector<pointer> a(10), more(10);
  snag::wait_group other;
  other.go([&] { more[5] = nullptr; });         // <- 1
  a.insert(a.end(), more.begin(), more.end());  // <- 2
  other.wait();
  use(a.back());
}

RACE(TestRaceSliceByteToString) {
  std::vector<char> bytes(10, 'a');
  snag::wait_group other;
  other.go([&] { bytes[5] = 'b'; });             // <- 1
  use(std::string(bytes.begin(), bytes.end()));  // <- 2
  other.wait();
}

RACE(TestRaceSliceRuneToString) {
  std::vector<char32_t> runes(10, U'ä');
  snag::wait_group other;
  other.go([&] { runes[5] = U'ö'; });               // <- 1
  use(std::u32string(runes.begin(), runes.end()));  // <- 2
  other.wait();
}

RACE(TestRaceSlice4, "an overlapping copy within what becomes a string") {
  std::vector<char> bytes(10, 'a');
  snag::wait_group other;
  other.go([&] { use(std::string(bytes.begin(), bytes.end())); });  // <- 1
  std::copy(bytes.begin() + 2, bytes.end(), bytes.begin());         // <- 2
  other.wait();
}
