// SPDX-License-Identifier: Apache-2.0
// Ping-pong with two semaphores: one player still touches the ball after passing it on.
// verdict: race 20/20
// race: ball
#include <semaphore>
#include <thread>

std::binary_semaphore ping(1), pong(0);
int ball = 0;

int main() {
  constexpr int rounds = 5;
  std::thread opponent([] {
    for (int i = 0; i < rounds; ++i) {
      pong.acquire();
      ping.release();
      ball++;  // <- 1
    }
  });
  for (int i = 0; i < rounds; ++i) {
    ping.acquire();
    ball++;  // <- 2
    pong.release();
  }
  opponent.join();
  return ball > 2 * rounds;
}
