// SPDX-License-Identifier: Apache-2.0
#include "cli/clang_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/support.h"

namespace snag::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using words = std::vector<std::string>;

clang_request cxx(const words& w) { return understand(w, true); }
clang_request c(const words& w) { return understand(w, false); }

TEST(clang_arguments, sources_and_objects_are_linked_into_an_executable) {
  EXPECT_EQ(cxx({"a.cpp"}).output, output_kind::executable);
  EXPECT_EQ(cxx({"-o", "app", "a.o", "-lm"}).output, output_kind::executable);
}

TEST(clang_arguments, options_that_stop_before_linking) {
  for (const char* option : {"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "--precompile", "--analyze"})
    EXPECT_EQ(cxx({option, "a.cpp"}).output, output_kind::not_linked) << option;
  EXPECT_EQ(cxx({"-MD", "-MF", "a.d", "a.cpp"}).output, output_kind::executable);
}

TEST(clang_arguments, a_question_without_input_makes_nothing) {
  EXPECT_EQ(cxx({"--version"}).output, output_kind::nothing);
  EXPECT_EQ(cxx({"-v"}).output, output_kind::nothing);
  EXPECT_EQ(cxx({"-print-prog-name=ld", "a.cpp"}).output, output_kind::nothing);
  EXPECT_EQ(cxx({"-x", "c++"}).output, output_kind::nothing);
}

TEST(clang_arguments, shared_and_relocatable_outputs) {
  EXPECT_EQ(cxx({"-shared", "-o", "l.so", "a.o"}).output, output_kind::shared_library);
  EXPECT_EQ(cxx({"-r", "-o", "all.o", "a.o"}).output, output_kind::relocatable);
}

TEST(clang_arguments, headers_alone_are_precompiled_not_linked) {
  EXPECT_EQ(cxx({"all.h"}).output, output_kind::not_linked);
  EXPECT_EQ(cxx({"-x", "c++-header", "all.inc"}).output, output_kind::not_linked);
  EXPECT_EQ(cxx({"all.h", "a.cpp"}).output, output_kind::executable);
}

TEST(clang_arguments, the_value_of_an_option_is_not_an_input) {
  EXPECT_THAT(cxx({"-I", "include.cpp", "-Xclang", "-c", "-D", "x", "a.cpp"}).inputs, ElementsAre("a.cpp"));
  EXPECT_EQ(cxx({"-Xclang", "-c", "a.cpp"}).output, output_kind::executable);
  EXPECT_THAT(cxx({"-o", "a.cpp"}).inputs, IsEmpty());
}

TEST(clang_arguments, everything_after_two_dashes_is_a_file) {
  EXPECT_THAT(cxx({"--", "-c", "a.cpp"}).inputs, ElementsAre("-c", "a.cpp"));
}

TEST(clang_arguments, the_language_follows_the_extension_the_driver_and_x) {
  const auto is_c = [](const clang_request& r) { return r.sources.at(0).c; };
  EXPECT_TRUE(is_c(c({"a.c"})));
  EXPECT_FALSE(is_c(cxx({"a.c"})));
  EXPECT_FALSE(is_c(c({"a.cc"})));
  EXPECT_TRUE(is_c(cxx({"-x", "c", "a.cpp"})));
  EXPECT_TRUE(is_c(cxx({"-xc", "-"})));
  EXPECT_FALSE(is_c(cxx({"-x", "c", "-x", "none", "a.cpp"})));
  EXPECT_THAT(cxx({"a.s", "b.o", "c.ll"}).sources, IsEmpty());
  EXPECT_THAT(cxx({"-x", "assembler", "a.cpp"}).sources, IsEmpty());
}

TEST(clang_arguments, what_the_user_has_chosen_is_seen) {
  EXPECT_TRUE(cxx({"-std=c++23", "a.cpp"}).has_standard);
  EXPECT_TRUE(cxx({"-g3", "a.cpp"}).has_debug);
  EXPECT_FALSE(cxx({"--gcc-toolchain=/usr", "a.cpp"}).has_debug);
  EXPECT_EQ(cxx({"-o", "app", "a.cpp"}).output_path, "app");
  EXPECT_EQ(cxx({"-oapp", "a.cpp"}).output_path, "app");
  EXPECT_TRUE(cxx({"-nostdlib", "a.cpp"}).no_libraries);
}

TEST(clang_arguments, what_cannot_be_combined_with_snag_is_seen) {
  EXPECT_EQ(cxx({"-fsanitize=undefined,thread", "a.cpp"}).sanitizer, "thread");
  EXPECT_EQ(cxx({"-fsanitize=undefined", "a.cpp"}).sanitizer, "");
  EXPECT_EQ(cxx({"--target=aarch64-linux-gnu", "a.cpp"}).other_target, "aarch64-linux-gnu");
  EXPECT_EQ(cxx({"-target", "x86_64-pc-linux-gnu", "a.cpp"}).other_target, "");
  EXPECT_EQ(cxx({"-m32", "a.cpp"}).other_target, "-m32");
  EXPECT_TRUE(cxx({"-stdlib=libc++", "a.cpp"}).libcxx);
  EXPECT_TRUE(cxx({"-static", "a.cpp"}).static_link);
}

TEST(clang_arguments, response_files_are_looked_into) {
  const cli_test::scratch_directory directory;
  const std::string inner = directory.write("inner.rsp", "'-I' \"some dir\" -c");
  const std::string outer = directory.write("outer.rsp", "@" + inner + "\na\\ b.cpp\n");
  const clang_request request = cxx({"@" + outer});
  EXPECT_EQ(request.output, output_kind::not_linked);
  EXPECT_THAT(request.inputs, ElementsAre("a b.cpp"));
}

TEST(clang_arguments, a_response_file_that_is_not_there_is_a_file_name) {
  EXPECT_THAT(cxx({"@nowhere"}).inputs, ElementsAre("@nowhere"));
}

TEST(clang_arguments, response_files_are_quoted_as_gnu_does) {
  EXPECT_THAT(split_response("a 'b c' \"d \\\" e\" f\\ g '' \n\t h"),
              ElementsAre("a", "b c", "d \" e", "f g", "", "h"));
}

TEST(clang_arguments, filtering_keeps_options_and_values_together) {
  const auto keep = [](const std::string& w) { return w != "-o" && w != "-race"; };
  EXPECT_THAT(filter({"-o", "app", "-race", "-I", "-race", "a.cpp"}, keep),
              ElementsAre("-I", "-race", "a.cpp"));
}

}  // namespace
}  // namespace snag::cli
