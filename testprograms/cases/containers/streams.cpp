// SPDX-License-Identifier: Apache-2.0
// Streams. The standard ones (cout, cerr, …) may be used by many at once, [iostream.objects.overview]; any
// other one is an object like any other, and so are its buffer and its format.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <version>
#ifdef __cpp_lib_syncbuf
#include <syncstream>
#endif
#include <unistd.h>

#include "sides.h"

NO_RACE(cout_by_two) {
  side_by_side(
      [] {
        for (int i = 0; i < 20; ++i) std::cout << "one " << i << ' ' << 1.5 << '\n';
      },
      [] {
        for (int i = 0; i < 20; ++i) std::cout << "two " << i << std::endl;
      });
}

NO_RACE(cerr_by_two) {
  side_by_side([] { std::cerr << "one " << 1 << '\n'; }, [] { std::cerr << "two " << 2 << '\n'; });
}

NO_RACE(clog_by_two) {
  side_by_side([] { std::clog << "one " << 1 << '\n'; }, [] { std::clog << "two " << 2 << '\n'; });
}

NO_RACE(cout_and_printf) {
  side_by_side([] { std::cout << "one\n" << std::flush; }, [] { std::printf("two %d\n", 2); });
}

NO_RACE(cout_put_and_write) {
  side_by_side([] { std::cout.put('x'); }, [] { std::cout.write("yz", 2); });
}

NO_RACE(cin_by_two, "which gets what is another matter") {
  if (std::freopen("/dev/null", "r", stdin) == nullptr) return;
  side_by_side(
      [] {
        int number = 0;
        std::cin >> number;
      },
      [] {
        std::string line;
        std::getline(std::cin, line);
      });
}

RACE(cout_of_a_changing_string, "the stream is safe, what is written is not") {
  std::string text = "a text that is too long for the place inside the string object\n";
  side_by_side([&] { std::cout << text; },  // <- 1
               [&] { text[3] = 'x'; });     // <- 2
}

RACE(ostringstream_by_two) {
  std::ostringstream out;
  one_after_the_other([&] { out << "one"; },   // <- 1
                      [&] { out << "two"; });  // <- 2
}

NO_RACE(ostringstream_by_two_locked) {
  std::ostringstream out;
  under_one_mutex([&] { out << "one" << 1; }, [&] { out << "two" << 2.5; });
}

NO_RACE(ostringstream_by_two_handed_over) {
  std::ostringstream out;
  handed_over([&] { out << "one" << 1; }, [&] { out << "two" << 2.5; });
}

NO_RACE(ostringstream_each) {
  const auto format = [] {
    std::ostringstream out;
    out << std::setw(8) << std::setfill('0') << std::hex << 255 << ' ' << 2.5 << ' ' << true;
    keep(out.str());
  };
  side_by_side(format, format);
}

RACE(ostringstream_numbers_by_two) {
  std::ostringstream out;
  one_after_the_other([&] { out << 12345; },   // <- 1
                      [&] { out << 67890; });  // <- 2
}

RACE(ostringstream_numbers_and_str) {
  std::ostringstream out;
  one_after_the_other([&] { out << 12345; },      // <- 1
                      [&] { keep(out.str()); });  // <- 2
}

RACE(ostringstream_str_and_numbers) {
  std::ostringstream out;
  out << "some text";
  one_after_the_other([&] { keep(out.str()); },  // <- 1
                      [&] { out << 12345; });    // <- 2
}

RACE(stringstream_str_and_put) {
  std::stringstream out;
  one_after_the_other([&] { keep(out.str()); },  // <- 1
                      [&] { out.put('x'); });    // <- 2
}

NO_RACE(ostringstream_str_and_str_of_another) {
  std::ostringstream one, two;
  one << 1;
  two << 2;
  one_after_the_other([&] { keep(one.str()); }, [&] { two << 3; });
}

NO_RACE(ostringstream_read_by_two) {
  std::ostringstream out;
  out << "some text";
  side_by_side([&] { keep(out.str()); }, [&] { keep(out.str()); });
}

RACE(ofstream_is_open_and_close) {
  std::ofstream out("/dev/null");
  one_after_the_other([&] { keep(std::as_const(out).is_open()); },  // <- 1
                      [&] { out.close(); });                        // <- 2
}

RACE(ostringstream_put_and_put) {
  std::ostringstream out("four", std::ios::ate);
  one_after_the_other([&] { out.put('1'); },   // <- 1
                      [&] { out.put('2'); });  // <- 2
}

RACE(ostringstream_str_and_str) {
  std::ostringstream out;
  one_after_the_other([&] { out.str("one"); },    // <- 1
                      [&] { keep(out.str()); });  // <- 2
}

RACE(stringbuf_by_two) {
  std::stringbuf buffer("some room");
  one_after_the_other([&] { buffer.sputc('1'); },   // <- 1
                      [&] { buffer.sputc('2'); });  // <- 2
}

RACE(format_flags_by_two) {
  std::ostringstream out;
  side_by_side([&] { out.setf(std::ios::hex, std::ios::basefield); },  // <- 1
               [&] {
                 out.precision(3);
                 out.setf(std::ios::fixed);  // <- 2
               });
}

