// SPDX-License-Identifier: Apache-2.0
// snag-vet: reads one source as a compilation database says, and writes what the checks find as JSON. `snag
// vet` calls it once a source, so that one that crashes clang, or needs all memory, costs its own result
// alone.
#include "clang-plugin/tool/compile_arguments.h"
#include "clang-plugin/tool/findings_json.h"
#include "clang-plugin/vet/vet.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace snag::vet {
namespace {

namespace cl = llvm::cl;
cl::OptionCategory category("snag-vet");
cl::opt<std::string> database("p", cl::desc("a compile_commands.json, or its directory"),
                              cl::value_desc("path"), cl::cat(category));
cl::list<std::string> flags("flag", cl::desc("without a database: a flag for the compiler"),
                            cl::cat(category));
cl::opt<bool> print_files("print-files", cl::desc("write the database's files instead"), cl::cat(category));
cl::opt<bool> print_rules("print-rules", cl::desc("write the names of the rules instead"), cl::cat(category));
cl::list<std::string> rules("rules", cl::desc("only these"), cl::CommaSeparated, cl::cat(category));
cl::opt<bool> system_headers("system-headers", cl::desc("what system headers define, too"),
                             cl::cat(category));
cl::opt<std::string> resources("resource-directory", cl::desc("clang's own headers"), cl::cat(category));
cl::opt<std::string> headers("snag-headers", cl::desc("Snag's headers"), cl::cat(category));
cl::opt<std::string> source(cl::Positional, cl::desc("FILE"), cl::cat(category));

constexpr int could_not_read = 64, does_not_compile = 1;

class consumer : public clang::ASTConsumer {
 public:
  explicit consumer(llvm::json::Array& all) : all_(all) {}
  void HandleTranslationUnit(clang::ASTContext& context) override {
    if (context.getDiagnostics().hasUncompilableErrorOccurred()) return;
    vet_options o;
    o.rules.assign(rules.begin(), rules.end());
    o.system_headers = system_headers;
    for (llvm::json::Value& f : to_json(vet(context, o), context)) all_.push_back(std::move(f));
  }

 private:
  llvm::json::Array& all_;
};

class action : public clang::ASTFrontendAction {
 public:
  explicit action(llvm::json::Array& all) : all_(all) {}

 protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance&, llvm::StringRef) override {
    return std::make_unique<consumer>(all_);
  }

 private:
  llvm::json::Array& all_;
};

class factory : public clang::tooling::FrontendActionFactory {
 public:
  explicit factory(llvm::json::Array& all) : all_(all) {}
  std::unique_ptr<clang::FrontendAction> create() override { return std::make_unique<action>(all_); }

 private:
  llvm::json::Array& all_;
};

// LLVM's reader takes what comes before the end of a file that was cut off for all of it.
bool is_cut_off(llvm::StringRef file) {
  const auto text = llvm::MemoryBuffer::getFile(file);
  return text && !(*text)->getBuffer().rtrim().ends_with("]");
}

std::unique_ptr<clang::tooling::CompilationDatabase> load(std::string& problem) {
  using namespace clang::tooling;
  if (database.empty())
    return std::make_unique<FixedCompilationDatabase>(".",
                                                      std::vector<std::string>(flags.begin(), flags.end()));
  llvm::SmallString<256> path(database);
  if (llvm::sys::fs::is_directory(path)) llvm::sys::path::append(path, "compile_commands.json");
  if (is_cut_off(path)) {
    problem = "it is cut off: it does not end with ]";
    return nullptr;
  }
  std::unique_ptr<CompilationDatabase> found =
      JSONCompilationDatabase::loadFromFile(path, problem, JSONCommandLineSyntax::AutoDetect);
  if (found == nullptr) return nullptr;
  return inferMissingCompileCommands(expandResponseFiles(std::move(found), llvm::vfs::getRealFileSystem()));
}

void print_list(const std::vector<std::string>& words) {
  llvm::json::Array list;
  for (const std::string& word : words) list.push_back(word);
  llvm::outs() << llvm::json::Value(std::move(list)) << '\n';
}

int run() {
  if (print_rules) {
    print_list(rule_names());
    return 0;
  }
  std::string problem;
  const std::unique_ptr<clang::tooling::CompilationDatabase> commands = load(problem);
  if (commands == nullptr) {
    llvm::errs() << llvm::StringRef(problem).trim() << '\n';
    return could_not_read;
  }
  if (print_files) {
    print_list(commands->getAllFiles());
    return 0;
  }
  // (ClangTool would abort.)
  for (const clang::tooling::CompileCommand& command : commands->getCompileCommands(source)) {
    if (llvm::sys::fs::is_directory(command.Directory)) continue;
    llvm::errs() << "it is compiled in " << command.Directory << ", which is not there\n";
    return does_not_compile;
  }
  clang::tooling::ClangTool tool(*commands, {source});
  const surroundings around{resources, headers};
  const auto adjusted = [&](const clang::tooling::CommandLineArguments& command, llvm::StringRef) {
    return arguments_for_clang(command, around);
  };
  tool.clearArgumentsAdjusters();
  tool.appendArgumentsAdjuster(adjusted);
  tool.setPrintErrorMessage(false);
  llvm::json::Array all;
  factory made(all);
  const int status = tool.run(&made);
  llvm::outs() << llvm::json::Value(std::move(all)) << '\n';
  if (status == 2) {
    llvm::errs() << "no command for this file is in the database\n";
    return could_not_read;
  }
  return status == 0 ? 0 : does_not_compile;
}

}  // namespace
}  // namespace snag::vet

int main(int argc, const char** argv) {
  llvm::cl::HideUnrelatedOptions(snag::vet::category);
  llvm::cl::ParseCommandLineOptions(argc, argv, "What `snag vet` runs, once for each source.\n");
  return snag::vet::run();
}
