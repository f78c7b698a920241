// SPDX-License-Identifier: Apache-2.0
#include "detector/src/deadlock_mode/native_stack.h"

#include <dlfcn.h>

#include <atomic>
#include <cstring>

#include "detector/src/internal_memory.h"

namespace snag::detector {
namespace {

// How to get from a frame to its caller's, at one return address.
struct rule {
  enum class way : std::uint8_t { described, by_frame_pointer, nowhere } how = way::by_frame_pointer;
  bool from_bp = false;                  // the canonical frame address: from rbp, else rsp
  bool bp_is_saved = false;              // else it is the caller's still
  std::int32_t cfa = 0, bp = 0, pc = 0;  // bytes: from that register; from the canonical frame address
  std::uintptr_t function = 0;
};

// DWARF's numbers.
constexpr std::uint64_t rbp = 6, rsp = 7, return_address = 16;

class reader {
 public:
  explicit reader(const std::uint8_t* at) : at_(at) {}
  const std::uint8_t* at() const { return at_; }
  void skip(std::uint64_t bytes) { at_ += bytes; }
  template <class T>
  T take() {
    T value;
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  std::uint64_t uleb() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t byte = *at_++;
      if (shift < 64) value |= std::uint64_t{byte & 0x7fu} << shift;
      if ((byte & 0x80) == 0) return value;
    }
  }
  std::int64_t sleb() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;;) {
      const std::uint8_t byte = *at_++;
      if (shift < 64) value |= std::uint64_t{byte & 0x7fu} << shift;
      shift += 7;
      if ((byte & 0x80) != 0) continue;
      if ((byte & 0x40) != 0 && shift < 64) value |= ~std::uint64_t{0} << shift;
      return static_cast<std::int64_t>(value);
    }
  }
  // A pointer in one of the encodings of .eh_frame (LSB, 10.6.1.1.1); `known` turns false for others.
  std::uintptr_t pointer(std::uint8_t encoding, bool& known) {
    const auto here = reinterpret_cast<std::uintptr_t>(at_);
    std::uintptr_t value = 0;
    switch (encoding & 0x0f) {
      case 0x00:
      case 0x04:
      case 0x0c:
        value = take<std::uint64_t>();
        break;
      case 0x03:
        value = take<std::uint32_t>();
        break;
      case 0x0b:
        value = static_cast<std::uintptr_t>(std::int64_t{take<std::int32_t>()});
        break;
      case 0x02:
        value = take<std::uint16_t>();
        break;
      case 0x0a:
        value = static_cast<std::uintptr_t>(std::int64_t{take<std::int16_t>()});
        break;
      case 0x01:
        value = uleb();
        break;
      case 0x09:
        value = static_cast<std::uintptr_t>(sleb());
        break;
      default:
        known = false;
        return 0;
    }
    switch (encoding & 0x70) {
      case 0x00:
        return value;
      case 0x10:
        return value + here;
      default:
        known = false;
        return 0;
    }
  }

 private:
  const std::uint8_t* at_;
};

// The description of the function around pc, by the table that the linker has sorted; null: none.
const std::uint8_t* find_description(std::uintptr_t pc) noexcept {
  dl_find_object found;
  if (_dl_find_object(reinterpret_cast<void*>(pc), &found) != 0 || found.dlfo_eh_frame == nullptr)
    return nullptr;
  const auto* const header = static_cast<const std::uint8_t*>(found.dlfo_eh_frame);
  constexpr std::uint8_t version = 1, relative_to_header_4 = 0x3b;
  if (header[0] != version || header[3] != relative_to_header_4) return nullptr;
  reader r(header + 4);
  bool known = true;
  r.pointer(header[1], known);
  const std::uintptr_t count = r.pointer(header[2], known);
  if (!known || count == 0) return nullptr;
  struct entry {
    std::int32_t function, description;
  };
  const auto* const entries = reinterpret_cast<const entry*>(r.at());
  const auto offset = static_cast<std::int64_t>(pc - reinterpret_cast<std::uintptr_t>(header));
  std::size_t low = 0, high = count;
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    (entries[middle].function <= offset ? low : high) = middle;
  }
  return entries[low].function <= offset ? header + entries[low].description : nullptr;
}

// The part of a call frame's state that leads to the caller.
struct state {
  std::uint64_t cfa_register = rsp;
  std::int64_t cfa_offset = 8;
  bool cfa_known = true;
  enum class saved : std::uint8_t { no, at_offset, elsewhere, undefined } bp = saved::no, pc = saved::no;
  std::int64_t bp_offset = 0, pc_offset = 0;
};

class machine {
 public:
  std::uint64_t code_alignment = 1;
  std::int64_t data_alignment = 1;
  state now, initial;

