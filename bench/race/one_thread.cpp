// SPDX-License-Identifier: Apache-2.0
// One busy thread: loops over arrays, containers, calls.
#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>

#include "b_tree.h"
#include "json_row.h"
#include "parked_thread.h"
#include "rows.h"

namespace {

using std::uint64_t;

constexpr std::size_t cached = 16 << 10;    // doubles: 128 KiB, in the second level of caches
constexpr std::size_t uncached = 16 << 20;  // 128 MiB, four times the last level

[[gnu::noinline]] double sum(const double* a, std::size_t n) {
  double s = 0;
  for (std::size_t i = 0; i < n; ++i) s += a[i];
  return s;
}
[[gnu::noinline]] void update(double* a, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) a[i] = a[i] * 0.5 + 1.0;
}
[[gnu::noinline]] void axpy(double alpha, const double* x, double* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] += alpha * x[i];
}

uint64_t stream_read() {
  static const std::vector<double> a(cached, 1.0);
  double s = 0;
  for (int i = 0; i < 4000; ++i) {
    const double* from = a.data();
    asm volatile("" : "+r"(from));  // else the sum is known after the first time
    s += sum(from, a.size());
  }
  return static_cast<uint64_t>(s);
}
uint64_t stream_update() {
  static std::vector<double> a(cached, 1.0);
  for (int i = 0; i < 8000; ++i) update(a.data(), a.size());
  return static_cast<uint64_t>(a[17] * 1000);
}
uint64_t stream_update_uncached() {
  static std::vector<double> a(uncached, 1.0);
  for (int i = 0; i < 3; ++i) update(a.data(), a.size());
  return static_cast<uint64_t>(a[17] * 1000);
}
uint64_t axpy_row() {
  static std::vector<double> x(cached / 2, 1.0), y(cached / 2, 2.0);
  for (int i = 0; i < 12000; ++i) axpy(0.25, x.data(), y.data(), x.size());
  return static_cast<uint64_t>(y[5]);
}

uint64_t matrix_multiply() {
  constexpr int n = 320;
  static std::vector<double> a(n * n, 1.5), b(n * n, 0.5), c(n * n);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      double s = 0;
      for (int k = 0; k < n; ++k) s += a[i * n + k] * b[k * n + j];
      c[i * n + j] = s;
    }
  return static_cast<uint64_t>(c[n + 1]);
}

uint64_t sieve() {
  static std::vector<char> composite;
  composite.assign(16 << 20, 0);
  for (std::size_t i = 2; i * i < composite.size(); ++i)
    if (composite[i] == 0)
      for (std::size_t k = i * i; k < composite.size(); k += i) composite[k] = 1;
  return static_cast<uint64_t>(std::count(composite.begin(), composite.end(), 0));
}

uint64_t sort_row() {
  rows::xorshift random(7);
  std::vector<unsigned> v(1 << 20);
  for (auto& x : v) x = static_cast<unsigned>(random());
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

uint64_t unordered_map_row() {
  rows::xorshift random(11);
  std::unordered_map<unsigned, unsigned> m;
  for (int i = 0; i < 200'000; ++i) ++m[static_cast<unsigned>(random() % 50'000)];
  uint64_t hits = 0;
  for (int i = 0; i < 2'000'000; ++i) hits += m.count(static_cast<unsigned>(random() % 100'000));
  return hits;
}

uint64_t map_of_strings() {
  rows::xorshift random(13);
  std::map<std::string, int> m;
  for (int i = 0; i < 40'000; ++i) ++m["key/" + std::to_string(random() % 20'000)];
  uint64_t hits = 0;
  for (int i = 0; i < 150'000; ++i) hits += m.count("key/" + std::to_string(random() % 40'000));
  return hits;
}

