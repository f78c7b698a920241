// SPDX-License-Identifier: Apache-2.0
// Regular expressions compiled and matched by several threads share the library's locale, which fills its
// tables as it goes.
// verdict: clean
#include <regex>
#include <string>
#include <thread>
#include <vector>

int main() {
  std::vector<int> matches(3);
  std::vector<std::thread> threads;
  for (int& count : matches)
    threads.emplace_back([&count] {
      const std::regex word("[a-z]+[0-9]*");
      const std::string text = "one two2 three33";
      for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at) ++count;
    });
  for (std::thread& t : threads) t.join();
  return matches[0] + matches[1] + matches[2] == 9 ? 0 : 1;
}
