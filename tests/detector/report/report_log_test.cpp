// SPDX-License-Identifier: Apache-2.0
#include "detector/src/report_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/detector/report/child.h"
#include "tests/detector/report/races.h"

namespace snag::detector {
namespace {

using test::in_child;
using test::outcome;
using testing::AllOf;
using testing::HasSubstr;

struct report_log_test : testing::Test {
  std::filesystem::path folder;
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "snag-log-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::string file(const char* name) const { return (folder / name).string(); }
  static std::string text_of(const std::string& path) {
    std::ifstream in(path);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
  }
  static outcome race_with(
      std::map<std::string, std::string> options, const std::function<void()>& then = [] {}) {
    return in_child([&] {
      fake::reset();
      fake::the_world().options = std::move(options);
      start_reporter();
      report(fake::make_counter_race().race);
      then();
    });
  }
};

TEST_F(report_log_test, text_is_appended_to_the_file_and_standard_error_stays_clean) {
  const outcome first = race_with({{"log_path", file("log")}});
  const std::string once = text_of(file("log"));
  EXPECT_EQ(first.err, "");
  EXPECT_EQ(first.status, 66);
  EXPECT_THAT(once, HasSubstr("WARNING: DATA RACE"));
  EXPECT_THAT(once, HasSubstr("\nFound 1 data race(s)\n"));
  race_with({{"log_path", file("log")}});
  EXPECT_EQ(text_of(file("log")).size(), 2 * once.size());
}

TEST_F(report_log_test, percent_p_is_the_process_id) {
  const outcome o = race_with({{"log_path", file("log.%p.txt")}}, [] { printf("%d", getpid()); });
  EXPECT_THAT(text_of(file("log.") + o.out + ".txt"), HasSubstr("DATA RACE"));
}

TEST_F(report_log_test, an_unwritable_path_is_one_line_and_reports_go_to_standard_error) {
  for (const char* format : {"text", "json"}) {
    const outcome o = race_with({{"log_path", file("missing/log")}, {"report_format", format}});
    EXPECT_EQ(o.status, 66);
    EXPECT_TRUE(o.err.starts_with("snag: cannot write log_path " + file("missing/log") +
                                  ": No such file or directory; reports go to standard error\n"))
        << o.err;
    EXPECT_EQ(o.err.find("cannot write"), o.err.rfind("cannot write"));
    EXPECT_THAT(o.err, HasSubstr("counter++"));
  }
}

TEST_F(report_log_test, a_relative_path_means_the_folder_of_the_start) {
  const outcome o = in_child([&] {
    if (chdir(folder.c_str()) != 0) _exit(9);
    fake::reset();
    fake::the_world().options = {{"log_path", "here.txt"}};
    start_reporter();
    if (chdir("/") != 0) _exit(9);
    report(fake::make_counter_race().race);
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_THAT(text_of(file("here.txt")), HasSubstr("DATA RACE"));
}

TEST_F(report_log_test, a_program_that_closes_every_descriptor_still_reports) {
  race_with({{"log_path", file("log")}}, [] {
    for (int fd = 3; fd < 64; ++fd) close(fd);
  });
  EXPECT_THAT(text_of(file("log")), HasSubstr("\nFound 1 data race(s)\n"));
}

TEST_F(report_log_test, stdout_and_devices_are_written_to_directly) {
  EXPECT_THAT(race_with({{"log_path", "stdout"}}).out, HasSubstr("DATA RACE"));
  EXPECT_THAT(race_with({{"log_path", "stdout"}, {"report_format", "json"}}).out,
              HasSubstr("snag-findings/7"));
  EXPECT_EQ(race_with({{"log_path", "/dev/null"}, {"report_format", "json"}}).status, 66);
  struct stat status;
  ASSERT_EQ(stat("/dev/null", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));  // not replaced by a file
}

// What stands on standard error behind the one line that says why.
nlohmann::json document_after_complaint(const outcome& o, const char* why) {
  const std::size_t line = o.err.find('\n');
  EXPECT_THAT(o.err.substr(0, line), AllOf(HasSubstr("cannot write log_path"), HasSubstr(why)));
  return nlohmann::json::parse(o.err.substr(line));  // throws if there is more than one
}
TEST_F(report_log_test, a_full_device_leaves_one_document_on_standard_error) {
  const outcome o = race_with({{"log_path", "/dev/full"}, {"report_format", "json"}});
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(document_after_complaint(o, "No space left on device")["findings"].size(), 1u);
}
TEST_F(report_log_test, a_folder_that_went_away_leaves_one_document_on_standard_error) {
  const outcome o = in_child([&] {
    fake::reset();
    fake::the_world().options = {{"log_path", file("f.json")}, {"report_format", "json"}};
    start_reporter();
    std::filesystem::remove_all(folder);
    report(fake::make_counter_race().race);  // an interim document, then that of the end
  });
  EXPECT_EQ(o.status, 66);
  EXPECT_EQ(document_after_complaint(o, "No such file or directory")["run"]["end"], "exit");
}

TEST_F(report_log_test, a_link_is_followed_not_replaced) {
  std::ofstream(file("real.json")) << "old";
  std::filesystem::create_symlink(file("real.json"), file("link.json"));
  std::filesystem::last_write_time(file("real.json"), std::filesystem::file_time_type::min());
  race_with({{"log_path", file("link.json")}, {"report_format", "json"}});
  EXPECT_TRUE(std::filesystem::is_symlink(file("link.json")));
  EXPECT_THAT(text_of(file("real.json")), HasSubstr("snag-findings/7"));
}

TEST_F(report_log_test, another_process_documents_of_the_meantime_are_not_overwritten) {
  const outcome o = race_with({{"log_path", file("f.json")}, {"report_format", "json"}}, [this] {
    std::filesystem::remove(file("f.json"));
    std::ofstream(file("other")) << "another process's";
    std::filesystem::last_write_time(file("other"),
                                     std::filesystem::file_time_type::clock::now() + std::chrono::seconds(1));
    std::filesystem::rename(file("other"), file("f.json"));
    printf("%d", getpid());
  });
  EXPECT_EQ(text_of(file("f.json")), "another process's");
  EXPECT_THAT(text_of(file("f.json.") + o.out), HasSubstr("snag-findings/7"));
  EXPECT_THAT(o.err, HasSubstr("holds another process's findings"));
}

TEST_F(report_log_test, a_document_of_an_earlier_run_is_replaced) {
  race_with({{"log_path", file("f.json")}, {"report_format", "json"}});
  const outcome o = race_with({{"log_path", file("f.json")}, {"report_format", "json"}});
  EXPECT_THAT(o.err, testing::StartsWith("Found 1 data race(s)\nsnag: checked "));
}

TEST_F(report_log_test, colour_needs_a_terminal) {
  EXPECT_EQ(race_with({}).err.find('\033'), std::string::npos);
}

}  // namespace
}  // namespace snag::detector