struct node {
  unsigned key;
  std::unique_ptr<node> left, right;
};
uint64_t binary_tree() {
  rows::xorshift random(17);
  std::unique_ptr<node> root;
  uint64_t found = 0;
  for (int i = 0; i < 150'000; ++i) {
    const auto key = static_cast<unsigned>(random() % 200'000);
    std::unique_ptr<node>* at = &root;
    while (*at != nullptr && (*at)->key != key) at = key < (*at)->key ? &(*at)->left : &(*at)->right;
    if (*at == nullptr)
      at->reset(new node{key, nullptr, nullptr});
    else
      ++found;
  }
  return found;
}

struct particle {
  double x, y, z, vx, vy, vz;
  int id, hits;
};
[[gnu::noinline]] void move_all(particle* p, std::size_t n, double dt) {
  for (std::size_t i = 0; i < n; ++i) {
    p[i].x += p[i].vx * dt;
    p[i].y += p[i].vy * dt;
    p[i].z += p[i].vz * dt;
    if (p[i].x > 100) p[i].vx = -p[i].vx, ++p[i].hits;
  }
}
uint64_t struct_fields() {
  static std::vector<particle> all(2000, particle{0, 0, 0, 1, 2, 3, 0, 0});
  for (int i = 0; i < 20'000; ++i) move_all(all.data(), all.size(), 0.01);
  return static_cast<uint64_t>(all[3].x) + static_cast<uint64_t>(all[9].hits);
}

uint64_t string_building() {
  uint64_t length = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string s;
    for (int i = 0; i < 2000; ++i) {
      s += "item ";
      s += std::to_string(i);
      s += ',';
    }
    length += s.size() + static_cast<uint64_t>(s[s.size() / 2]);
  }
  return length;
}

uint64_t mandelbrot() {
  constexpr int size = 480;
  static std::vector<int> image(size * size);
  for (int py = 0; py < size; ++py)
    for (int px = 0; px < size; ++px) {
      const double cx = px * 3.0 / size - 2, cy = py * 3.0 / size - 1.5;
      double x = 0, y = 0;
      int i = 0;
      for (; i < 100 && x * x + y * y < 4; ++i) {
        const double t = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = t;
      }
      image[py * size + px] = i;
    }
  return static_cast<uint64_t>(std::accumulate(image.begin(), image.end(), 0));
}

[[gnu::noinline]] unsigned fib(unsigned n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
uint64_t fib_calls() { return fib(37); }

struct shape {
  virtual ~shape() = default;
  virtual double area() const = 0;
};
struct square final : shape {
  explicit square(double s) : side(s) {}
  double area() const override { return side * side; }
  double side;
};
struct circle final : shape {
  explicit circle(double r) : radius(r) {}
  double area() const override { return 3.14 * radius * radius; }
  double radius;
};
uint64_t virtual_calls() {
  static const auto shapes = [] {
    std::vector<std::unique_ptr<shape>> out;
    for (int i = 0; i < 1000; ++i) {
      if (i % 3 == 0)
        out.push_back(std::make_unique<circle>(i));
      else
        out.push_back(std::make_unique<square>(i));
    }
    return out;
  }();
  double s = 0;
  for (int i = 0; i < 10'000; ++i)
    for (const auto& x : shapes) s += x->area();
  return static_cast<uint64_t>(s);
}

uint64_t b_tree_row() {
  rows::xorshift random(19);
  rows::b_tree t;
  for (int i = 0; i < 300'000; ++i) t.insert(random() % 1'000'000);
  uint64_t found = 0;
  for (int i = 0; i < 600'000; ++i) found += t.contains(random() % 1'000'000);
  return found;
}

uint64_t regular_expression() {
  static const std::regex pattern("([a-z]+)@([a-z]+)\\.(com|org)");
  static const std::string text = [] {
    std::string s;
    for (int i = 0; i < 400; ++i) s += "someone writes to user@example.org about nothing at all; ";
    return s;
  }();
  uint64_t n = 0;
  for (int i = 0; i < 40; ++i)
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
      n += static_cast<uint64_t>(at->length(1));
  return n;
}

constexpr rows::row all[] = {
    {"stream read", stream_read},
    {"stream update", stream_update},
    {"stream update, 128 MiB", stream_update_uncached},
    {"axpy", axpy_row},
    {"matrix multiply", matrix_multiply},
    {"sieve", sieve},
    {"std::sort", sort_row},
    {"unordered_map", unordered_map_row},
    {"map<string>", map_of_strings},
    {"binary tree", binary_tree},
    {"struct fields", struct_fields},
    {"string building", string_building},
    {"mandelbrot", mandelbrot},
    {"fib", fib_calls},
    {"virtual calls", virtual_calls},
    {"JSON parse", rows::json_parse},
    {"B-tree", b_tree_row},
    {"std::regex", regular_expression},
};

}  // namespace

int main(int argc, char** argv) { return rows::run(argc, argv, all, rows::park_thread); }
