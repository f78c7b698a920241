// SPDX-License-Identifier: Apache-2.0
// A thread feeds a channel and closes it; a goroutine reads what the thread does after that.
// verdict: race 20/20
// race: delivered
#include <thread>

#include <snag/snag.h>

int delivered = 0;

int main() {
  snag::chan<int> parcels(2);
  std::thread feeder([=] {
    for (int i = 0; i < 5; ++i) parcels << i;
    parcels.close();
    delivered = 5;  // <- 1
  });
  int seen = 0;
  snag::wait_group all;
  all.go([&] {
    for (int parcel : parcels) seen -= parcel;
    seen += delivered;  // <- 2
  });
  all.wait();
  feeder.join();
  return seen > 0;
}
