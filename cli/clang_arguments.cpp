// SPDX-License-Identifier: Apache-2.0
#include "cli/clang_arguments.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <unordered_set>

namespace snag::cli {
namespace {

using word_set = std::unordered_set<std::string_view>;

word_set words(std::string_view list) {
  word_set result;
  while (!list.empty()) {
    const std::string_view word = list.substr(0, list.find(' '));
    result.insert(word);
    list.remove_prefix(std::min(list.size(), word.size() + 1));
  }
  return result;
}

const word_set options_with_value = words(
    "-A -B -D -F -G -I -L -MF -MJ -MQ -MT -T -U -V -Xanalyzer -Xarch_device -Xarch_host -Xassembler "
    "-Xclang -Xlinker -Xopenmp-target -Xpreprocessor -arch -b -cxx-isystem -dumpdir -e -framework "
    "-idirafter -iframework -iframeworkwithsysroot -imacros -imultilib -include -include-pch "
    "-iprefix -iquote -isysroot -isystem -isystem-after -ivfsoverlay -iwithprefix -iwithprefixbefore "
    "-iwithsysroot -l -mllvm -mmlir -o -rpath -serialize-diagnostics -specs -target -u -undefined "
    "-working-directory -x -z --assert --config --define-macro --for-linker --include "
    "--include-directory --language --library-directory --output --param --prefix "
    "--serialize-diagnostics --std --sysroot --undefine-macro --include-directory-after "
    "--include-prefix --include-with-prefix --include-with-prefix-after --include-with-prefix-before "
    "--imacros");

const word_set stops_before_linking = words(
    "-c -S -E -M -MM -fsyntax-only -emit-ast -module-file-info -verify-pch -rewrite-objc "
    "-rewrite-legacy-objc --precompile --compile --assemble --preprocess --dependencies "
    "--user-dependencies --analyze -extract-api --emit-extension-symbol-graphs");

const word_set c_extensions = words(".c .m .i .mi .h");
const word_set source_extensions = words(
    ".c .m .i .mi .cc .cp .cxx .cpp .CPP .c++ .C .CC .CXX .C++ .ii .mm .M .mii .cu .cppm .ccm .cxxm "
    ".c++m .ixx");
const word_set header_extensions = words(".h .hh .H .hp .hxx .hpp .HPP .h++ .tcc");

bool starts_with_any(std::string_view word, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view p) { return word.starts_with(p); });
}

bool only_asks(std::string_view word) {
  return word == "--version" || word == "--help" || word == "-help" || word == "--help-hidden" ||
         starts_with_any(word, {"-print-", "--print-", "-dumpversion", "-dumpmachine", "--autocomplete"});
}

bool fits_target(std::string_view target) {
  return starts_with_any(target, {"x86_64", "amd64"}) && target.find("linux") != std::string_view::npos;
}

class reader {
 public:
  explicit reader(bool cxx) : cxx_(cxx) {}

