// SPDX-License-Identifier: Apache-2.0
// By the functions' mangled names (Itanium C++ ABI, of libstdc++ and libc++): So, Si, Sd are std::ostream,
// istream, iostream.
#include "clang-plugin/src/library_objects.h"

#include <algorithm>
#include <optional>

#include "clang-plugin/src/call_facts.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstrTypes.h"

namespace snag::plugin {
namespace {

using llvm::StringRef;

// Where in an object the bytes are that stand for it.
struct part {
  bool of_virtual_base;  // basic_ios, of a stream
  std::uint64_t offset, size;
};
// std::ios_base behind its vtable pointer: precision, width, flags, exceptions, state.
constexpr part stream_state{true, 8, 32}, format_state{false, 8, 32};
// std::basic_streambuf behind its vtable pointer: the two areas.
constexpr part buffer_areas{false, 8, 48};
constexpr part path_text{false, 0, 32};  // std::filesystem::path begins with its std::string
constexpr std::uint64_t string_size = 32;
constexpr part libcxx_string{false, 0, 24};

constexpr StringRef streams[] = {
    "So", "Si", "Sd", "St13basic_ostreamI", "St13basic_istreamI", "St14basic_iostreamI",
    "St14basic_ofstreamI", "St14basic_ifstreamI", "St13basic_fstreamI", "St7__cxx1119basic_ostringstreamI",
    "St7__cxx1119basic_istringstreamI", "St7__cxx1118basic_stringstreamI",
    // libc++'s
    "St3__113basic_ostreamI", "St3__113basic_istreamI", "St3__114basic_iostreamI", "St3__114basic_ofstreamI",
    "St3__114basic_ifstreamI", "St3__113basic_fstreamI", "St3__119basic_ostringstreamI",
    "St3__119basic_istringstreamI", "St3__118basic_stringstreamI"};
constexpr StringRef formats[] = {"St9basic_iosI", "St8ios_base", "St3__19basic_iosI", "St3__18ios_base"};
constexpr StringRef buffers[] = {"St15basic_streambufI",         "St13basic_filebufI",
                                 "St7__cxx1115basic_stringbufI", "St3__115basic_streambufI",
                                 "St3__113basic_filebufI",       "St3__115basic_stringbufI"};
// libc++ has std::string in its shared object, short texts within the object.
constexpr StringRef strings[] = {"St3__112basic_stringI"};
constexpr StringRef locale = "St6locale";
constexpr StringRef path = "St10filesystem7__cxx114path";
constexpr StringRef functions[] = {"_ZStls",      "_ZStrs",   "_ZSt4endlI",    "_ZSt4endsI",
                                   "_ZSt5flushI", "_ZSt2wsI", "_ZSt7getlineI", "_ZSt16__ostream_insertI"};

bool begins_with_one(StringRef& name, llvm::ArrayRef<StringRef> prefixes) {
  for (const StringRef prefix : prefixes)
    if (name.consume_front(prefix)) return true;
  return false;
}

// Behind "_ZN". Whether the member is const.
bool drop_qualifiers(StringRef& name) {
  const bool constant = name.consume_front("K");
  if (!name.consume_front("R")) name.consume_front("O");  // for lvalues only, or rvalues
  return constant;
}

// The rest of a template's name behind its arguments, of which there is one, the character type: "IcS…EE".
void drop_arguments(StringRef& name) {
  int depth = 1;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] >= '0' && name[i] <= '9') {  // an identifier, with its length before it
      unsigned length = 0;
      while (i < name.size() && name[i] >= '0' && name[i] <= '9') length = length * 10 + (name[i++] - '0');
      i += length - 1;
    } else if (name[i] == 'S' && i + 1 < name.size()) {
      ++i;  // a substitution or St, Sa, Ss
      if (name[i] != 't' && name[i] != 'a' && name[i] != 's' && name[i] != '_')
        while (i < name.size() && name[i] != '_') ++i;
    } else if (name[i] == 'I' || name[i] == 'N') {
      ++depth;
    } else if (name[i] == 'E' && --depth == 0) {
      name = name.drop_front(i + 1);
      return;
    }
  }
}

// Constructors and destructors have an object to themselves, or end it, which is told of elsewhere.
bool is_life(StringRef member) {
  return member.starts_with("C1") || member.starts_with("C2") || member.starts_with("D0") ||
         member.starts_with("D1") || member.starts_with("D2");
}

// Members of nested classes, whose own name stands between, and static members.
bool is_elsewhere(StringRef member) {
  for (const StringRef shared : {"6xalloc", "15sync_with_stdio", "6global", "7classic"})
    if (member.starts_with(shared)) return true;
  unsigned length = 0;
  if (member.consumeInteger(10, length)) return false;  // an operator
  if (member.take_front(length).starts_with("_S_")) return true;
  const StringRef behind = member.drop_front(std::min<std::size_t>(length, member.size()));
  return !behind.starts_with("E") && !behind.starts_with("I") && !behind.starts_with("B");
}

