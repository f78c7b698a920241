// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/access_names.h"

#include "clang-plugin/src/address_root.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Metadata.h"

namespace snag::plugin {
namespace {

constexpr const char* metadata_read = "snag.read";
constexpr const char* metadata_write = "snag.write";

std::uint64_t place_key(const llvm::DILocation& l, bool write) {
  return (std::uint64_t{l.getLine()} << 32) | (std::uint64_t{l.getColumn()} << 1) | (write ? 1 : 0);
}

// What all candidates say in common.
access_names agreement(llvm::ArrayRef<access_names> candidates) {
  if (candidates.empty()) return {};
  access_names common = candidates.front();
  for (const access_names& other : candidates.drop_front()) {
    if (common.expression != other.expression) common.expression = {};
    if (common.variable != other.variable) common.variable = {};
    if (common.type != other.type) common.type = {};
    if (common.declaration != other.declaration) common.declaration = {};
    if (common.capture != other.capture) common.capture = {};
    if (common.path != other.path) common.path = {};
    common.ignored &= other.ignored;
  }
  return common;
}

// Keeps the entries that satisfy the predicate, unless none does.
template <class T, class Predicate>
void prefer(llvm::SmallVectorImpl<T>& list, Predicate matches) {
  if (llvm::any_of(list, matches)) llvm::erase_if(list, [&](const T& t) { return !matches(t); });
}

// The load of a pointer that the next step of the address follows: perhaps the pointer behind a reference.
bool leads_on(const llvm::Instruction& i) {
  const auto* load = llvm::dyn_cast<llvm::LoadInst>(&i);
  if (load == nullptr || !load->getType()->isPointerTy()) return false;
  for (const llvm::User* user : load->users())
    if (llvm::getLoadStorePointerOperand(user) == load || llvm::isa<llvm::GetElementPtrInst>(user))
      return true;
  return false;
}

// Writing a bit-field reads the storage it shares with its neighbours.
bool prepares_store(const llvm::Instruction& i, const llvm::Value& pointer) {
  if (!llvm::isa<llvm::LoadInst>(i)) return false;
  return llvm::any_of(pointer.users(), [&](const llvm::User* user) {
    const auto* store = llvm::dyn_cast<llvm::StoreInst>(user);
    return store != nullptr && store->getPointerOperand() == &pointer &&
           store->getDebugLoc() == i.getDebugLoc();
  });
}

const source_field* field_at(const source_record& record, std::uint64_t offset, std::uint64_t size) {
  const source_field* best = nullptr;
  for (const source_field& f : record) {
    if (offset < f.offset || offset + size > f.offset + f.size) continue;
    if (best == nullptr || f.size <= best->size) best = &f;
  }
  return best;
}

}  // namespace

void access_naming::settle(llvm::Function& f) {
  const source_function* source = functions_.of(f).source;
  llvm::SmallVector<access, 4> accesses;
  for (llvm::BasicBlock& block : f)
    for (llvm::Instruction& i : block) {
      if (is_atomic_operation(i)) {
        llvm::Value* pointer = atomic_pointer(i);
        if (pointer == nullptr) continue;
        const bool write = !llvm::isa<llvm::LoadInst>(i);
        keep(i, choose(i, *pointer, atomic_size(i), write, true), atomic_size(i), write);
        continue;
      }
      accesses.clear();
      find_accesses(i, source != nullptr && source->takes_vtt, accesses);
      for (const access& a : accesses)
        if (a.vtable != nullptr || loads_vtable_pointer(i))
          keep(i, vtable_pointer(), a.size, a.write);
        else if (!a.has_lane())
          keep(i, choose(i, *a.pointer, a.size, a.write, true), a.size, a.write);
    }
}

access_names access_naming::vtable_pointer() {
  access_names names;
  names.variable = sources_.text.save("vtable pointer");
  return names;
}

void access_naming::keep(llvm::Instruction& i, const access_names& names, std::uint64_t size, bool write) {
  if (names.empty()) return;
  const unsigned index = index_of(names);
  llvm::LLVMContext& context = i.getContext();
  llvm::Metadata* number =
      llvm::ConstantAsMetadata::get(llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), index));
  llvm::DILocation* location = i.getDebugLoc().get();
  i.setMetadata(write ? metadata_write : metadata_read, llvm::MDNode::get(context, {number, location}));
  if (location == nullptr || location->getLine() == 0) return;
  auto& list = by_place_[{location->getScope()->getSubprogram(), place_key(*location, write)}];
  if (llvm::none_of(list, [&](const settled& s) { return s.index == index && s.size == size; }))
    list.push_back({index, size});
}