  // Runs until the location passes pc. False: an instruction that we do not know.
  bool run(reader r, const std::uint8_t* end, std::uintptr_t location, std::uintptr_t pc,
           std::uint8_t encoding) {
    state kept[8];
    std::size_t depth = 0;
    while (r.at() < end) {
      const auto byte = r.take<std::uint8_t>();
      const std::uint64_t low = byte & 0x3f;
      std::uint64_t advance = 0;
      bool known = true;
      switch (byte >> 6) {
        case 1:
          advance = low;
          break;
        case 2:
          saved_at(low, static_cast<std::int64_t>(r.uleb()) * data_alignment);
          continue;
        case 3:
          restore(low);
          continue;
        default:
          switch (byte) {
            case 0x00:  // nop
              continue;
            case 0x01:  // set_loc
              location = r.pointer(encoding, known);
              if (!known) return false;
              if (location > pc) return true;
              continue;
            case 0x02:
              advance = r.take<std::uint8_t>();
              break;
            case 0x03:
              advance = r.take<std::uint16_t>();
              break;
            case 0x04:
              advance = r.take<std::uint32_t>();
              break;
            case 0x05:
            case 0x11:
            case 0x2f: {  // offset_extended, its signed and its negated kin
              const std::uint64_t which = r.uleb();
              const std::int64_t n = byte == 0x11 ? r.sleb() : static_cast<std::int64_t>(r.uleb());
              saved_at(which, (byte == 0x2f ? -n : n) * data_alignment);
              continue;
            }
            case 0x06:
              restore(r.uleb());
              continue;
            case 0x07:
              set(r.uleb(), state::saved::undefined);
              continue;
            case 0x08:
              set(r.uleb(), state::saved::no);
              continue;
            case 0x09: {  // in another register
              const std::uint64_t which = r.uleb();
              r.uleb();
              set(which, state::saved::elsewhere);
              continue;
            }
            case 0x0a:
              if (depth == std::size(kept)) return false;
              kept[depth++] = now;
              continue;
            case 0x0b:
              if (depth == 0) return false;
              now = kept[--depth];
              continue;
            case 0x0c:
              now.cfa_register = r.uleb();
              now.cfa_offset = static_cast<std::int64_t>(r.uleb());
              now.cfa_known = true;
              continue;
            case 0x0d:
              now.cfa_register = r.uleb();
              continue;
            case 0x0e:
              now.cfa_offset = static_cast<std::int64_t>(r.uleb());
              continue;
            case 0x0f:  // def_cfa_expression
              r.skip(r.uleb());
              now.cfa_known = false;
              continue;
            case 0x10:
            case 0x16: {  // saved where an expression says
              const std::uint64_t which = r.uleb();
              r.skip(r.uleb());
              set(which, state::saved::elsewhere);
              continue;
            }
            case 0x12:
              now.cfa_register = r.uleb();
              now.cfa_offset = r.sleb() * data_alignment;
              now.cfa_known = true;
              continue;
            case 0x13:
              now.cfa_offset = r.sleb() * data_alignment;
              continue;
            case 0x14:
            case 0x15: {  // val_offset
              const std::uint64_t which = r.uleb();
              byte == 0x14 ? static_cast<void>(r.uleb()) : static_cast<void>(r.sleb());
              set(which, state::saved::elsewhere);
              continue;
            }
            case 0x2e:  // GNU_args_size
              r.uleb();
              continue;
            default:
              return false;
          }
      }
      location += advance * code_alignment;
      if (location > pc) return true;
    }
    return true;
  }

 private:
  void saved_at(std::uint64_t which, std::int64_t offset) {
    if (which == rbp) now.bp = state::saved::at_offset, now.bp_offset = offset;
    if (which == return_address) now.pc = state::saved::at_offset, now.pc_offset = offset;
  }
  void set(std::uint64_t which, state::saved how) {
    if (which == rbp) now.bp = how;
    if (which == return_address) now.pc = how;
  }
  void restore(std::uint64_t which) {
    if (which == rbp) now.bp = initial.bp, now.bp_offset = initial.bp_offset;
    if (which == return_address) now.pc = initial.pc, now.pc_offset = initial.pc_offset;
  }
};