std::optional<part> part_of_member(StringRef name) {
  const bool short_name = name.starts_with("So") || name.starts_with("Si") || name.starts_with("Sd");
  const bool plain = short_name || name.starts_with("St8ios_base") || name.starts_with("St3__18ios_base") ||
                     name.starts_with(path) || name.starts_with(locale);
  std::optional<part> found;
  if (begins_with_one(name, streams))
    found = stream_state;
  else if (begins_with_one(name, formats))
    found = format_state;
  else if (begins_with_one(name, buffers))
    found = buffer_areas;
  else if (begins_with_one(name, strings))
    found = libcxx_string;
  else if (name.consume_front(path))
    found = path_text;
  else if (name.consume_front(locale))
    found = part{false, 0, 8};
  if (!found) return {};
  if (!plain) drop_arguments(name);
  if (is_life(name) || is_elsewhere(name)) return {};
  return found;
}

std::optional<part> part_of_first_argument(StringRef name) {
  const bool stream = name.contains("basic_ostream") || name.contains("basic_istream") ||
                      name.contains("RSo") || name.contains("RSi");
  return stream && begins_with_one(name, functions) ? std::optional(stream_state) : std::nullopt;
}

std::uint64_t size_of_scalar(char code) {
  return llvm::StringSwitch<std::uint64_t>(StringRef(&code, 1))
      .Cases("b", "c", "a", "h", 1)
      .Cases("s", "t", 2)
      .Cases("i", "j", "f", "w", 4)
      .Cases("l", "m", "x", "y", "d", 8)
      .Cases("P", "e", 16)
      .Default(0);
}

// What an extraction stores through its second argument; 0: nothing, or what the library's calls of memcpy
// and the like tell.
std::uint64_t bytes_extracted(StringRef name) {
  if (name.consume_front("_ZNSirsER") || name.consume_front("_ZNSi10_M_extractI") ||
      name.consume_front("_ZNSi3getER") ||
      name.consume_front("_ZNSt3__113basic_istreamIcNS_11char_traitsIcEEErsER") ||
      name.consume_front("_ZNSt3__113basic_istreamIcNS_11char_traitsIcEEE3getER"))
    return name.empty() ? 0 : size_of_scalar(name.front());
  if (!name.starts_with("_ZStrsI") && !name.starts_with("_ZSt7getlineI")) return 0;
  if (name.contains("RNSt7__cxx1112basic_string")) return string_size;
  return name.ends_with("_RS3_") ? size_of_scalar(name[7]) : 0;
}

llvm::Value* address_of(llvm::CallBase& call, llvm::Value* object, part p) {
  llvm::IRBuilder<> builder(&call);
  if (p.of_virtual_base) {
    // The offset of the (only) virtual base stands before the vtable's address point.
    constexpr std::int64_t offset_of_base = -24;
    llvm::Value* const table = builder.CreateLoad(builder.getPtrTy(), object);
    llvm::Value* const place = builder.CreateConstGEP1_64(builder.getInt8Ty(), table, offset_of_base);
    llvm::Value* const base = builder.CreateLoad(builder.getInt64Ty(), place);
    object = builder.CreateGEP(builder.getInt8Ty(), object, base);
  }
  return builder.CreateConstGEP1_64(builder.getInt8Ty(), object, p.offset);
}

// std::filesystem's functions that say what went wrong through their last parameter clear it otherwise.
constexpr std::uint64_t error_code_size = 16;
bool fills_error_code(StringRef name) {
  return (name.starts_with("_ZNSt10filesystem") || name.starts_with("_ZNKSt10filesystem")) &&
         name.ends_with("RSt10error_code");
}

}  // namespace

void find_library_accesses(llvm::Instruction& i, llvm::SmallVectorImpl<access>& out) {
  auto* const call = llvm::dyn_cast<llvm::CallBase>(&i);
  const llvm::Function* const callee = call == nullptr ? nullptr : callee_of(*call);
  if (callee == nullptr || !callee->isDeclarationForLinker()) return;
  StringRef name = callee->getName();
  if (!name.starts_with("_ZN") && !name.starts_with("_ZSt")) return;
  if (fills_error_code(name) && !call->arg_empty())
    out.push_back(access_by_callee(*call, call->getArgOperand(call->arg_size() - 1), error_code_size, true));
  const unsigned first = call->hasStructRetAttr() ? 1 : 0;
  if (call->arg_size() <= first || !call->getArgOperand(first)->getType()->isPointerTy()) return;
  const StringRef whole = name;
  const bool member = name.consume_front("_ZN"), constant = member && drop_qualifiers(name);
  const std::optional<part> p = member ? part_of_member(name) : part_of_first_argument(whole);
  if (!p) return;
  out.push_back(
      access_by_callee(*call, address_of(*call, call->getArgOperand(first), *p), p->size, !constant));
  out.back().of_object = true;
  if (const std::uint64_t size = bytes_extracted(whole); size != 0 && call->arg_size() > first + 1)
    out.push_back(access_by_callee(*call, call->getArgOperand(first + 1), size, true));
}

bool is_stream_member_of_library(const llvm::Function& f) {
  StringRef name = f.getName();
  if (!f.hasAvailableExternallyLinkage() || !name.consume_front("_ZN")) return false;
  drop_qualifiers(name);
  return begins_with_one(name, streams) || begins_with_one(name, formats) || begins_with_one(name, buffers);
}

}  // namespace snag::plugin