RACE(format_flags_and_number) {
  std::ostringstream out;
  one_after_the_other([&] { out << std::hex; },  // <- 1
                      [&] { out << 255; });      // <- 2
}

RACE(state_and_clear) {
  std::istringstream in("x");
  int number = 0;
  in >> number;
  side_by_side([&] { in.clear(); },        // <- 1
               [&] { keep(in.fail()); });  // <- 2
}

RACE(istringstream_numbers_by_two) {
  std::istringstream in("1 2 3 4");
  int number = 0, other = 0;
  one_after_the_other([&] { in >> number; },  // <- 1
                      [&] { in >> other; });  // <- 2
}

NO_RACE(istringstream_numbers_by_two_locked) {
  std::istringstream in("1 2 3 4");
  int number = 0, other = 0;
  under_one_mutex([&] { in >> number; }, [&] { in >> other; });
}

RACE(istringstream_get_and_get) {
  std::istringstream in("1 2 3 4");
  one_after_the_other([&] { keep(in.get()); },   // <- 1
                      [&] { keep(in.get()); });  // <- 2
}

RACE(getline_by_two) {
  std::istringstream in("one\ntwo\n");
  std::string line, other;
  one_after_the_other([&] { std::getline(in, line); },    // <- 1
                      [&] { std::getline(in, other); });  // <- 2
}

RACE(getline_into_one_string) {
  std::istringstream in("one\n"), more("two\n");
  std::string line;
  one_after_the_other([&] { std::getline(in, line); },     // <- 1
                      [&] { std::getline(more, line); });  // <- 2
}

RACE(number_read_into_one_variable) {
  std::istringstream in("1"), more("2");
  int number = 0;
  side_by_side([&] { in >> number; },     // <- 1
               [&] { more >> number; });  // <- 2
}

RACE(word_read_and_string_read) {
  std::istringstream in("one");
  std::string word;
  one_after_the_other([&] { in >> word; },          // <- 1
                      [&] { keep(word.size()); });  // <- 2
}

RACE(read_into_a_buffer) {
  std::istringstream in("one");
  char letters[3] = {};
  side_by_side([&] { in.read(letters, 3); },  // <- 1
               [&] { keep(letters[1]); });    // <- 2
}

RACE(write_from_a_buffer) {
  std::ostringstream out;
  char letters[3] = {'a', 'b', 'c'};
  side_by_side([&] { out.write(letters, 3); },  // <- 1
               [&] { letters[1] = 'x'; });      // <- 2
}

RACE(ofstream_by_two) {
  std::ofstream out("/dev/null");
  one_after_the_other([&] { out << "one"; },   // <- 1
                      [&] { out << "two"; });  // <- 2
}

NO_RACE(ofstream_by_two_locked) {
  std::ofstream out("/dev/null");
  under_one_mutex([&] { out << "one" << 1 << std::endl; }, [&] { out << "two" << 2 << std::endl; });
}

RACE(ifstream_by_two) {
  std::ifstream in("/proc/self/status");
  std::string word, other;
  one_after_the_other([&] { in >> word; },    // <- 1
                      [&] { in >> other; });  // <- 2
}

NO_RACE(ifstream_each) {
  const auto load = [] {
    std::ifstream in("/proc/self/status");
    std::string line;
    while (std::getline(in, line)) keep(line);
  };
  side_by_side(load, load);
}

NO_RACE(written_then_read_by_path_handed_over) {
  const auto path = std::filesystem::temp_directory_path() / ("snag_streams_" + std::to_string(::getpid()));
  handed_over([&] { std::ofstream(path) << "one two"; },
              [&] {
                std::string word;
                std::ifstream(path) >> word;
                keep(word);
              });
  std::filesystem::remove(path);
}

RACE(ostream_iterator_by_two) {
  std::ostringstream out;
  one_after_the_other([&] { *std::ostream_iterator<int>(out, ",") = 1; },   // <- 1
                      [&] { *std::ostream_iterator<int>(out, ",") = 2; });  // <- 2
}

RACE(istream_iterator_by_two) {
  std::istringstream in("1 2 3 4");
  one_after_the_other([&] { keep(*std::istream_iterator<int>(in)); },   // <- 1
                      [&] { keep(*std::istream_iterator<int>(in)); });  // <- 2
}

RACE(seek_and_tell) {
  std::istringstream in("1 2 3 4");
  one_after_the_other([&] { in.seekg(2); },       // <- 1
                      [&] { keep(in.peek()); });  // <- 2
}

#ifdef __cpp_lib_syncbuf
NO_RACE(osyncstream_on_one_stream) {
  std::ostringstream out;
  side_by_side([&] { std::osyncstream(out) << "one " << 1 << '\n'; },
               [&] { std::osyncstream(out) << "two " << 2 << '\n'; });
  keep(out.str());
}
#endif

NO_RACE(stream_of_many) {
  std::stringstream stream;
  many_under_one_mutex([&](int i) {
    stream << i << ' ' << i / 4.0 << '\n';
    int number = 0;
    double quotient = 0;
    stream >> number >> quotient;
    keep(number);
  });
}
