// SPDX-License-Identifier: Apache-2.0
// Random numbers: an engine is an object that every call changes, and so are some distributions.
#include <algorithm>
#include <random>
#include <vector>

#include "sides.h"

RACE(twister_by_two) {
  std::mt19937 engine(1);
  side_by_side([&] { keep(engine()); },   // <- 1
               [&] { keep(engine()); });  // <- 2
}

NO_RACE(twister_by_two_locked) {
  std::mt19937 engine(1);
  many_under_one_mutex([&](int) { keep(engine()); });
}

NO_RACE(twister_by_two_handed_over) {
  std::mt19937 engine(1);
  handed_over([&] { keep(engine()); }, [&] { keep(engine()); });
}

NO_RACE(twister_each) {
  const auto roll = [] {
    std::mt19937_64 engine(1);
    std::uniform_int_distribution<int> die(1, 6);
    for (int i = 0; i < 1000; ++i) keep(die(engine));
  };
  side_by_side(roll, roll);
}

NO_RACE(twister_of_the_thread, "goroutines on one thread take turns with what it keeps") {
  static thread_local std::mt19937 engine(1);
  const auto roll = [] { keep(engine()); };
  side_by_side(roll, roll);
}

RACE(seed_and_use) {
  std::mt19937 engine(1);
  one_after_the_other([&] { engine.seed(2); },   // <- 1
                      [&] { keep(engine()); });  // <- 2
}

RACE(discard_and_copy) {
  std::mt19937 engine(1);
  one_after_the_other([&] { engine.discard(3); },  // <- 1
                      [&] { keep(engine); });      // <- 2
}

RACE(linear_congruential_by_two) {
  std::minstd_rand engine(1);
  side_by_side([&] { keep(engine()); },   // <- 1
               [&] { keep(engine()); });  // <- 2
}

RACE(subtract_with_carry_by_two) {
  std::ranlux24_base engine(1);
  side_by_side([&] { keep(engine()); },   // <- 1
               [&] { keep(engine()); });  // <- 2
}

RACE(shuffle_order_by_two) {
  std::knuth_b engine(1);
  side_by_side([&] { keep(engine()); },   // <- 1
               [&] { keep(engine()); });  // <- 2
}

RACE(die_with_a_shared_engine, "the distribution calls the engine") {
  std::mt19937 engine(1);
  side_by_side([&] { keep(std::uniform_int_distribution<int>(1, 6)(engine)); },   // <- 1
               [&] { keep(std::uniform_int_distribution<int>(1, 6)(engine)); });  // <- 2
}

RACE(normal_distribution_by_two, "it keeps every second number for later") {
  std::normal_distribution<double> noise;
  side_by_side(
      [&] {
        std::mt19937 engine(1);
        keep(noise(engine));  // <- 1
      },
      [&] {
        std::mt19937 engine(2);
        keep(noise(engine));  // <- 2
      });
}

RACE(distribution_parameters) {
  std::uniform_int_distribution<int> die(1, 6);
  std::mt19937 engine(1);
  side_by_side([&] { die.param(std::uniform_int_distribution<int>::param_type(1, 20)); },  // <- 1
               [&] { keep(die(engine)); });                                                // <- 2
}

RACE(shuffle_with_a_shared_engine) {
  std::minstd_rand engine(1);
  std::vector<int> cards(5), others(5);
  side_by_side([&] { std::shuffle(cards.begin(), cards.end(), engine); },     // <- 1
               [&] { std::shuffle(others.begin(), others.end(), engine); });  // <- 2
}

RACE(shuffle_and_read) {
  std::vector<int> cards(20);
  side_by_side([&] { std::shuffle(cards.begin(), cards.end(), std::minstd_rand(1)); },  // <- 1
               [&] { read_all(cards); });                                               // <- 2
}

RACE(sample_and_write) {
  std::vector<int> cards(20), drawn(5);
  side_by_side(
      [&] { std::sample(cards.begin(), cards.end(), drawn.begin(), 5, std::minstd_rand(1)); },  // <- 1
      [&] { std::fill(cards.begin(), cards.end(), 1); });                                       // <- 2
}

RACE(seed_sequence_and_write) {
  std::vector<unsigned> words(4);
  side_by_side([&] { keep(std::seed_seq(words.begin(), words.end()).size()); },  // <- 1
               [&] { words[2] = 1; });                                           // <- 2
}

NO_RACE(random_device_each) {
  const auto roll = [] {
    std::random_device device;
    keep(device());
  };
  side_by_side(roll, roll);
}
