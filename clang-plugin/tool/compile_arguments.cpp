// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/tool/compile_arguments.h"

#include "clang/Driver/Options.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Regex.h"

namespace snag::vet {
namespace {

namespace options = clang::driver::options;

// What changes neither which text is read nor what it means.
bool is_left_out(const llvm::opt::Arg& a) {
  const llvm::opt::Option o = a.getOption();
  if (o.getKind() == llvm::opt::Option::UnknownClass) return true;
  for (const unsigned group :
       {unsigned(options::OPT_M_Group), unsigned(options::OPT_W_Group), unsigned(options::OPT_R_Group),
        unsigned(options::OPT_g_Group), unsigned(options::OPT_Link_Group),
        unsigned(options::OPT_clang_ignored_gcc_optimization_f_Group),
        unsigned(options::OPT_clang_ignored_f_Group), unsigned(options::OPT_clang_ignored_m_Group)})
    if (o.matches(group)) return true;
  switch (o.getID()) {
    case options::OPT_o:
    case options::OPT_c:
    case options::OPT_S:
    case options::OPT_E:
    case options::OPT_fplugin_EQ:
    case options::OPT_fplugin_arg:
    case options::OPT_fpass_plugin_EQ:
    case options::OPT_load:
    case options::OPT_fsanitize_EQ:
    case options::OPT_fno_sanitize_EQ:
    case options::OPT_fsanitize_recover_EQ:
    case options::OPT_fno_sanitize_recover_EQ:
    case options::OPT_save_temps:
    case options::OPT_save_temps_EQ:
    case options::OPT_flto:
    case options::OPT_flto_EQ:
    case options::OPT_fprofile_use_EQ:
    case options::OPT_fprofile_instr_use_EQ:
    case options::OPT_fcolor_diagnostics:
    case options::OPT_fdiagnostics_color_EQ:
    case options::OPT_pedantic_errors:
    case options::OPT_w:
      return true;
    default:
      return false;
  }
}

// -race stands for a plugin that is ours; -Xclang's words come in pairs, and a precompiled header is for one
// compiler.
std::vector<std::string> without_pairs(const std::vector<std::string>& command) {
  std::vector<std::string> result;
  for (std::size_t i = 1; i < command.size(); ++i) {
    const std::string& word = command[i];
    if (word == "-race" || word == "--race" || word == "-deadlock" || word == "--deadlock") continue;
    if (word == "-Xclang" && i + 1 < command.size()) {
      const std::string& next = command[i + 1];
      const bool has_value =
          next == "-include-pch" || next == "-load" || next == "-add-plugin" || next == "-plugin";
      if (has_value || llvm::StringRef(next).starts_with("-plugin-arg-") || next == "-fno-pch-timestamp" ||
          next == "-emit-pch") {
        i += has_value && i + 3 < command.size() ? 3 : 1;
        continue;
      }
    }
    if (word == "-Winvalid-pch") continue;
    result.push_back(word);
  }
  return result;
}

std::string first_line_of(const std::string& compiler, llvm::StringRef option) {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName(compiler);
  llvm::SmallString<64> output;
  int descriptor = -1;
  if (!program || llvm::sys::fs::createTemporaryFile("snag-vet", "txt", descriptor, output)) return {};
  llvm::sys::fs::file_t file = llvm::sys::fs::convertFDToNativeFile(descriptor);
  llvm::sys::fs::closeFile(file);
  const std::optional<llvm::StringRef> streams[] = {llvm::StringRef(), output.str(), llvm::StringRef()};
  const int status =
      llvm::sys::ExecuteAndWait(*program, {*program, option}, std::nullopt, streams, /*SecondsToWait=*/10);
  std::string line;
  if (status == 0)
    if (auto text = llvm::MemoryBuffer::getFile(output))
      line = (*text)->getBuffer().split('\n').first.trim().str();
  llvm::sys::fs::remove(output);
  return line;
}

// The headers of that GCC's own version, and of its target.
void add_installation_of_gcc(const std::string& compiler, std::vector<std::string>& result) {
  const std::string library = first_line_of(compiler, "-print-libgcc-file-name");
  const llvm::StringRef directory = llvm::sys::path::parent_path(library);
  llvm::SmallString<128> begin(directory);
  llvm::sys::path::append(begin, "crtbegin.o");
  if (!directory.contains("/gcc/") || !llvm::sys::fs::exists(begin)) return;
  result.push_back("--gcc-install-dir=" + directory.str());
  const std::string machine = first_line_of(compiler, "-dumpmachine");
  if (!machine.empty() && machine.find("x86_64") == std::string::npos)
    result.push_back("--target=" + machine);
}

}  // namespace

bool may_be_gcc(const std::string& compiler) {
  return llvm::Regex("^(.*-)?(g\\+\\+|gcc|c\\+\\+|cc)(-[0-9.]+)?$")
             .match(llvm::sys::path::filename(compiler)) &&
         !llvm::StringRef(compiler).contains("clang") && !llvm::StringRef(compiler).contains("snag");
}

std::vector<std::string> arguments_for_clang(const std::vector<std::string>& command,
                                             const surroundings& around) {
  if (command.empty()) return {};
  const std::string& compiler = command.front();
  const bool cxx = llvm::sys::path::filename(compiler).contains("++");
  std::vector<std::string> result{cxx ? "clang++" : "clang"};

  const std::vector<std::string> words = without_pairs(command);
  std::vector<const char*> pointers;
  for (const std::string& word : words) pointers.push_back(word.c_str());
  unsigned missing_index = 0, missing_count = 0;
  const llvm::opt::InputArgList parsed = clang::driver::getDriverOptTable().ParseArgs(
      pointers, missing_index, missing_count, llvm::opt::Visibility(options::ClangOption));
  bool has_target = false;
  for (const llvm::opt::Arg* a : parsed) {
    if (is_left_out(*a)) continue;
    has_target = has_target || a->getOption().matches(options::OPT_target);
    llvm::opt::ArgStringList text;
    a->render(parsed, text);
    result.insert(result.end(), text.begin(), text.end());
  }
  std::vector<std::string> ours{"-w", "-fsyntax-only"};
  if (!around.resource_directory.empty())
    ours.insert(ours.end(), {"-resource-dir", around.resource_directory});
  if (!around.snag_headers.empty()) ours.insert(ours.end(), {"-idirafter", around.snag_headers});
  if (may_be_gcc(compiler) && !has_target) add_installation_of_gcc(compiler, ours);
  result.insert(result.begin() + 1, ours.begin(), ours.end());
  return result;
}

}  // namespace snag::vet
