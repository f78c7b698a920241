// SPDX-License-Identifier: Apache-2.0
// Containers of two threads get their memory from one resource, which keeps count without a lock.
// verdict: race 20/20
// race: in_use
#include <memory_resource>
#include <mutex>
#include <thread>
#include <vector>

class counting_resource : public std::pmr::memory_resource {
 public:
  long in_use = 0;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    in_use += static_cast<long>(bytes);  // <- 1 2
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* place, std::size_t bytes, std::size_t alignment) override {
    in_use -= static_cast<long>(bytes);  // <- 1 2
    std::pmr::new_delete_resource()->deallocate(place, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

int main() {
  counting_resource memory;
  const auto fill = [&] {
    std::pmr::vector<int> numbers(&memory);
    for (int i = 0; i < 100; ++i) numbers.push_back(i);
  };
  std::thread a(fill), b(fill);
  a.join();
  b.join();
  return memory.in_use == 7;
}
