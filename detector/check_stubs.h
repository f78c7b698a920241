// SPDX-License-Identifier: Apache-2.0
#pragma once
// The inline check (hooks.h) as functions, which instrumented code calls where a check in place is not worth
// its space: __snag_check_read4_4 is that of a read of 4 bytes at addresses that are multiples of 4, _1 of
// any. They take what the hook takes that they go on to (address, site; of a vtable pointer also its value),
// and keep every register but r11, as the convention of the hooks asks. In assembly, since r11 is enough, and
// a compiler saves three others.
//
// To be included once in a program: defines them.
#include "detector/hooks.h"

static_assert(snag::hooks::write_plane == 0x200000100000 && snag::hooks::read_plane == 0x400000200000);
static_assert(offsetof(snag::hooks::hot_state, window_base) == 8 &&
              offsetof(snag::hooks::hot_state, window_span) == 12 &&
              offsetof(snag::hooks::hot_state, known_set) == 28);
static_assert(snag::hooks::cell_id_bits == 28 && snag::hooks::granule_size == 4);

asm(R"(
# r11d = the cell at the granule of rdi, `offset` bytes on
.macro snag_cell plane, offset=0
  movabsq $\plane, %r11
  xorq %rdi, %r11
  movl \offset(%r11), %r11d
.endm
# above or equal: the cell in r11d is not of this epoch
.macro snag_compare_window
  subl %gs:8, %r11d
  cmpl %gs:12, %r11d
.endm

.macro snag_begin name
  .globl \name
  .type \name, @function
  .p2align 4
\name:
  .cfi_startproc
.endm
.macro snag_end name
  .cfi_endproc
  .size \name, . - \name
.endm

# The hook of ranges, for what need not be aligned: (address, site) -> (address, bytes, site)
.macro snag_to_range name, hook, bytes
  .type \name, @function
  .p2align 4
\name:
  .cfi_startproc
  pushq %rsi
  .cfi_adjust_cfa_offset 8
  pushq %rdx
  .cfi_adjust_cfa_offset 8
  subq $8, %rsp
  .cfi_adjust_cfa_offset 8
  movq %rsi, %rdx
  movl $\bytes, %esi
  call \hook
  addq $8, %rsp
  .cfi_adjust_cfa_offset -8
  popq %rdx
  .cfi_adjust_cfa_offset -8
  popq %rsi
  .cfi_adjust_cfa_offset -8
  ret
  snag_end \name
.endm

# Whole granules, to `bytes`; `low`: of the address, which have to be 0.
.macro snag_check_granules name, hook, plane, bytes, low, reads
  snag_begin \name
  .if \low
    testb $\low, %dil
    jne \hook
  .endif
  .irp offset, 0, 4, 8, 12
    .if \offset < \bytes
      snag_cell \plane, \offset
      snag_compare_window
      jae 1f
    .endif
  .endr
  ret
1:
  .if \reads && \bytes <= 8
    .irp offset, 0, 4
      .if \offset < \bytes
        snag_cell \plane, \offset
        cmpl %gs:28, %r11d
        jne \hook
      .endif
    .endr
    ret
  .else
    jmp \hook
  .endif
  snag_end \name
.endm

# `need` bytes of a granule (a mask), of which the first is at a multiple of `step`.
.macro snag_check_bytes name, hook, plane, need, step, low, reads
  snag_begin \name
  .if \low
    testb $\low, %dil
    jne \hook
  .endif
  movabsq $\plane, %r11
  xorq %rdi, %r11
  andq $-4, %r11
  movl (%r11), %r11d
  snag_compare_window       # all four bytes are on record
  jae 1f
  ret
1:
  pushq %rax
  .cfi_adjust_cfa_offset 8
  pushq %rcx
  .cfi_adjust_cfa_offset 8
  movl %edi, %ecx
  andl $(4 - \step), %ecx
  movl $(\need << 28), %eax
  shll %cl, %eax
  orl $0x0fffffff, %eax
  movabsq $\plane, %r11
  xorq %rdi, %r11
  andq $-4, %r11
  andl (%r11), %eax
  movl %eax, %r11d
  subl %gs:8, %eax
  cmpl %gs:12, %eax
  popq %rcx
  .cfi_adjust_cfa_offset -8
  popq %rax
  .cfi_adjust_cfa_offset -8
  jae 2f
  ret
2:
  .if \reads
    cmpl %gs:28, %r11d
    jne \hook
    ret
  .else
    jmp \hook
  .endif
  snag_end \name
.endm

.macro snag_checks word, plane, reads
  .irp bytes, 2, 4, 8, 16
    snag_to_range snag_\word\()_range\bytes, __snag_\word\()_range, \bytes
  .endr
  snag_check_bytes __snag_check_\word\()1_1, __snag_\word\()1, \plane, 1, 1, 0, \reads
  snag_check_bytes __snag_check_\word\()2_2, __snag_\word\()2, \plane, 3, 2, 0, \reads
  snag_check_bytes __snag_check_\word\()2_1, snag_\word\()_range2, \plane, 3, 2, 1, \reads
  snag_check_granules __snag_check_\word\()4_4, __snag_\word\()4, \plane, 4, 0, \reads
  snag_check_granules __snag_check_\word\()4_1, snag_\word\()_range4, \plane, 4, 3, \reads
  snag_check_granules __snag_check_\word\()8_8, __snag_\word\()8, \plane, 8, 0, \reads
  snag_check_granules __snag_check_\word\()8_1, snag_\word\()_range8, \plane, 8, 7, \reads
  snag_check_granules __snag_check_\word\()16_16, __snag_\word\()16, \plane, 16, 0, \reads
  snag_check_granules __snag_check_\word\()16_8, snag_\word\()_range16, \plane, 16, 0, \reads
  snag_check_granules __snag_check_\word\()16_1, snag_\word\()_range16, \plane, 16, 7, \reads
.endm

  .pushsection .text.__snag_check, "ax", @progbits
  snag_checks read, 0x400000200000, 1
  snag_checks write, 0x200000100000, 0
  snag_check_granules __snag_check_vptr_write8_8, __snag_vptr_write, 0x200000100000, 8, 0, 0
  snag_check_granules __snag_check_vptr_write8_1, __snag_vptr_write, 0x200000100000, 8, 7, 0
  .popsection

  .purgem snag_cell
  .purgem snag_compare_window
  .purgem snag_begin
  .purgem snag_end
  .purgem snag_to_range
  .purgem snag_check_granules
  .purgem snag_check_bytes
  .purgem snag_checks
)");
