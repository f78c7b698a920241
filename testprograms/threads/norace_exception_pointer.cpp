// SPDX-License-Identifier: Apache-2.0
// Both threads rethrow one exception object, and only read it.
// verdict: clean 20/20
#include <exception>
#include <stdexcept>
#include <thread>

struct network_error : std::runtime_error {
  int retries = 3;
  network_error() : std::runtime_error("network") {}
};

int main() {
  const std::exception_ptr failure = std::make_exception_ptr(network_error());
  int seen[2] = {};
  const auto handle = [&](int me) {
    try {
      std::rethrow_exception(failure);
    } catch (network_error& e) {
      seen[me] = e.retries;
    }
  };
  std::thread a(handle, 0), b(handle, 1);
  a.join();
  b.join();
  return seen[0] + seen[1] != 6;
}
