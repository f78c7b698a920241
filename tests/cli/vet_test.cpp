// SPDX-License-Identifier: Apache-2.0
// snag vet on small projects outside of the tree: what it reads, finds, mends, exempts and refuses.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/cli/support.h"

namespace snag::cli_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* closed_twice = R"(#include <snag/chan.h>
void f() {
  snag::chan<int> c;
  c.close();
  c.close();
}
)";

// A project with a compilation database, as CMake or bear write it.
class project {
 public:
  // `command`: up to the file's name, which is added.
  void add(const std::string& name, const std::string& text, const std::string& command,
           const std::string& directory = {}) {
    folder_.write(name, text);
    commands_.push_back({{"directory", directory.empty() ? path() : directory},
                         {"file", directory.empty() ? name : path() + "/" + name},
                         {"command", command + " -c " + name + " -o " + name + ".o"}});
    folder_.write("compile_commands.json", commands_.dump());
  }
  std::string write(const std::string& name, const std::string& text) { return folder_.write(name, text); }
  std::string path() const { return folder_.path(); }
  std::string text_of(const std::string& name) const { return read_file(folder_.path() / name); }
  outcome vet(std::vector<std::string> words = {}) const {
    words.insert(words.begin(), "vet");
    return snag(words, {.directory = folder_.path()});
  }

 private:
  scratch_directory folder_;
  nlohmann::json commands_ = nlohmann::json::array();
};

TEST(vet, the_database_of_a_gcc_project_is_read_and_its_findings_told) {
  project p;
  // Words that only GCC knows, of optimisation, plugins and warnings, and one that decides what is compiled.
  const std::string gcc =
      "/usr/bin/g++ -std=gnu++20 -O2 -fno-tree-vectorize -fipa-pta -Wlogical-op -Wduplicated-cond -Werror "
      "-fplugin=nowhere.so "
      "-fdiagnostics-color=always -MD -MF x.d -DTWICE";
  p.add("bad.cpp", std::string("#ifdef TWICE\n") + closed_twice + "#endif\n", gcc);
  p.add("good.cpp", "#include <vector>\nint good(const std::vector<int>& v) { return v[0]; }\n", gcc);
  const outcome o = p.vet();
  EXPECT_EQ(o.status, 66) << testing::PrintToString(o);
  EXPECT_THAT(
      o.out,
      HasSubstr(
          "bad.cpp:6:3: warning: 'c' is closed by now: this second close panics [snag-close-after-close]\n"
          "    6 |   c.close();\n      |   ^\n"
          "bad.cpp:5:3: note: it is closed here\n"));
  EXPECT_EQ(o.err, "snag: 1 finding in 2 sources\n");

  const outcome only_good = p.vet({"good.cpp"});
  EXPECT_EQ(only_good.status, 0);
  EXPECT_THAT(only_good.out, IsEmpty());
}

TEST(vet, json_says_the_same_as_data) {
  project p;
  p.add("bad.cpp", closed_twice, "clang++-19 -std=c++20");
  p.add("broken.cpp", "int f() { return undeclared; }\n", "clang++-19 -std=c++20");
  const outcome o = p.vet({"--format", "json", "-j", "2"});
  EXPECT_EQ(o.status, 66);
  const nlohmann::json all = nlohmann::json::parse(o.out);
  EXPECT_EQ(all.at("schema"), "snag-vet/1");
  EXPECT_EQ(all.at("sources"), 1);
  ASSERT_EQ(all.at("findings").size(), 1u);
  const nlohmann::json& f = all.at("findings")[0];
  EXPECT_EQ(f.at("rule"), "close-after-close");
  EXPECT_EQ(f.at("file"), p.path() + "/bad.cpp");
  EXPECT_EQ(f.at("line"), 5);
  EXPECT_EQ(f.at("notes")[0].at("line"), 4);
  ASSERT_EQ(all.at("failed").size(), 1u);
  EXPECT_THAT(all.at("failed")[0].at("reason"), HasSubstr("use of undeclared identifier 'undeclared'"));
}