// `pc`: in the call, not after it.
rule rule_at(std::uintptr_t pc) noexcept {
  rule out;
  const std::uint8_t* const description = find_description(pc);
  if (description == nullptr) return out;
  reader r(description);
  const auto length = r.take<std::uint32_t>();
  if (length == 0 || length == 0xffffffff) return out;
  const std::uint8_t* const end = r.at() + length;
  const std::uint8_t* const here = r.at();
  const auto back = r.take<std::uint32_t>();
  if (back == 0) return out;
  reader common(here - back);
  const auto common_length = common.take<std::uint32_t>();
  if (common_length == 0 || common_length == 0xffffffff) return out;
  const std::uint8_t* const common_end = common.at() + common_length;
  if (common.take<std::uint32_t>() != 0) return out;
  const auto version = common.take<std::uint8_t>();
  const char* augmentation = reinterpret_cast<const char*>(common.at());
  common.skip(std::strlen(augmentation) + 1);
  machine m;
  m.code_alignment = common.uleb();
  m.data_alignment = common.sleb();
  const std::uint64_t register_of_pc = version == 1 ? common.take<std::uint8_t>() : common.uleb();
  std::uint8_t encoding = 0;
  bool known = register_of_pc == return_address;
  const bool sized = *augmentation == 'z';
  if (sized) {
    const std::uint64_t bytes = common.uleb();
    const std::uint8_t* const after = common.at() + bytes;
    for (const char* a = augmentation + 1; *a != '\0' && known; ++a) {
      if (*a == 'R') {
        encoding = common.take<std::uint8_t>();
      } else if (*a == 'P') {
        const auto e = common.take<std::uint8_t>();
        bool ignored = true;
        common.pointer(e & 0x0f, ignored);
      } else if (*a == 'L') {
        common.take<std::uint8_t>();
      } else {
        known = false;  // 'S': the frame of a signal handler's caller
      }
    }
    common = reader(after);
  } else if (*augmentation != '\0') {
    known = false;
  }
  const std::uintptr_t function = r.pointer(encoding, known);
  bool same = true;
  const std::uintptr_t size = r.pointer(encoding & 0x0f, same);
  if (!known || pc - function >= size) return out;
  out.function = function;
  if (sized) r.skip(r.uleb());
  if (!m.run(common, common_end, 0, ~std::uintptr_t{0}, encoding)) return out;
  m.initial = m.now;
  if (!m.run(r, end, function, pc, encoding)) return out;
  const state& s = m.now;
  if (s.pc == state::saved::undefined) {
    out.how = rule::way::nowhere;
    return out;
  }
  if (!s.cfa_known || (s.cfa_register != rbp && s.cfa_register != rsp) || s.pc != state::saved::at_offset ||
      (s.bp != state::saved::no && s.bp != state::saved::at_offset))
    return out;
  out.how = rule::way::described;
  out.from_bp = s.cfa_register == rbp;
  out.bp_is_saved = s.bp == state::saved::at_offset;
  out.cfa = static_cast<std::int32_t>(s.cfa_offset);
  out.bp = static_cast<std::int32_t>(s.bp_offset);
  out.pc = static_cast<std::int32_t>(s.pc_offset);
  return out;
}

// What is known, by return address. Only ever added to. (Code that is closed and another that is loaded in
// its place is not told apart.)
struct known_rule {
  std::uintptr_t pc;
  rule how;
  known_rule* next;
};
constexpr unsigned bucket_bits = 12;
constinit std::atomic<known_rule*> known_rules[std::size_t{1} << bucket_bits]{};

const rule& rule_for(std::uintptr_t pc) noexcept {
  std::atomic<known_rule*>& bucket = known_rules[pc * 0x9E3779B97F4A7C15u >> (64 - bucket_bits)];
  known_rule* first = bucket.load(std::memory_order_acquire);
  for (const known_rule* k = first; k != nullptr; k = k->next)
    if (k->pc == pc) return k->how;
  auto* const made = internal_new<known_rule>(pc, rule_at(pc - 1), first);
  while (!bucket.compare_exchange_weak(made->next, made, std::memory_order_acq_rel)) {
  }
  return made->how;
}

}  // namespace

bool step_out(native_frame& f, stack_window stack) noexcept {
  constexpr std::uintptr_t word = sizeof(std::uintptr_t);
  const auto readable = [&](std::uintptr_t a) {
    return a >= f.sp && a + word <= stack.high && a % word == 0;
  };
  const auto read = [](std::uintptr_t a) { return *reinterpret_cast<const std::uintptr_t*>(a); };
  const rule& r = rule_for(f.pc);
  native_frame caller;
  switch (r.how) {
    case rule::way::nowhere:
      return false;
    case rule::way::described: {
      const std::uintptr_t cfa = (r.from_bp ? f.bp : f.sp) + static_cast<std::uintptr_t>(std::int64_t{r.cfa});
      const std::uintptr_t pc_at = cfa + static_cast<std::uintptr_t>(std::int64_t{r.pc}),
                           bp_at = cfa + static_cast<std::uintptr_t>(std::int64_t{r.bp});
      if (cfa <= f.sp || !readable(pc_at) || (r.bp_is_saved && !readable(bp_at))) return false;
      caller = {read(pc_at), cfa, r.bp_is_saved ? read(bp_at) : f.bp};
      break;
    }
    case rule::way::by_frame_pointer:
      if (!readable(f.bp) || !readable(f.bp + word)) return false;
      caller = {read(f.bp + word), f.bp + 2 * word, read(f.bp)};
      break;
  }
  if (caller.pc == 0 || caller.sp > stack.high) return false;
  f = caller;
  return true;
}

std::uintptr_t function_around(std::uintptr_t pc) noexcept { return rule_for(pc).function; }

}  // namespace snag::detector
