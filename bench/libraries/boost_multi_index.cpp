// SPDX-License-Identifier: Apache-2.0
// Boost.MultiIndex: a book of orders by number, price and customer, which two threads read and change under a
// shared lock.
#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "bench/libraries/two_threads.h"
#include "bench/race/parked_thread.h"
#include "bench/race/rows.h"

namespace {

namespace index = boost::multi_index;

struct order {
  std::uint64_t number;
  std::uint64_t price;
  std::string customer;
};

using book = index::multi_index_container<
    order, index::indexed_by<index::hashed_unique<index::member<order, std::uint64_t, &order::number>>,
                             index::ordered_non_unique<index::member<order, std::uint64_t, &order::price>>,
                             index::ordered_non_unique<index::member<order, std::string, &order::customer>>>>;

std::uint64_t orders() {
  book orders;
  std::shared_mutex lock;
  std::uint64_t sums[2] = {};
  rows::in_two([&](int who) {
    rows::xorshift random(static_cast<std::uint64_t>(who) + 3);
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const std::uint64_t number = 2 * i + static_cast<std::uint64_t>(who);
      {
        const std::unique_lock held(lock);
        orders.insert({number, random() % 500, "customer " + std::to_string(random() % 97)});
        if (i % 4 == 3) orders.get<0>().erase(number - 4);
      }
      for (int k = 0; k < 3; ++k) {
        const std::shared_lock held(lock);
        const auto& by_price = orders.get<1>();
        if (const auto found = by_price.lower_bound(random() % 500); found != by_price.end())
          sums[who] += found->number + orders.get<2>().count(found->customer);
      }
    }
  });
  return orders.size() + sums[0] / 1'000'000 + sums[1] / 1'000'000;
}

constexpr rows::row all[] = {{"orders", orders}};

}  // namespace

int main(int argc, char** argv) { return rows::run(argc, argv, all, rows::park_thread); }
