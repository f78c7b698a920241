// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/instrument_pass.h"

#include "clang-plugin/src/atomic_lowering.h"
#include "clang-plugin/src/c_library.h"
#include "clang-plugin/src/check_placement.h"
#include "clang-plugin/src/frames.h"
#include "clang-plugin/src/inline_check.h"
#include "clang-plugin/src/library_objects.h"
#include "clang-plugin/src/library_repairs.h"
#include "clang-plugin/src/loop_ranges.h"
#include "clang-plugin/src/passes.h"
#include "clang-plugin/src/redundant_checks.h"
#include "clang-plugin/src/scope_ends.h"
#include "clang-plugin/src/sharing.h"
#include "clang-plugin/src/site_table.h"
#include "clang-plugin/src/split_loads.h"
#include "llvm/Analysis/GlobalsModRef.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/GlobalIFunc.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"

namespace snag::plugin {
namespace {

using llvm::Attribute;

struct atomic_access {
  llvm::Instruction* at;
  llvm::Constant* site;
};

// Whether the loaded value alone, compared with a constant at most, decides if the loop around it goes on: a
// flag that is polled.
bool decides_loop(const llvm::Instruction& load, const llvm::LoopInfo& loops) {
  const llvm::Loop* const loop = loops.getLoopFor(load.getParent());
  if (loop == nullptr || !llvm::isa<llvm::LoadInst>(load)) return false;
  constexpr int most_steps = 4;
  const llvm::Instruction* value = &load;
  for (int step = 0; step < most_steps && value->hasOneUse(); ++step) {
    const auto* user = llvm::cast<llvm::Instruction>(value->user_back());
    if (const auto* branch = llvm::dyn_cast<llvm::BranchInst>(user))
      return loop->contains(branch) && loop->isLoopExiting(branch->getParent());
    const bool with_constant = user->getNumOperands() == 2 && llvm::isa<llvm::Constant>(user->getOperand(1));
    if (!llvm::isa<llvm::CastInst>(user) &&
        !(with_constant && llvm::isa<llvm::CmpInst, llvm::BinaryOperator>(user)))
      return false;
    value = user;
  }
  return false;
}

class module_instrumenter {
 public:
  module_instrumenter(llvm::Module& module, llvm::ModuleAnalysisManager& analyses, pipeline_state& state)
      : module_(module),
        state_(state),
        options_(state.shared->opts),
        functions_of_module_(
            analyses.getResult<llvm::FunctionAnalysisManagerModuleProxy>(module).getManager()),
        sites_(module, state.functions, state.names),
        hooks_(module),
        checks_(hooks_) {
    for (llvm::GlobalIFunc& i : module.ifuncs())
      if (const llvm::Function* resolver = i.getResolverFunction()) resolvers_.insert(resolver);
  }

  void run() {
    std::vector<llvm::Function*> work;
    for (llvm::Function& f : module_)
      if (takes_part(f)) work.push_back(&f);
    for (llvm::Function* f : work) instrument(*f);
    for (llvm::Function* f : work) forget_memory_effects(*f);
    sites_.emit(options_.abi_version);
    access_naming::drop_notes(module_);
    if (options_.statistics)
      llvm::errs() << "snag: " << module_.getSourceFileName() << ": " << sites_.accesses()
                   << " access sites, " << sites_.named_accesses() << " with a name\n";
  }

 private:
  bool takes_part(const llvm::Function& f) {
    if (f.isDeclaration() || f.hasAvailableExternallyLinkage() || f.hasFnAttribute(Attribute::Naked))
      return false;
    // Coroutines are instrumented once they are split; a frame must not move into the coroutine's state.
    if (f.hasFnAttribute(Attribute::DisableSanitizerInstrumentation) || f.isPresplitCoroutine()) return false;
    // A resolver runs before anything could have set up gs.
    return !resolvers_.contains(&f);
  }

  // The runtime's own instructions. Without a line it may be what optimisation made of several, the user's
  // among them.
  bool skipped(const llvm::Instruction& i) {
    const bool located = i.getDebugLoc() && i.getDebugLoc().getLine() != 0;
    return (located || i.getFunction()->getSubprogram() == nullptr) && state_.functions.at(i).hidden();
  }

