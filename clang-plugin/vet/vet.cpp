// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/vet.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/function_view.h"
#include "clang-plugin/vet/nolint.h"
#include "clang-plugin/vet/user_code.h"
#include "llvm/ADT/StringRef.h"

namespace snag::vet {
namespace {

constexpr std::array table = {
    check{"reference-outlives-variable", check_outlived_references},
    check{"race-with-goroutine", check_races_with_goroutines},
    check{"add-inside-goroutine", check_adds_in_goroutines},
    check{"lock-not-released lock-held-already", check_unreleased_locks},
    check{"lock-held-across-wait", check_locks_across_waits},
    check{"mutex-not-shared", check_unshared_mutexes},
    check{"close-after-close send-after-close", check_closed_channels},
    check{"receiver-closes", check_closing_receivers},
    check{"cancel-dropped", check_dropped_cancels},
    check{"primitive-copied", check_copied_primitives},
    check{"thread-unsafe-call", check_thread_unsafe_calls},
};

llvm::SmallVector<llvm::StringRef, 2> words(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef, 2> result;
  text.split(result, ' ');
  return result;
}

}  // namespace

std::span<const check> checks() { return table; }

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const check& c : table)
    for (const llvm::StringRef name : words(c.rules)) names.push_back(name.str());
  return names;
}

findings vet(clang::ASTContext& context, const vet_options& options) {
  const auto is_wanted = [&](llvm::StringRef rule) {
    return options.rules.empty() ||
           std::find(options.rules.begin(), options.rules.end(), rule) != options.rules.end();
  };
  std::vector<const check*> wanted;
  for (const check& c : table)
    if (llvm::any_of(words(c.rules), is_wanted)) wanted.push_back(&c);

  findings all;
  effects e(context);
  for_each_user_function(context, options.system_headers, [&](const user_function& f) {
    function_view view(context, *f.function, *f.body, e, f.has);
    for (const check* c : wanted) c->run(view, all);
  });

  const clang::SourceManager& sources = context.getSourceManager();
  nolint exempt(sources);
  std::erase_if(all, [&](const finding& f) {
    return !is_wanted(f.rule) || f.place.isInvalid() || exempt.exempts(f.place, f.rule);
  });
  llvm::sort(all, [&](const finding& a, const finding& b) {
    const clang::SourceLocation left = sources.getExpansionLoc(a.place),
                                right = sources.getExpansionLoc(b.place);
    if (left != right) return sources.isBeforeInTranslationUnit(left, right);
    return std::pair(std::string_view(a.rule), std::string_view(a.message)) <
           std::pair(std::string_view(b.rule), std::string_view(b.message));
  });
  std::set<std::tuple<unsigned, std::string_view, std::string>> told;
  std::erase_if(all, [&](const finding& f) {
    return !told.emplace(f.place.getRawEncoding(), f.rule, f.message).second;
  });
  return all;
}

}  // namespace snag::vet
