// SPDX-License-Identifier: Apache-2.0
// A regular expression that is assigned while another thread matches with it.
// verdict: race 20/20
// race: word
#include <cstdio>
#include <regex>
#include <string>
#include <thread>

std::regex word("[a-z]+");

int main() {
  std::thread other([] {
    word = std::regex("[0-9]+");  // <- 1
  });
  const bool matched = std::regex_match(std::string("42"), word);  // <- 2
  other.join();
  std::puts(matched ? "matched" : "did not match");
}
