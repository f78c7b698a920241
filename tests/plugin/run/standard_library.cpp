// SPDX-License-Identifier: Apache-2.0
// A program that uses much of the standard library computes what it computes without the plugin, and most of its
// accesses have names. (Other levels: standard_library_long.test.)
//
// RUN: %plainxx -O0 %s %link -o %t.native && %t.native > %t.expected
// RUN: %snagxx -O2 -fplugin-arg-snag-stats %s %link -o %t2 2> %t.stats && %t2 > %t.out && diff %t.expected %t.out && FileCheck %s < %t.stats
// CHECK: {{[0-9]+}} access sites, {{[0-9]+}} with a name
#include <algorithm>
#include <any>
#include <array>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <iomanip>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <ranges>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

namespace {

struct shape {
  virtual ~shape() = default;
  virtual double area() const = 0;
};
struct circle : virtual shape {
  explicit circle(double r) : radius(r) {}
  double area() const override { return 3 * radius * radius; }
  double radius;
};
struct square : virtual shape {
  explicit square(double s) : side(s) {}
  double area() const override { return side * side; }
  double side;
};
struct both : circle, square {
  both() : circle(1), square(2) {}
  double area() const override { return circle::area() + square::area(); }
};

std::string words() {
  const std::string text = "the quick brown fox jumps over the lazy dog; the end of 42 tales, 7 of them true";
  const std::regex word("([a-z]+)|([0-9]+)");
  std::map<std::string, int> count;
  for (std::sregex_iterator i(text.begin(), text.end(), word), end; i != end; ++i) ++count[i->str()];
  std::ostringstream out;
  for (const auto& [w, n] : count) out << std::setw(8) << w << '=' << n << ' ';
  return out.str();
}

long numbers() {
  std::mt19937_64 random(42);
  std::vector<long> v(5000);
  std::ranges::generate(v, [&] { return static_cast<long>(random() % 1000); });
  std::ranges::sort(v);
  std::deque<long> d(v.begin(), v.end());
  d.erase(std::unique(d.begin(), d.end()), d.end());
  std::list<long> l(d.begin(), d.end());
  l.remove_if([](long x) { return x % 3 == 0; });
  std::priority_queue<long> q(l.begin(), l.end());
  std::unordered_map<long, std::string> names;
  for (int i = 0; i < 100 && !q.empty(); ++i, q.pop()) names.emplace(q.top(), std::to_string(i));
  std::set<long> keys;
  for (const auto& [k, n] : names) keys.insert(k + static_cast<long>(n.size()));
  auto squares = keys | std::views::filter([](long x) { return x % 2 == 0; }) | std::views::transform([](long x) { return x * x; });
  return std::accumulate(squares.begin(), squares.end(), 0L);
}

double objects() {
  std::vector<std::unique_ptr<shape>> shapes;
  shapes.push_back(std::make_unique<circle>(2));
  shapes.push_back(std::make_unique<square>(3));
  shapes.push_back(std::make_unique<both>());
  double sum = 0;
  for (const auto& s : shapes) sum += s->area();
  std::variant<int, std::string, std::vector<int>> v = std::string("abc");
  sum += static_cast<double>(std::visit([](const auto& x) -> std::size_t {
    if constexpr (std::is_same_v<std::decay_t<decltype(x)>, int>) return static_cast<std::size_t>(x);
    else return x.size();
  }, v));
  v = std::vector<int>{1, 2, 3, 4};
  sum += std::get<2>(v)[3];
  std::any a = std::optional<int>(5);
  sum += *std::any_cast<std::optional<int>>(a);
  const std::function<double(double)> f = [&sum](double x) { return sum + x; };
  std::array<double, 4> parts{1, 2, 3, 4};
  std::ranges::transform(parts, parts.begin(), f);
  return std::reduce(parts.begin(), parts.end());
}

int exceptions(int n) {
  int caught = 0;
  for (int i = 0; i < n; ++i) {
    try {
      if (i % 3 == 0) throw std::out_of_range(std::to_string(i));
      if (i % 3 == 1) (void)std::vector<int>().at(1);
      (void)std::stoi("x");
    } catch (const std::out_of_range& e) {
      caught += static_cast<int>(std::string(e.what()).size() > 3);
    } catch (const std::invalid_argument&) {
      caught += 100;
    }
  }
  return caught;
}

long threads() {
  std::mutex mutex;
  std::condition_variable changed;
  std::queue<int> work;
  bool closed = false;
  std::atomic<long> sum = 0;
  auto shared = std::make_shared<std::vector<int>>(10, 1);
  std::vector<std::thread> pool;
  for (int t = 0; t < 4; ++t)
    pool.emplace_back([&, shared] {
      for (;;) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return closed || !work.empty(); });
        if (work.empty()) return;
        const int job = work.front();
        work.pop();
        lock.unlock();
        sum += job * (*shared)[static_cast<std::size_t>(job % 10)];
      }
    });
  for (int i = 0; i < 1000; ++i) {
    const std::lock_guard lock(mutex);
    work.push(i);
    changed.notify_one();
  }
  {
    const std::lock_guard lock(mutex);
    closed = true;
  }
  changed.notify_all();
  for (std::thread& t : pool) t.join();
  auto later = std::async(std::launch::async, [] { return std::string(1000, 'x').size(); });
  return sum + static_cast<long>(later.get()) + shared.use_count();
}

}  // namespace

int main() {
  std::cout << words() << '\n' << numbers() << '\n' << objects() << '\n' << exceptions(30) << '\n' << threads() << std::endl;
}
