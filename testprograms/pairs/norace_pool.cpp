// SPDX-License-Identifier: Apache-2.0
// What was done to an object before it was put back happens before the get that answers it.
// verdict: clean 20/20
#include <snag/snag.h>

#include <memory>
#include <string>

int main() {
  snag::pool<std::unique_ptr<std::string>> buffers([] { return std::make_unique<std::string>(); });
  snag::wait_group wg;
  for (int i = 0; i < 4; ++i) {
    wg.go([&, i] {
      std::unique_ptr<std::string> buffer = buffers.get();
      *buffer += "abcd"[i];
      buffers.put(std::move(buffer));
      if (i == 3) buffers.shrink();
    });
  }
  wg.wait();
  return buffers.get()->empty();
}