  void instrument(llvm::Function& f) {
    const bool ranges_wanted = options_.accesses && options_.eliminate && !f.hasOptNone();
    if (ranges_wanted) simplify_loops(f, functions_of_module_);
    join_split_loads(f, functions_of_module_.getResult<llvm::DominatorTreeAnalysis>(f));
    state_.names.restore_locations(f);
    const llvm::TargetLibraryInfo& library = functions_of_module_.getResult<llvm::TargetLibraryAnalysis>(f);
    frame_emitter frame(f, library, state_.functions, [this](const llvm::Function& callee) {
      return takes_part(callee) && !state_.functions.of(callee).hidden();
    });
    const std::uint8_t flags = frame.has_frame() ? 0 : hooks::site_leaf;

    llvm::SmallVector<access, 0> accesses;
    llvm::SmallVector<atomic_access, 0> atomics;
    sharing memory;
    if (options_.accesses) collect(f, flags, memory, accesses, atomics);
    llvm::SmallVector<scope_end, 0> ends;
    if (options_.accesses && !state_.functions.of(f).hidden() && !state_.functions.of(f).no_sanitize)
      find_scope_ends(f, memory, state_.functions.of(f), ends);
    std::vector<llvm::Constant*> end_sites;
    llvm::erase_if(ends, [&](const scope_end& e) {
      const function_facts& where = state_.functions.at(*e.at);
      return where.hidden() ||
             has_life_of_its_own(where.file, state_.names.local(*e.at, *e.variable).names.type);
    });
    for (scope_end& e : ends) {
      const local_variable local = state_.names.local(*e.at, *e.variable);
      end_sites.push_back(sites_.access_site(*e.at, hooks::site_kind::write, e.size, flags, local.names));
      // Nobody accesses what pads its end; and a record of that would stand there beside the next variable's.
      if (local.size == e.size) e.size = local.used;
    }
    llvm::SmallVector<loop_range, 4> ranges;
    if (ranges_wanted) find_loop_ranges(f, functions_of_module_, accesses, ranges);
    std::vector<llvm::Constant*> range_sites;
    for (const loop_range& r : ranges) range_sites.push_back(site_of(r.element, flags));
    const check_placement placement(f, functions_of_module_.getResult<llvm::LoopAnalysis>(f),
                                    options_.checks);
    std::vector<llvm::Constant*> sites;
    std::vector<check_way> ways;
    for (const access& a : accesses) {
      sites.push_back(site_of(a, flags));
      ways.push_back(placement.way_at(*a.at->getParent()));
    }

    emit_scope_ends(f, ends, end_sites, hooks_);
    frame.emit(sites_);
    for (std::size_t k = 0; k < accesses.size(); ++k)
      if (sites[k] != nullptr) checks_.emit(accesses[k], sites[k], ways[k]);
    for (std::size_t k = 0; k < ranges.size(); ++k)
      if (range_sites[k] != nullptr) check_range(ranges[k], range_sites[k]);
    for (const atomic_access& a : atomics) {
      if (auto* call = llvm::dyn_cast<llvm::CallInst>(a.at))
        lower_atomic_library_call(*call, a.site, hooks_);
      else
        lower_atomic(*a.at, a.site, hooks_);
    }
  }

  void collect(llvm::Function& f, std::uint8_t flags, sharing& memory,
               llvm::SmallVectorImpl<access>& accesses, llvm::SmallVectorImpl<atomic_access>& atomics) {
    const function_facts& facts = state_.functions.of(f);
    const bool takes_vtt = facts.source != nullptr && facts.source->takes_vtt;
    const auto shared = [&](const llvm::Instruction& at, const llvm::Value& pointer, bool write) {
      return !options_.eliminate || memory.may_be_shared(at, pointer, write);
    };
    llvm::SmallVector<access, 8> here;
    for (llvm::BasicBlock& block : f)
      for (llvm::Instruction& i : block) {
        if (skipped(i)) continue;
        if (is_atomic_operation(i) || is_library_atomic(i)) {
          add_atomic(i, flags, shared, atomics);
          continue;
        }
        // no_sanitize("thread") drops checks, never synchronisation.
        const function_facts& writer = state_.functions.at(i);
        if (facts.no_sanitize || writer.no_sanitize || fills_cache_with_equal_values(writer.name) ||
            guards_itself(writer.name))
          continue;
        here.clear();
        find_accesses(i, takes_vtt, here);
        find_library_accesses(i, here);
        find_c_library_accesses(i, here);
        for (const access& a : here)
          if (a.lane.pointers != nullptr || shared(i, *a.pointer, a.write)) accesses.push_back(a);
      }
    if (options_.eliminate) drop_redundant_checks(accesses);
    const llvm::LoopInfo& loops = functions_of_module_.getResult<llvm::LoopAnalysis>(f);
    for (access& a : accesses) a.polls = !a.write && decides_loop(*a.at, loops);
  }

  void check_range(const loop_range& r, llvm::Constant* site) {
    llvm::IRBuilder<> b(r.before);
    b.SetCurrentDebugLocation(r.element.at->getDebugLoc());
    hooks_.range(b, r.element.write, r.begin, r.bytes, site);
  }

  static bool is_library_atomic(const llvm::Instruction& i) {
    const auto* call = llvm::dyn_cast<llvm::CallInst>(&i);
    return call != nullptr && is_atomic_library_call(*call);
  }

  template <class Shared>
  void add_atomic(llvm::Instruction& i, std::uint8_t flags, Shared shared,
                  llvm::SmallVectorImpl<atomic_access>& out) {
    llvm::Value* pointer = atomic_pointer(i);
    std::uint64_t size = pointer == nullptr ? 0 : atomic_size(i);
    bool write = !llvm::isa<llvm::LoadInst>(i);
    if (auto* call = llvm::dyn_cast<llvm::CallInst>(&i)) {
      pointer = atomic_library_pointer(*call);
      size = atomic_library_size(*call);
      write = atomic_library_writes(*call);
    }
    if (pointer != nullptr && !shared(i, *pointer, write)) return;
    if (state_.functions.at(i).runtime) flags |= hooks::site_runtime;
    const access_names names =
        pointer == nullptr ? access_names() : state_.names.names_of(i, *pointer, size, write);
    out.push_back({&i, sites_.access_site(i, hooks::site_kind::atomic, size, flags, names)});
  }