void access_naming::drop_notes(llvm::Module& module) {
  for (llvm::Function& f : module)
    for (llvm::Instruction& i : llvm::instructions(f)) {
      if (!i.hasMetadataOtherThanDebugLoc()) continue;
      i.setMetadata(metadata_read, nullptr);
      i.setMetadata(metadata_write, nullptr);
    }
}

unsigned access_naming::index_of(const access_names& n) {
  const std::array<const char*, 6> key{n.expression.data(),  n.variable.data(), n.type.data(),
                                       n.declaration.data(), n.capture.data(),  n.path.data()};
  const auto [entry, added] = indices_.try_emplace(key, static_cast<unsigned>(all_.size()));
  if (added) all_.push_back(n);
  return entry->second;
}

access_names access_naming::choose(const llvm::Instruction& i, const llvm::Value& pointer, std::uint64_t size,
                                   bool write, bool settling) {
  const llvm::DILocation* location = i.getDebugLoc().get();
  llvm::SmallVector<const source_access*, 8> candidates;
  if (location != nullptr && location->getLine() != 0) {
    const function_facts& function = functions_.at(i);
    if (function.source != nullptr)
      for (const source_access& a : function.source->accesses_at(location->getLine(), location->getColumn()))
        candidates.push_back(&a);
    else
      llvm::append_range(candidates, sources_.accesses_anywhere(functions_.file_of(location->getFile()),
                                                                location->getLine(), location->getColumn()));
  }
  const address_root root = root_of(&pointer, i.getModule()->getDataLayout());
  const access_names by_address = from_address(i, pointer, size);

  const bool any_direction = prepares_store(i, pointer);
  llvm::erase_if(candidates, [&](const source_access* a) { return a->write != write && !any_direction; });
  prefer(candidates, [&](const source_access* a) { return a->write == write; });
  if (settling) {
    const int depth = load_depth(&pointer);
    prefer(candidates, [&](const source_access* a) { return a->depth == depth; });
    const bool reference = leads_on(i);
    prefer(candidates, [&](const source_access* a) { return a->reference == reference; });
  } else {
    llvm::erase_if(candidates, [](const source_access* a) { return a->reference; });
  }
  if (size != 0) prefer(candidates, [&](const source_access* a) { return a->size == size; });
  if (root.offset != unknown_offset)
    prefer(candidates, [&](const source_access* a) { return a->offset == root.offset; });
  if (!by_address.variable.empty())
    prefer(candidates, [&](const source_access* a) { return a->names.variable == by_address.variable; });

  llvm::SmallVector<access_names, 8> names;
  for (const source_access* a : candidates) names.push_back(a->names);
  const access_names common = agreement(names);
  return common.empty() ? by_address : common;
}

