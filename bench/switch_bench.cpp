// SPDX-License-Identifier: Apache-2.0
// The bare context switch, and what the floating-point status flags cost it: two contexts that run the same
// function hand over to each other. `boost` calls fcontext directly. With `differing_flags` one of them has
// the flags clear and the other set, as after one inexact division. One item is one switch.
#include <benchmark/benchmark.h>
#include <immintrin.h>

#include <boost/context/detail/fcontext.hpp>
#include <utility>
#include <vector>

#include "runtime/src/context_switch.h"

namespace {

namespace fcontext = boost::context::detail;
using snag::detail::arrival;

// Not feraiseexcept: it raises some of them in the x87 unit.
void set_flags(unsigned flags) { _mm_setcsr((_mm_getcsr() & ~0x3fu) | flags); }

struct stack {
  std::vector<std::byte> memory = std::vector<std::byte>(64 << 10);
  snag::events::stack_bounds bounds() { return {memory.data(), memory.data() + memory.size()}; }
};

constexpr int batch = 1000;

arrival snag_jump(void* context, void* pass) { return snag::detail::jump(context, pass); }
[[gnu::always_inline]] inline arrival boost_jump(void* context, void* pass) {
  const auto t = fcontext::jump_fcontext(context, pass);
  return {t.fctx, t.data};
}

// What the benchmark asks of a context: so many switches to and fro with the partner, then back.
struct order {
  void* partner;
  int left;
};

// Both partners run this, so that a switch returns where the other one left, as it mostly does in a
// scheduler.
template <arrival (*Jump)(void*, void*)>
void bounce(arrival a) {
  order* mine = nullptr;
  void* home = nullptr;
  for (;;) {
    if (a.passed != nullptr) {
      mine = static_cast<order*>(a.passed);
      home = std::exchange(a.left, mine->partner);
    }
    if (mine != nullptr && mine->left-- == 0) {
      std::exchange(mine, nullptr)->partner = a.left;
      a = Jump(home, nullptr);
    } else {
      a = Jump(a.left, nullptr);
    }
  }
}

template <arrival (*Jump)(void*, void*)>
void switches(benchmark::State& state) {
  stack stacks[2];
  void* contexts[2];
  for (int i = 0; i < 2; ++i) {
    set_flags(i == 1 && state.range(0) != 0 ? 0 : 0x3f);
    contexts[i] = snag::detail::make_context(stacks[i].bounds(), bounce<Jump>);
    contexts[i] = Jump(contexts[i], nullptr).left;
  }
  set_flags(0x3f);
  for (auto _ : state) {
    order o{contexts[1], batch};
    contexts[0] = Jump(contexts[0], &o).left;
    contexts[1] = o.partner;
  }
  state.SetItemsProcessed(state.iterations() * batch * 2);
}
BENCHMARK(switches<boost_jump>)->Name("boost")->ArgName("differing_flags")->Arg(0)->Arg(1);
BENCHMARK(switches<snag_jump>)->Name("snag")->ArgName("differing_flags")->Arg(0)->Arg(1);

}  // namespace
