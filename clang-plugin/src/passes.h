// SPDX-License-Identifier: Apache-2.0
#pragma once
// The IR half's passes and where they run.
#include <memory>

namespace llvm {
class PassBuilder;
}

namespace snag::plugin {
struct compilation;
void register_passes(llvm::PassBuilder&, std::shared_ptr<compilation>);
}  // namespace snag::plugin