access_names access_naming::from_address(const llvm::Instruction& i, const llvm::Value& pointer,
                                         std::uint64_t size) {
  const llvm::DataLayout& layout = i.getModule()->getDataLayout();
  const address_root root = root_of(&pointer, layout);
  if (const llvm::GlobalVariable* global = root.global()) {
    if (const access_names* known = sources_.find_global(global->getName())) return *known;
    if (global->getName().starts_with("_ZG") || global->getName().starts_with("_ZT")) return {};
    access_names names;
    if (global->hasName() && !global->getName().starts_with("."))
      names.variable = names.expression =
          sources_.text.save(llvm::demangle(without_part_number(global->getName())));
    return names;
  }
  const function_facts& function = functions_.of(*i.getFunction());
  if (function.source == nullptr) return {};
  if (const llvm::AllocaInst* local = root.local()) {
    llvm::StringRef name = local->getName();
    name.consume_back(".addr");
    const auto known = function.source->locals.find(name);
    return known == function.source->locals.end() ? access_names() : known->second.names;
  }
  const source_record* self = function.source->self;
  const llvm::Argument* this_argument = self_argument(*i.getFunction());
  if (self == nullptr || this_argument == nullptr) return {};
  address_root through = root;
  bool followed = false;
  if (const llvm::LoadInst* load = root.loaded()) {
    through = root_of(load->getPointerOperand(), layout);
    followed = true;
  }
  if (through.start != this_argument || through.offset == unknown_offset || through.offset < 0) return {};
  const source_field* field = field_at(*self, static_cast<std::uint64_t>(through.offset),
                                       followed ? 8 : std::max<std::uint64_t>(size, 1));
  if (field == nullptr || followed != field->reference) return {};
  return field->names;
}

namespace {

// A line that stands where `like` does: what was merged still knows its function.
const llvm::DILocation* line_of(const llvm::Value* v, const llvm::DILocation* like) {
  const auto* i = llvm::dyn_cast<llvm::Instruction>(v);
  const llvm::DILocation* at = i == nullptr ? nullptr : i->getDebugLoc().get();
  if (at == nullptr || at->getLine() == 0) return nullptr;
  if (like != nullptr && (at->getScope()->getSubprogram() != like->getScope()->getSubprogram() ||
                          at->getInlinedAt() != like->getInlinedAt()))
    return nullptr;
  return at;
}

bool is_call(const llvm::Instruction& i) {
  return llvm::isa<llvm::CallBase>(i) && !llvm::isa<llvm::IntrinsicInst>(i);
}

// For an access or a call that optimisation made of several or moved: where its value is used or made, else
// its neighbours. The line is right or close; a column would pretend to more.
const llvm::DILocation* likely_location(const llvm::Instruction& i) {
  const llvm::DILocation* like = i.getDebugLoc().get();
  llvm::SmallVector<const llvm::Value*, 8> candidates;
  if (!llvm::isa<llvm::StoreInst>(i)) {
    for (const llvm::User* user : i.users()) candidates.push_back(user);
  } else if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(&i)) {
    candidates.push_back(store->getValueOperand());
  }
  for (std::size_t k = 0; k < candidates.size() && k < 16; ++k) {
    if (const llvm::DILocation* at = line_of(candidates[k], like)) return at;
    if (const auto* phi = llvm::dyn_cast<llvm::PHINode>(candidates[k])) {
      if (!llvm::isa<llvm::StoreInst>(i))
        candidates.append(phi->user_begin(), phi->user_end());
      else
        candidates.append(phi->incoming_values().begin(), phi->incoming_values().end());
    }
  }
  for (const llvm::Instruction* before = i.getPrevNonDebugInstruction(); before != nullptr;
       before = before->getPrevNonDebugInstruction())
    if (const llvm::DILocation* at = line_of(before, like)) return at;
  for (const llvm::Instruction* after = i.getNextNonDebugInstruction(); after != nullptr;
       after = after->getNextNonDebugInstruction())
    if (const llvm::DILocation* at = line_of(after, like)) return at;
  for (const llvm::Instruction& other : llvm::instructions(*i.getFunction()))
    if (const llvm::DILocation* at = line_of(&other, like)) return at;
  return nullptr;
}

}  // namespace

