// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/redundant_checks.h"

#include "clang-plugin/src/address_root.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

namespace snag::plugin {
namespace {

constexpr std::size_t most_remembered = 64;  // keeps long blocks linear

struct bytes {
  const llvm::Value* base;
  std::int64_t first;
  std::uint64_t size;
  bool covers(const bytes& other) const {
    return base == other.base && first <= other.first &&
           other.first + static_cast<std::int64_t>(other.size) <= first + static_cast<std::int64_t>(size);
  }
};

bytes bytes_of(const access& a) {
  const llvm::DataLayout& layout = a.at->getModule()->getDataLayout();
  llvm::APInt offset(layout.getIndexTypeSizeInBits(a.pointer->getType()), 0);
  const llvm::Value* base = a.pointer->stripAndAccumulateConstantOffsets(layout, offset, true);
  return {base, offset.getSExtValue(), a.size};
}

bool comparable(const access& a) { return !a.has_lane() && a.length == nullptr && a.vtable == nullptr; }

bool ends_span(const llvm::Instruction& i) {
  if (i.isAtomic()) return true;
  return llvm::isa<llvm::CallBase>(i) && !llvm::isa<llvm::IntrinsicInst>(i);
}

bool same_line(const llvm::Instruction& a, const llvm::Instruction& b) {
  const llvm::DILocation *first = a.getDebugLoc().get(), *second = b.getDebugLoc().get();
  return first != nullptr && second != nullptr && first->getScope() == second->getScope() &&
         first->getLine() == second->getLine();
}

class span {
 public:
  explicit span(llvm::SmallVectorImpl<access>& accesses)
      : accesses_(accesses), dropped_(accesses.size(), false) {}

  void visit(std::size_t index) {
    access& a = accesses_[index];
    if (!comparable(a)) return;
    const bytes here = bytes_of(a);
    for (const auto& [other, where] : kept_) {
      access& before = accesses_[other];
      if (where.covers(here) && (before.write || !a.write)) {
        dropped_[index] = true;
        return;
      }
    }
    if (a.write)
      llvm::erase_if(kept_, [&](const auto& entry) {
        const auto& [other, where] = entry;
        if (accesses_[other].write || !here.covers(where)) return false;
        dropped_[other] = true;
        a.read_before |= same_line(*accesses_[other].at, *a.at);
        return true;
      });
    if (kept_.size() == most_remembered) kept_.erase(kept_.begin());
    kept_.emplace_back(index, here);
  }

  void end() { kept_.clear(); }
  bool dropped(std::size_t index) const { return dropped_[index]; }

 private:
  llvm::SmallVectorImpl<access>& accesses_;
  std::vector<bool> dropped_;
  llvm::SmallVector<std::pair<std::size_t, bytes>, 8> kept_;
};

}  // namespace

void drop_redundant_checks(llvm::SmallVectorImpl<access>& accesses) {
  span current(accesses);
  const llvm::BasicBlock* block = nullptr;
  for (std::size_t first = 0; first < accesses.size();) {
    block = accesses[first].at->getParent();
    current.end();
    std::size_t next = first;
    for (const llvm::Instruction& i : *block) {
      if (ends_span(i)) current.end();
      for (; next < accesses.size() && accesses[next].at == &i; ++next) current.visit(next);
    }
    if (next == first) ++next;
    first = next;
  }
  std::size_t kept = 0;
  for (std::size_t k = 0; k < accesses.size(); ++k)
    if (!current.dropped(k)) accesses[kept++] = accesses[k];
  accesses.truncate(kept);
}

}  // namespace snag::plugin