TEST(vet, a_finding_in_a_header_is_told_once) {
  project p;
  p.write("h.h", std::string("#pragma once\n") +
                     "#include <snag/chan.h>\ninline void f(snag::chan<int> c) { c.close(); c << 1; }\n");
  p.add("a.cpp", "#include \"h.h\"\n", "g++ -std=c++20");
  p.add("b.cpp", "#include \"h.h\"\n", "g++ -std=c++20");
  const outcome o = p.vet();
  EXPECT_EQ(occurrences(o.out, "[snag-send-after-close]"), 1u) << testing::PrintToString(o);
  EXPECT_THAT(o.err, HasSubstr("1 finding in 2 sources"));
}

TEST(vet, without_a_database_files_are_named_and_flags_follow) {
  project p;
  p.write("x.cpp", std::string("#ifdef NOW\n") + closed_twice + "#endif\n");
  EXPECT_EQ(p.vet({"x.cpp"}).status, 0);
  EXPECT_EQ(p.vet({"x.cpp", "--"}).status, 0);
  EXPECT_EQ(p.vet({"x.cpp", "--", "-DNOW"}).status, 66);
  EXPECT_EQ(p.vet({"--checks=-close-after-close", "x.cpp", "--", "-DNOW"}).status, 0);
  EXPECT_EQ(p.vet({"--checks=snag-close-after-close", "x.cpp", "--", "-DNOW"}).status, 66);
  EXPECT_EQ(p.vet({"--checks=receiver-closes,send-after-close", "x.cpp", "--", "-DNOW"}).status, 0);
}

TEST(vet, fixes_are_applied_once_and_compile) {
  project p;
  const std::string before = R"(#include <snag/context.h>
#include <snag/go.h>
#include <snag/wait_group.h>
void work(snag::context);
void early(int x) {
  snag::go([&x] { (void)(x + 1); });
}
void late() {
  snag::wait_group group;
  for (int i = 0; i < 3; ++i) {
    snag::go([=] {
      group.add(1);
      group.done();
    });
  }
  group.wait();
}
void dropped(snag::context parent) {
  auto ctx = snag::with_cancel(parent).ctx;
  work(ctx);
}
void stays() {
  int n = 0;
  snag::go([&n] { ++n; });
}
)";
  p.add("x.cpp", before, "clang++-19 -std=c++20");
  const outcome looked = p.vet();
  EXPECT_EQ(occurrences(looked.out, " warning: "), 4u) << looked.out;
  EXPECT_EQ(p.text_of("x.cpp"), before);

  const outcome mended = p.vet({"--fix"});
  EXPECT_EQ(mended.status, 66);
  EXPECT_THAT(mended.err, HasSubstr("snag: mended 3 findings\n"));
  EXPECT_EQ(occurrences(mended.out, " warning: "), 1u) << mended.out;  // what has no certain way to be mended
  const std::string after = p.text_of("x.cpp");
  EXPECT_THAT(after, HasSubstr("snag::go([x] { (void)(x + 1); });"));
  EXPECT_THAT(after, HasSubstr("group.add(1); snag::go([=] {\n      \n      group.done();"));
  EXPECT_THAT(after, HasSubstr("auto [ctx, cancel] = snag::with_cancel(parent);"));
  EXPECT_EQ(snag({"c++", "-fsyntax-only", p.path() + "/x.cpp"}).status, 0);
  EXPECT_EQ(occurrences(p.vet({"--fix"}).out, " warning: "), 1u);
  EXPECT_EQ(p.text_of("x.cpp"), after);
}

// The lines of `name` with a finding.
std::set<int> lines_found(const std::string& text, const std::string& name) {
  std::set<int> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(name + ":") && line.find(" warning: ") != std::string::npos)
      lines.insert(std::stoi(line.substr(name.size() + 1)));
  return lines;
}

