// SPDX-License-Identifier: Apache-2.0
// Sizes are of x86-64 glibc (POSIX.1-2017 says what is written). Of texts and buffers, whose length is not
// known, the first byte stands for all: it is accessed whenever any is.
#include "clang-plugin/src/c_library.h"

#include "clang-plugin/src/call_facts.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/InstrTypes.h"

namespace snag::plugin {
namespace {

struct effect {
  unsigned argument, size;
  bool write;
};
constexpr bool reads = false, writes = true;
constexpr unsigned text = 1;  // byte that stands for it
constexpr unsigned stat_size = 144, signal_set = 128, signal_action = 152, time_spec = 16, usage = 144;

struct function {
  const char* name;
  effect effects[2];
};
constexpr function functions[] = {
    // Time.
    {"clock_gettime", {{1, time_spec, writes}}},
    {"clock_getres", {{1, time_spec, writes}}},
    {"clock_settime", {{1, time_spec, reads}}},
    {"gettimeofday", {{0, 16, writes}}},
    {"time", {{0, 8, writes}}},
    {"times", {{0, 32, writes}}},
    {"nanosleep", {{0, time_spec, reads}}},
    {"timespec_get", {{0, time_spec, writes}}},
    // Processes and their limits.
    {"getrusage", {{1, usage, writes}}},
    {"getrlimit", {{1, 16, writes}}},
    {"setrlimit", {{1, 16, reads}}},
    {"uname", {{0, 390, writes}}},
    {"system", {{0, text, reads}}},
    {"getenv", {{0, text, reads}}},
    {"setenv", {{0, text, reads}, {1, text, reads}}},
    {"putenv", {{0, text, reads}}},
    {"perror", {{0, text, reads}}},
    // Signals.
    {"sigemptyset", {{0, signal_set, writes}}},
    {"sigfillset", {{0, signal_set, writes}}},
    {"sigaddset", {{0, signal_set, writes}}},
    {"sigdelset", {{0, signal_set, writes}}},
    {"sigprocmask", {{1, signal_set, reads}, {2, signal_set, writes}}},
    {"pthread_sigmask", {{1, signal_set, reads}, {2, signal_set, writes}}},
    {"sigaction", {{1, signal_action, reads}, {2, signal_action, writes}}},
    // Files.
    {"pipe", {{0, 8, writes}}},
    {"pipe2", {{0, 8, writes}}},
    {"socketpair", {{3, 8, writes}}},
    {"stat", {{0, text, reads}, {1, stat_size, writes}}},
    {"lstat", {{0, text, reads}, {1, stat_size, writes}}},
    {"fstat", {{1, stat_size, writes}}},
    {"fstatat", {{1, text, reads}, {2, stat_size, writes}}},
    {"stat64", {{0, text, reads}, {1, stat_size, writes}}},
    {"lstat64", {{0, text, reads}, {1, stat_size, writes}}},
    {"fstat64", {{1, stat_size, writes}}},
    {"open", {{0, text, reads}}},
    {"open64", {{0, text, reads}}},
    {"openat", {{1, text, reads}}},
    {"creat", {{0, text, reads}}},
    {"access", {{0, text, reads}}},
    {"fopen", {{0, text, reads}, {1, text, reads}}},
    {"fopen64", {{0, text, reads}, {1, text, reads}}},
    {"opendir", {{0, text, reads}}},
    {"unlink", {{0, text, reads}}},
    {"mkdir", {{0, text, reads}}},
    {"rmdir", {{0, text, reads}}},
    {"chdir", {{0, text, reads}}},
    {"rename", {{0, text, reads}, {1, text, reads}}},
    {"getcwd", {{0, text, writes}}},
    {"readlink", {{0, text, reads}, {1, text, writes}}},
    {"realpath", {{0, text, reads}, {1, text, writes}}},
    // The C++ ABI's: the object's vtable pointer.
    {"__dynamic_cast", {{0, 8, reads}}},
    // Names and numbers.
    {"gethostname", {{0, text, writes}}},
    {"getrandom", {{0, text, writes}}},
    {"strerror_r", {{1, text, writes}}},
    {"inet_ntop", {{2, text, writes}}},
    {"inet_pton", {{1, text, reads}}},
    {"regcomp", {{1, text, reads}}},
    {"regexec", {{1, text, reads}}},
    {"rand_r", {{0, 4, writes}}},
    {"erand48", {{0, 6, writes}}},
    {"nrand48", {{0, 6, writes}}},
    {"jrand48", {{0, 6, writes}}},
    {"frexp", {{1, 4, writes}}},
    {"frexpf", {{1, 4, writes}}},
    {"modf", {{1, 8, writes}}},
    {"modff", {{1, 4, writes}}},
    {"remquo", {{2, 4, writes}}},
};

const function* function_named(llvm::StringRef name) {
  static const auto by_name = [] {
    llvm::StringMap<const function*> map;
    for (const function& f : functions) map[f.name] = &f;
    return map;
  }();
  return by_name.lookup(name);
}

// Not a literal, and not null.
bool may_change(const llvm::Value& pointer) {
  if (!pointer.getType()->isPointerTy()) return false;
  if (!llvm::isa<llvm::Constant>(pointer)) return true;
  const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(pointer.stripInBoundsConstantOffsets());
  return global != nullptr && !global->isConstant();
}

}  // namespace

void find_c_library_accesses(llvm::Instruction& i, llvm::SmallVectorImpl<access>& out) {
  auto* const call = llvm::dyn_cast<llvm::CallBase>(&i);
  const llvm::Function* const callee = call == nullptr ? nullptr : callee_of(*call);
  if (callee == nullptr || !callee->isDeclaration()) return;
  const function* const known = function_named(callee->getName());
  if (known == nullptr) return;
  for (const effect& e : known->effects) {
    if (e.size == 0 || e.argument >= call->arg_size()) continue;
    llvm::Value* const pointer = call->getArgOperand(e.argument);
    if (may_change(*pointer)) out.push_back(access_by_callee(*call, pointer, e.size, e.write));
  }
}

}  // namespace snag::plugin
