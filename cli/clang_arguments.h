// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a clang command line asks for, as far as the driver has to know: does it link an executable, and in
// which languages are its sources. The arguments themselves are passed on as they are.
// Source: clang's own option table (clang/Driver/Options.td, LLVM 19).
#include <functional>
#include <string>
#include <vector>

namespace snag::cli {

enum class output_kind {
  nothing,     // only asks clang something: --version, -print-…
  not_linked,  // -c, -S, -E, -fsyntax-only, precompiled headers, …
  executable,
  shared_library,
  relocatable,  // -r
};

struct source_file {
  std::string path;
  bool c = false;  // C, Objective-C …: -std=c++20 would be an error
};

struct clang_request {
  output_kind output = output_kind::nothing;
  std::vector<std::string> inputs;   // files and "-", sources and objects alike
  std::vector<source_file> sources;  // those of the inputs that clang compiles, headers too
  bool has_standard = false;         // -std=…
  bool has_debug = false;            // any -g…
  std::string output_path;           // -o
  bool no_libraries = false;         // -nostdlib, -nodefaultlibs
  bool static_link = false;          // -static, -static-pie
  std::string sanitizer;             // one that cannot be combined with ours: thread, address, memory, …
  bool libcxx = false;               // -stdlib=libc++
  std::string other_target;          // a target that is not x86-64 Linux
};

// `cxx`: clang++ takes .c files for C++. Response files are looked into.
clang_request understand(const std::vector<std::string>& arguments, bool cxx);

// Whether the option takes the next argument as its value: "-o", "-I", "-Xclang", …
bool takes_value(const std::string& option);

// The arguments for which keep(argument) is true; an option's value goes with its option.
std::vector<std::string> filter(const std::vector<std::string>& arguments,
                                const std::function<bool(const std::string&)>& keep);

// The arguments in a response file's text, in GNU quoting.
std::vector<std::string> split_response(const std::string& text);

}  // namespace snag::cli