  // Null: races there are meant.
  llvm::Constant* site_of(const access& a, std::uint8_t flags) {
    if (a.by_callee) {
      const auto& call = *llvm::cast<llvm::CallBase>(a.at);
      return sites_.call_site(
          call, call_site_flags(call, state_.functions),
          a.of_object ? site_table::call_access::object : site_table::call_access::argument);
    }
    if (state_.functions.at(*a.at).runtime) flags |= hooks::site_runtime;
    if (a.read_before) flags |= hooks::site_read_before;
    if (a.polls) flags |= hooks::site_polls;
    const access_names names = state_.names.names_of(*a.at, *a.pointer, a.size, a.write);
    if (names.ignored) return nullptr;
    return sites_.access_site(*a.at, a.write ? hooks::site_kind::write : hooks::site_kind::read, a.size,
                              flags, names);
  }

  // Once it calls hooks and keeps a frame, a function that was inferred to touch no memory no longer is what
  // its attributes say; nor is one that is instrumented elsewhere. Calls of it must see our frames, in order.
  void forget_memory_effects(llvm::Function& f) {
    f.removeFnAttr(Attribute::Memory);
    f.removeFnAttr(Attribute::NoSync);
    f.removeFnAttr(Attribute::Speculatable);
    const llvm::TargetLibraryInfo& library = functions_of_module_.getResult<llvm::TargetLibraryAnalysis>(f);
    for (llvm::BasicBlock& block : f)
      for (llvm::Instruction& i : block) {
        auto* call = llvm::dyn_cast<llvm::CallBase>(&i);
        if (call == nullptr || llvm::isa<llvm::IntrinsicInst>(call) || !is_visible_call(*call, library))
          continue;
        call->removeFnAttr(Attribute::Memory);
        call->removeFnAttr(Attribute::NoSync);
        if (auto* callee = const_cast<llvm::Function*>(callee_of(*call))) {
          if (is_checked_by_library(*callee)) call->addFnAttr(Attribute::NoBuiltin);
          callee->removeFnAttr(Attribute::Memory);
          callee->removeFnAttr(Attribute::NoSync);
        }
      }
  }

  llvm::Module& module_;
  pipeline_state& state_;
  const options& options_;
  llvm::FunctionAnalysisManager& functions_of_module_;
  site_table sites_;
  hook_calls hooks_;
  check_emitter checks_;
  llvm::SmallPtrSet<const llvm::Function*, 2> resolvers_;
};

}  // namespace

llvm::PreservedAnalyses prepare_pass::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  for (llvm::Function& f : module) {
    if (f.isDeclaration()) continue;
    repair_library_function(f);
    const function_facts& facts = state_->functions.of(f);
    if (!facts.no_sanitize && !f.hasFnAttribute(Attribute::DisableSanitizerInstrumentation))
      f.addFnAttr(Attribute::SanitizeThread);
    // Without debug information nothing tells the library's code from the user's once it is inlined.
    if (facts.runtime && f.getSubprogram() == nullptr && !f.hasFnAttribute(Attribute::OptimizeNone)) {
      f.removeFnAttr(Attribute::AlwaysInline);
      f.addFnAttr(Attribute::NoInline);
    }
    if (is_stream_member_of_library(f)) f.addFnAttr(Attribute::NoInline);
    if (state_->shared->opts.accesses) state_->names.settle(f);
  }
  return llvm::PreservedAnalyses::none();
}

llvm::PreservedAnalyses instrument_pass::run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses) {
  module_instrumenter(module, analyses, *state_).run();
  llvm::PreservedAnalyses none = llvm::PreservedAnalyses::none();
  none.abandon<llvm::GlobalsAA>();  // it would outlive a mere "not preserved"
  return none;
}

void register_passes(llvm::PassBuilder& builder, std::shared_ptr<compilation> shared) {
  auto state = std::make_shared<pipeline_state>(std::move(shared));
  builder.registerPipelineStartEPCallback(
      [state](llvm::ModulePassManager& passes, auto&&...) { passes.addPass(prepare_pass(state)); });
  builder.registerPeepholeEPCallback(
      [](llvm::FunctionPassManager& passes, auto&&...) { passes.addPass(join_split_loads_pass()); });
  // Unoptimised coroutines are split only after the early extension point.
  builder.registerOptimizerEarlyEPCallback(
      [state](llvm::ModulePassManager& passes, llvm::OptimizationLevel level, auto&&...) {
        if (level != llvm::OptimizationLevel::O0) passes.addPass(instrument_pass(state));
      });
  builder.registerOptimizerLastEPCallback(
      [state](llvm::ModulePassManager& passes, llvm::OptimizationLevel level, auto&&...) {
        if (level == llvm::OptimizationLevel::O0) passes.addPass(instrument_pass(state));
      });
}

}  // namespace snag::plugin
