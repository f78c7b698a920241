// SPDX-License-Identifier: Apache-2.0
// The plugin's entry: one -fplugin= flag gives both halves. The AST half runs before code generation and
// registers the IR half's passes with the code generator of the same translation unit.
#include "clang-plugin/src/compilation.h"
#include "clang-plugin/src/passes.h"
#include "clang-plugin/src/source_collector.h"
#include "clang-plugin/src/vet_warnings.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/TargetInfo.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/Support/CommandLine.h"

namespace snag::plugin {
namespace {

// While the source is read, __has_feature(thread_sanitizer) is true: code that annotates itself does so, and
// the detector understands it. The code generator, which comes after us, must not add ThreadSanitizer's pass.
void annotated_for_thread_sanitizer(clang::LangOptions& language, bool yes) {
  language.Sanitize.set(clang::SanitizerKind::Thread, yes);
}

// For programs that are not instrumented, such as those built with -deadlock.
class vetting_consumer : public clang::ASTConsumer {
 public:
  explicit vetting_consumer(bool as_errors) : as_errors_(as_errors) {}
  void HandleTranslationUnit(clang::ASTContext& context) override {
    if (!context.getDiagnostics().hasErrorOccurred()) warn_of_findings(context, as_errors_);
  }

 private:
  const bool as_errors_;
};

class collecting_consumer : public clang::ASTConsumer {
 public:
  collecting_consumer(std::shared_ptr<compilation> c, clang::LangOptions& language)
      : compilation_(std::move(c)), language_(language) {
    annotated_for_thread_sanitizer(language_, true);
  }
  void HandleTranslationUnit(clang::ASTContext& context) override {
    annotated_for_thread_sanitizer(language_, false);
    if (context.getDiagnostics().hasErrorOccurred()) return;
    if (compilation_->opts.vet) warn_of_findings(context, compilation_->opts.vet_errors);
    source_collector(context, compilation_->sources).collect();
  }

 private:
  std::shared_ptr<compilation> compilation_;
  clang::LangOptions& language_;
};

// libstdc++ declares std::string's members extern before C++20 unless its macro is -1, and defines that to 1:
// so the definition is replaced as soon as it stands.
class string_template_watch : public clang::PPCallbacks {
 public:
  explicit string_template_watch(clang::Preprocessor& p) : preprocessor_(p) {}
  void MacroDefined(const clang::Token& name, const clang::MacroDirective*) override {
    if (!name.getIdentifierInfo()->isStr("_GLIBCXX_EXTERN_TEMPLATE")) return;
    clang::MacroInfo* const not_strings =
        preprocessor_.getMacroInfo(preprocessor_.getIdentifierInfo("__SNAG_EXTERN_TEMPLATE"));
    if (not_strings != nullptr) preprocessor_.appendDefMacroDirective(name.getIdentifierInfo(), not_strings);
  }