void access_naming::restore_locations(llvm::Function& f) const {
  llvm::SmallVector<std::pair<llvm::Instruction*, const llvm::DILocation*>, 8> lost;
  llvm::SmallVector<std::pair<llvm::Instruction*, const llvm::DILocation*>, 8> guessed;
  // Where each inlined function was inlined; null if in several places.
  llvm::DenseMap<const llvm::DISubprogram*, llvm::DILocation*> inlined;
  for (llvm::BasicBlock& block : f)
    for (llvm::Instruction& i : block) {
      if (const llvm::DILocation* here = i.getDebugLoc().get(); here != nullptr && here->getLine() != 0) {
        const auto [entry, added] =
            inlined.try_emplace(here->getScope()->getSubprogram(), here->getInlinedAt());
        if (!added && entry->second != here->getInlinedAt()) entry->second = nullptr;
        continue;
      }
      const llvm::MDNode* node = i.getMetadata(metadata_write);
      if (node == nullptr) node = i.getMetadata(metadata_read);
      if (node == nullptr) {
        if (is_call(i) || llvm::isa<llvm::LoadInst, llvm::StoreInst>(i))
          if (const llvm::DILocation* at = likely_location(i)) guessed.emplace_back(&i, at);
        continue;
      }
      if (const auto* first = llvm::dyn_cast_or_null<llvm::DILocation>(node->getOperand(1).get()))
        lost.emplace_back(&i, first);
    }
  for (const auto& [i, at] : guessed)
    i->setDebugLoc(
        llvm::DILocation::get(f.getContext(), at->getLine(), 0, at->getScope(), at->getInlinedAt()));
  for (const auto& [i, first] : lost) {
    const llvm::DISubprogram* scope = first->getScope()->getSubprogram();
    if (f.getSubprogram() == nullptr) continue;
    llvm::DILocation* at = scope == f.getSubprogram() ? nullptr : inlined.lookup(scope);
    // Nothing else is left of that call: it was made somewhere in this function.
    if (scope != f.getSubprogram() && at == nullptr)
      at = llvm::DILocation::getDistinct(f.getContext(), 0, 0, f.getSubprogram());
    i->setDebugLoc(
        llvm::DILocation::get(f.getContext(), first->getLine(), first->getColumn(), first->getScope(), at));
  }
}

access_names access_naming::names_of(const llvm::Instruction& i, const llvm::Value& pointer,
                                     std::uint64_t size, bool write) {
  if (const llvm::MDNode* node = i.getMetadata(write ? metadata_write : metadata_read))
    return all_[llvm::mdconst::extract<llvm::ConstantInt>(node->getOperand(0))->getZExtValue()];
  const llvm::DILocation* location = i.getDebugLoc().get();
  if (location != nullptr && location->getLine() != 0) {
    const auto found = by_place_.find({location->getScope()->getSubprogram(), place_key(*location, write)});
    if (found != by_place_.end()) {
      llvm::SmallVector<settled, 4> list(found->second.begin(), found->second.end());
      if (size != 0) prefer(list, [&](const settled& s) { return s.size == size; });
      llvm::SmallVector<access_names, 4> names;
      for (const settled& s : list) names.push_back(all_[s.index]);
      const access_names common = agreement(names);
      if (!common.empty()) return common;
    }
  }
  return choose(i, pointer, size, write, false);
}

local_variable access_naming::local(const llvm::Instruction& end, const llvm::AllocaInst& variable) {
  const function_facts& function = functions_.at(end);
  if (function.source == nullptr) return {};
  const auto& locals = function.source->locals;
  llvm::StringRef name = variable.getName();
  while (name.ends_with(".i")) name = name.drop_back(2);  // once for each time it was inlined
  for (llvm::StringRef candidate : {name, name.rtrim("0123456789")}) {
    candidate.consume_back(".addr");
    while (candidate.ends_with(".i")) candidate = candidate.drop_back(2);
    if (const auto known = locals.find(candidate); known != locals.end()) return known->second;
  }
  return {};
}

source_call access_naming::call_at(const llvm::DILocation* location, llvm::StringRef callee) {
  if (location == nullptr || location->getLine() == 0) return {};
  const llvm::DISubprogram* scope = location->getScope()->getSubprogram();
  const source_function* source = scope == nullptr ? nullptr : functions_.of(*scope).source;
  return source == nullptr ? source_call()
                           : source->call_at(location->getLine(), location->getColumn(), callee);
}

}  // namespace snag::plugin
