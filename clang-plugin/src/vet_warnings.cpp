// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/vet_warnings.h"

#include "clang-plugin/vet/vet.h"
#include "clang/Basic/Diagnostic.h"

namespace snag::plugin {

void warn_of_findings(clang::ASTContext& context, bool as_errors) {
  clang::DiagnosticsEngine& diagnostics = context.getDiagnostics();
  if (diagnostics.getIgnoreAllWarnings()) return;
  const unsigned warning =
      as_errors ? diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Error, "%0 [snag-%1]")
                : diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Warning, "%0 [snag-%1]");
  const unsigned note = diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Note, "%0");
  for (const vet::finding& f : vet::vet(context, {})) {
    {
      const clang::DiagnosticBuilder report = diagnostics.Report(f.place, warning) << f.message << f.rule;
      for (const clang::FixItHint& edit : f.edits) report << edit;
    }
    for (const vet::note& n : f.notes) diagnostics.Report(n.place, note) << n.text;
  }
}

}  // namespace snag::plugin