 private:
  clang::Preprocessor& preprocessor_;
};

// What the standard libraries would keep of std::string in their shared objects, where the plugin does not
// see it, is compiled in the program instead. libc++ has a list of those members in a header of its own.
void instantiate_strings_here(clang::Preprocessor& preprocessor) {
  preprocessor.setPredefines(preprocessor.getPredefines() + R"(
#define __SNAG_EXTERN_TEMPLATE -1
#define _LIBCPP___STRING_EXTERN_TEMPLATE_LISTS_H
#define _LIBCPP_STRING_V1_EXTERN_TEMPLATE_LIST(...)
#define _LIBCPP_STRING_UNSTABLE_EXTERN_TEMPLATE_LIST(...)
)");
  preprocessor.addPPCallbacks(std::make_unique<string_template_watch>(preprocessor));
}

bool generates_code(const clang::CompilerInstance& compiler) {
  switch (compiler.getFrontendOpts().ProgramAction) {
    case clang::frontend::EmitAssembly:
    case clang::frontend::EmitBC:
    case clang::frontend::EmitLLVM:
    case clang::frontend::EmitLLVMOnly:
    case clang::frontend::EmitCodeGenOnly:
    case clang::frontend::EmitObj:
      return true;
    default:
      return false;
  }
}

// Tells SimplifyCFG not to make one access of two in different branches: it would have the place and the name
// of neither, or those of the code around both. Options given with -mllvm stay as they are.
void keep_accesses_of_branches_apart() {
  llvm::StringMap<llvm::cl::Option*>& registered = llvm::cl::getRegisteredOptions();
  for (const llvm::StringRef name : {"sink-common-insts", "hoist-common-insts"}) {
    const auto found = registered.find(name);
    if (found != registered.end() && found->second->getNumOccurrences() == 0)
      found->second->addOccurrence(0, name, "false");
  }
}

void report(clang::CompilerInstance& compiler, llvm::StringRef message) {
  clang::DiagnosticsEngine& diagnostics = compiler.getDiagnostics();
  diagnostics.Report(diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Error, "%0")) << message;
}

bool supported(clang::CompilerInstance& compiler) {
  const llvm::Triple& target = compiler.getTarget().getTriple();
  if (target.getArch() != llvm::Triple::x86_64 || !target.isOSLinux()) {
    report(compiler, "snag plugin: only x86-64 Linux is supported, not " + target.str());
    return false;
  }
  if (compiler.getLangOpts().Sanitize.hasOneOf(clang::SanitizerKind::Thread | clang::SanitizerKind::Address |
                                               clang::SanitizerKind::Memory |
                                               clang::SanitizerKind::HWAddress)) {
    report(compiler, "snag plugin: cannot be combined with -fsanitize=thread, address, hwaddress or memory");
    return false;
  }
  if (compiler.getCodeGenOpts().DisableLLVMPasses) {
    report(
        compiler,
        "snag plugin: cannot be combined with -save-temps, which has the source read by one process and the "
        "code made by another; -E, -S and -emit-llvm write one such file each");
    return false;
  }
  return true;
}

class snag_action : public clang::PluginASTAction {
 protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler,
                                                        llvm::StringRef) override {
    const bool precompiles = compiler.getFrontendOpts().ProgramAction == clang::frontend::GeneratePCH;
    if (options_.enabled && options_.only_vets && options_.vet)
      return std::make_unique<vetting_consumer>(options_.vet_errors);
    if (!options_.enabled || options_.only_vets || !(precompiles || generates_code(compiler)) ||
        !supported(compiler))
      return std::make_unique<clang::ASTConsumer>();
    if (precompiles) {  // as the sources that include it will be read
      annotated_for_thread_sanitizer(compiler.getLangOpts(), true);
      instantiate_strings_here(compiler.getPreprocessor());
      return std::make_unique<clang::ASTConsumer>();
    }
    auto state = std::make_shared<compilation>(options_);
    keep_accesses_of_branches_apart();
    instantiate_strings_here(compiler.getPreprocessor());
    compiler.getCodeGenOpts().SanitizeAddressUseAfterScope = true;  // lifetime markers at -O0 (scope_ends.h)
    compiler.getCodeGenOpts().PassBuilderCallbacks.push_back(
        [state](llvm::PassBuilder& passes) { register_passes(passes, state); });
    return std::make_unique<collecting_consumer>(state, compiler.getLangOpts());
  }

  bool ParseArgs(const clang::CompilerInstance& compiler,
                 const std::vector<std::string>& arguments) override {
    for (const std::string& argument : arguments) {
      const std::string problem = parse_argument(argument, options_);
      if (problem.empty()) continue;
      report(const_cast<clang::CompilerInstance&>(compiler), problem);
      return false;
    }
    return true;
  }

  ActionType getActionType() override { return AddBeforeMainAction; }

 private:
  options options_;
};

const clang::FrontendPluginRegistry::Add<snag_action> registration(
    "snag", "Snag's race and deadlock instrumentation");

}  // namespace
}  // namespace snag::plugin