  void read(const std::vector<std::string>& arguments, int depth) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& word = arguments[i];
      if (only_files_follow_)
        input(word);
      else if (word == "--")
        only_files_follow_ = true;
      else if (word.size() > 1 && word[0] == '@' && depth < 16)
        response_file(word, depth);
      else if (word == "-" || word.empty() || word[0] != '-')
        input(word);
      else if (takes_value(word))
        option_with_value(word, i + 1 < arguments.size() ? arguments[++i] : "");
      else
        option(word);
    }
  }

  clang_request finish() {
    if (!asks_ && any_input_) request_.output = linked_ ? kind_ : output_kind::not_linked;
    if (only_headers_ && request_.output == output_kind::executable)
      request_.output = output_kind::not_linked;
    return std::move(request_);
  }

 private:
  void response_file(const std::string& word, int depth) {
    std::ifstream file(word.substr(1));
    if (!file) return input(word);  // clang, too, takes it for a file name then
    const std::string text(std::istreambuf_iterator<char>(file), {});
    read(split_response(text), depth + 1);
  }

  void input(const std::string& path) {
    any_input_ = true;
    request_.inputs.push_back(path);
    const std::string extension = std::filesystem::path(path).extension();
    const bool header =
        language_.empty() ? header_extensions.contains(extension) : language_.ends_with("-header");
    if (!header) only_headers_ = false;
    if (language_.empty() ? header || source_extensions.contains(extension) || path == "-"
                          : !starts_with_any(language_, {"assembler", "ir"})) {
      // (clang++, too, takes standard input for C: configure scripts ask for macros that way.)
      const bool c = language_.empty() ? path == "-" || (!cxx_ && c_extensions.contains(extension))
                                       : !language_.starts_with("c++");
      request_.sources.push_back({path, c});
    }
  }

  void option_with_value(const std::string& word, const std::string& value) {
    if (word == "-x" || word == "--language")
      language_ = value == "none" ? "" : value;
    else if (word == "-o" || word == "--output")
      request_.output_path = value;
    else if (word == "--std")
      request_.has_standard = true;
    else if (word == "-target")
      target(value);
    else if (word == "-l")
      any_input_ = true, only_headers_ = false;
  }

  void target(std::string_view value) {
    if (!fits_target(value)) request_.other_target = value;
  }

  void option(std::string_view word) {
    if (stops_before_linking.contains(word))
      linked_ = false;
    else if (only_asks(word))
      asks_ = true;
    else if (word == "-shared" || word == "--shared")
      kind_ = output_kind::shared_library;
    else if (word == "-r")
      kind_ = output_kind::relocatable;
    else if (word == "-static" || word == "--static" || word == "-static-pie")
      request_.static_link = true;
    else if (word == "-nostdlib" || word == "--no-standard-libraries" || word == "-nodefaultlibs")
      request_.no_libraries = true;
    else if (word == "-m32" || word == "-mx32" || word == "-m16")
      request_.other_target = word;
    else if (word.starts_with("--target="))
      target(word.substr(9));
    else if (word.starts_with("-std=") || word.starts_with("--std="))
      request_.has_standard = true;
    else if (word == "-stdlib=libc++")
      request_.libcxx = true;
    else if (word.starts_with("-fsanitize="))
      sanitizers(word.substr(11));
    else if (word.starts_with("-x"))
      language_ = word == "-xnone" ? "" : word.substr(2);
    else if (word.starts_with("--output="))
      request_.output_path = word.substr(9);
    else if (word.starts_with("-o"))
      request_.output_path = word.substr(2);
    else if (word.starts_with("-l"))
      any_input_ = true, only_headers_ = false;
    else if (word.starts_with("-g") && !word.starts_with("-gcc"))
      request_.has_debug = true;
  }

  void sanitizers(std::string_view list) {
    while (!list.empty()) {
      const std::string_view one = list.substr(0, list.find(','));
      if (starts_with_any(one, {"thread", "address", "hwaddress", "memory", "leak", "dataflow"}))
        request_.sanitizer = one;
      list.remove_prefix(std::min(list.size(), one.size() + 1));
    }
  }

  const bool cxx_;
  clang_request request_;
  output_kind kind_ = output_kind::executable;
  std::string language_;  // of -x; empty: by the file's extension
  bool linked_ = true, asks_ = false, any_input_ = false, only_headers_ = true, only_files_follow_ = false;
};

}  // namespace

bool takes_value(const std::string& option) {
  return options_with_value.contains(option) || option.starts_with("-Xarch_") ||
         option.starts_with("-Xopenmp-target=");
}

std::vector<std::string> filter(const std::vector<std::string>& arguments,
                                const std::function<bool(const std::string&)>& keep) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool kept = keep(arguments[i]);
    if (kept) result.push_back(arguments[i]);
    if (!takes_value(arguments[i]) || i + 1 == arguments.size()) continue;
    ++i;
    if (kept) result.push_back(arguments[i]);
  }
  return result;
}

std::vector<std::string> split_response(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      word += text[++i];
      in_word = true;
    } else if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

clang_request understand(const std::vector<std::string>& arguments, bool cxx) {
  reader r(cxx);
  r.read(arguments, 0);
  return r.finish();
}

}  // namespace snag::cli
