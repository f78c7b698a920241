// SPDX-License-Identifier: Apache-2.0
// A thread feeds a channel and closes it; a goroutine that has seen the end knows all that came before.
// verdict: clean 20/20
#include <thread>

#include <snag/snag.h>

int delivered = 0;

int main() {
  snag::chan<int> parcels(2);
  std::thread feeder([=] {
    for (int i = 0; i < 5; ++i) parcels << i;
    delivered = 5;
    parcels.close();
  });
  int seen = 0;
  snag::wait_group all;
  all.go([&] {
    for (int parcel : parcels) seen -= parcel;
    seen += delivered;
  });
  all.wait();
  feeder.join();
  return seen != -5;
}