TEST(vet, comments_exempt_what_they_name) {
  const std::string include = "#include <snag/chan.h>\n";
  const std::string head = "void f(snag::chan<int> c) {\n  c.close();\n";
  const std::vector<std::pair<std::string, bool>> cases = {
      {"  c.close();  // NOLINT\n", false},
      {"  c.close();  // NOLINT(snag-close-after-close)\n", false},
      {"  c.close();  // NOLINT(close-after-close): meant\n", false},
      {"  c.close();  // NOLINT(bugprone-*,snag-*)\n", false},
      {"  c.close();  // NOLINT(snag-send-after-close)\n", true},
      {"  c.close();  // NOLINT()\n", true},
      {"  // NOLINTNEXTLINE\n  c.close();\n", false},
      {"  // NOLINTNEXTLINE(snag-close-after-close)\n  c.close();\n", false},
      {"  // NOLINTNEXTLINE(snag-close-after-close)\n\n  c.close();\n", true},
      {"  // NOLINTBEGIN\n\n  c.close();\n  // NOLINTEND\n", false},
      {"  // NOLINTBEGIN(snag-close*)\n  c.close();\n  // NOLINTEND(snag-close*)\n", false},
      {"  // NOLINTBEGIN(snag-close*)\n  // NOLINTEND(snag-close*)\n  c.close();\n", true},
  };
  // These hold to the end of their file.
  const std::string unended = "  // NOLINTBEGIN\n  c.close();\n";
  const std::string ended_otherwise = "  // NOLINTBEGIN\n  c.close();\n  // NOLINTEND(snag-close*)\n";

  project p;
  std::string all = include;
  std::vector<int> last_lines;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    all += "namespace n" + std::to_string(i) + " {\n" + head + cases[i].first + "}\n}\n";
    last_lines.push_back(static_cast<int>(occurrences(all, "\n")));
  }
  p.add("all.cpp", all, "g++ -std=c++20");
  p.add("unended.cpp", include + head + unended + "}\n", "g++ -std=c++20");
  p.add("ended_otherwise.cpp", include + head + ended_otherwise + "}\n", "g++ -std=c++20");
  const outcome o = p.vet();
  const std::set<int> found = lines_found(o.out, "all.cpp");
  for (std::size_t i = 0, first = 0; i < cases.size(); first = static_cast<std::size_t>(last_lines[i++])) {
    const auto at = found.upper_bound(static_cast<int>(first));
    EXPECT_EQ(at != found.end() && *at <= last_lines[i], cases[i].second) << cases[i].first << o.out;
  }
  EXPECT_EQ(lines_found(o.out, "unended.cpp").size(), 1u) << o.out;
  EXPECT_EQ(lines_found(o.out, "ended_otherwise.cpp").size(), 1u) << o.out;
}

TEST(vet, the_compiler_warns_of_the_same_with_race_and_deadlock) {
  project p;
  const std::string file = p.write("x.cpp", closed_twice);
  for (const char* flag : {"-race", "-deadlock"}) {
    const outcome o = snag({"c++", flag, "-c", file, "-o", p.path() + "/x.o"});
    EXPECT_EQ(o.status, 0) << testing::PrintToString(o);
    EXPECT_THAT(
        o.err, HasSubstr("warning: 'c' is closed by now: this second close panics [snag-close-after-close]"));
    EXPECT_EQ(snag({"c++", flag, "-Werror", "-c", file, "-o", p.path() + "/x.o"}).status, 0);
    EXPECT_EQ(snag({"c++", flag, "-fplugin-arg-snag-vet=error", "-c", file, "-o", p.path() + "/x.o"}).status,
              1);
    for (const char* quiet : {"-fplugin-arg-snag-vet=off", "-w"}) {
      const outcome silent = snag({"c++", flag, quiet, "-c", file, "-o", p.path() + "/x.o"});
      EXPECT_EQ(silent.status, 0);
      EXPECT_THAT(silent.err, IsEmpty());
    }
  }
  EXPECT_THAT(snag({"c++", "-c", file, "-o", p.path() + "/x.o"}).err, IsEmpty());
}

TEST(vet, each_check_has_a_page_that_says_what_it_does_not_report) {
  const outcome list = snag({"vet", "--list"});
  EXPECT_EQ(list.status, 0);
  std::istringstream lines(list.out);
  std::size_t rules = 0;
  for (std::string line; std::getline(lines, line); ++rules) {
    const outcome page = snag({"explain", line.substr(0, line.find(' '))});
    EXPECT_EQ(page.status, 0) << line;
    EXPECT_THAT(page.out, HasSubstr("\nNot reported:\n")) << line;
  }
  EXPECT_EQ(rules, 13u);
}

TEST(vet, what_cannot_be_read_is_said_in_one_line) {
  project p;
  EXPECT_THAT(p.vet().err, HasSubstr("there is no compile_commands.json here or in build: name it with -p"));
  EXPECT_EQ(p.vet().status, 64);
  EXPECT_EQ(p.vet({"absent.cpp"}).err, "snag: there is no file absent.cpp\n");
  EXPECT_EQ(p.vet({"-p", "absent"}).err, "snag: -p: there is no absent\n");
  EXPECT_THAT(p.vet({"--checks=close-after-closed"}).err,
              HasSubstr("there is no check 'close-after-closed'; did you mean 'close-after-close'?"));
  EXPECT_EQ(p.vet({"--checks=close-after-closed"}).status, 64);
  EXPECT_EQ(p.vet({"--jobs", "0"}).status, 64);
  for (const std::string bad :
       {"", "[{\"directory\":", "{}", "[1, 2]", "[]", "\xff\xfe",
        "[{\"directory\": \"/\", \"file\": \"x.cpp\", \"command\": \"g++ -c x.cpp\"}"}) {
    p.write("compile_commands.json", bad);
    const outcome o = p.vet();
    EXPECT_EQ(o.status, 64) << bad << testing::PrintToString(o);
    EXPECT_EQ(occurrences(o.err, "\n"), 1u) << bad << o.err;
    if (bad.size() > 2 && bad.starts_with("[{")) EXPECT_THAT(o.err, HasSubstr("it is cut off"));
  }
}

TEST(vet, a_source_that_does_not_compile_costs_itself_alone) {
  project p;
  p.add("broken.cpp", "int f( {\n", "g++ -std=c++20");
  p.add("gone.cpp", "", "g++ -std=c++20");
  p.add("good.cpp", "int good;\n", "g++ -std=c++20");
  std::filesystem::remove(p.path() + "/gone.cpp");
  p.add("moved.cpp", "int moved;\n", "g++ -std=c++20", "/nowhere");
  const outcome o = p.vet();
  EXPECT_EQ(o.status, 1) << testing::PrintToString(o);
  EXPECT_THAT(o.err, AllOf(HasSubstr("broken.cpp: not checked: it does not compile: "),
                           HasSubstr("gone.cpp: not checked: "),
                           HasSubstr("not checked: it is compiled in /nowhere, which is not there\n"),
                           HasSubstr("snag: 0 findings in 1 source\n")));
}

// A source that is never read to its end: it includes a pipe that nobody writes to.
void add_endless(project& p) {
  ASSERT_EQ(mkfifo((p.path() + "/pipe.h").c_str(), 0600), 0);
  p.add("endless.cpp", "#include \"pipe.h\"\n", "g++ -std=c++20");
}

TEST(vet, a_source_that_takes_too_long_costs_itself_alone) {
  project p;
  add_endless(p);
  p.add("good.cpp", "int good;\n", "g++ -std=c++20");
  const outcome o = p.vet({"--timeout", "2s", "-j", "1"});
  EXPECT_EQ(o.status, 1) << testing::PrintToString(o);
  EXPECT_THAT(o.err,
              AllOf(HasSubstr("endless.cpp: not checked: it took longer than 2s to read (--timeout)\n"),
                    HasSubstr("snag: 0 findings in 1 source\n")));
  EXPECT_EQ(p.vet({"--timeout", "soon"}).status, 64);
}

TEST(vet, an_interrupt_tells_what_was_found_and_what_was_not_read) {
  project p;
  p.add("bad.cpp", closed_twice, "clang++-19 -std=c++20");
  add_endless(p);
  p.add("never_begun.cpp", "int n;\n", "g++ -std=c++20");
  process vet(snag_command({"vet", "-j", "1"}, {.directory = p.path()}));
  // Somebody opens the pipe: the sources before it are done.
  const int pipe = open((p.path() + "/pipe.h").c_str(), O_WRONLY);
  vet.send(SIGINT);
  const outcome o = vet.wait();
  close(pipe);
  EXPECT_EQ(o.status, 128 + SIGINT) << testing::PrintToString(o);
  EXPECT_THAT(o.out, HasSubstr("[snag-close-after-close]"));
  EXPECT_THAT(o.err, AllOf(HasSubstr("snag: interrupted: 2 of 3 sources were not read\n"),
                           Not(HasSubstr("crashed"))));
}

}  // namespace
}  // namespace snag::cli_test
