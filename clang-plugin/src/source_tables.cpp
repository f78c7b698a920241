// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/source_tables.h"

#include <algorithm>
#include <cctype>
#include <tuple>

#include "llvm/ADT/STLExtras.h"
#include "llvm/Demangle/Demangle.h"

namespace snag::plugin {
namespace {

template <class T>
auto place_of(const T& entry) {
  return std::make_pair(entry.line, entry.column);
}

template <class T>
llvm::ArrayRef<T> entries_at(const std::vector<T>& sorted, std::uint32_t line, std::uint32_t column) {
  const auto less = [](const auto& a, const auto& b) { return place_of(a) < place_of(b); };
  T key;
  key.line = line;
  key.column = column;
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), key, less);
  return llvm::ArrayRef<T>(sorted).slice(static_cast<std::size_t>(first - sorted.begin()),
                                         static_cast<std::size_t>(last - first));
}

void sort_entries(source_function& f) {
  const auto by_place = [](const auto& a, const auto& b) { return place_of(a) < place_of(b); };
  std::sort(f.accesses.begin(), f.accesses.end(), by_place);
  std::sort(f.calls.begin(), f.calls.end(), by_place);
}

// Of each line its first entry stays, with the number of its run among those of the expression.
void number_runs(std::vector<expression_line>& all) {
  llvm::sort(all);
  std::vector<expression_line> out;
  llvm::SmallVector<std::uint32_t, 8> runs;
  for (const expression_line& e : all) {
    const auto known = llvm::find(runs, e.run);
    const auto number = static_cast<std::uint32_t>(known - runs.begin());
    if (known == runs.end()) runs.push_back(e.run);
    if (out.empty() || out.back().line != e.line) out.push_back({e.line, number});
  }
  all = std::move(out);
}

std::uint64_t hash_place(std::uint32_t line, std::uint32_t column) {
  return (std::uint64_t{line} << 16) | (column & 0xffff);
}

}  // namespace

llvm::ArrayRef<source_access> source_function::accesses_at(std::uint32_t line, std::uint32_t column) const {
  return entries_at(accesses, line, column);
}

source_call source_function::call_at(std::uint32_t line, std::uint32_t column, llvm::StringRef callee) const {
  const auto found = entries_at(calls, line, column);
  const auto names = [&](const source_call& c) {
    for (std::size_t at = callee.find(c.callee); at != llvm::StringRef::npos;
         at = callee.find(c.callee, at + 1)) {
      const llvm::StringRef rest = callee.substr(at + c.callee.size());
      if (rest.empty() || rest.front() == '(' || rest.front() == '<') return true;
    }
    return false;
  };
  const bool any = llvm::any_of(found, [&](const source_call& c) { return !c.callee.empty() && names(c); });
  source_call out;
  for (const source_call& c : found) {
    if (any && (c.callee.empty() || !names(c))) continue;
    if (!out.expression.empty() && out.expression != c.expression) return {};
    if (!out.expression.empty() && out.stored_in != c.stored_in) out.stored_in = {};
    if (!out.expression.empty() && out.object != c.object) out.object = {};
    if (!out.expression.empty() && out.argument != c.argument) out.argument = {};
    if (out.expression.empty()) out = c;
  }
  return out;
}

std::uint32_t source_function::ordinal_of(llvm::StringRef expression, std::uint32_t line) const {
  if (lines == nullptr || expression.empty()) return 0;
  const auto known = lines->find(expression);
  if (known == lines->end()) return 0;
  const std::vector<expression_line>& lines_of = known->second;
  const auto here = llvm::lower_bound(lines_of, expression_line{line, 0});
  if (here != lines_of.end() && here->line == line) return here->run;
  return here == lines_of.begin() ? 0 : std::prev(here)->run + 1;
}

source_function& source_tables::add_function(llvm::ArrayRef<std::string> mangled, std::uint32_t line,
                                             const source_record* self) {
  auto& same_name = by_name_[canonical_name(mangled.front())];
  for (source_function* known : same_name)
    if (known->line == line) {
      if (known->self != self) known->self = nullptr;
      return *known;
    }
  source_function* added = functions_.emplace_back(std::make_unique<source_function>()).get();
  added->linkage_name = text.save(mangled.front());
  added->line = line;
  added->self = self;
  same_name.push_back(added);
  for (const std::string& name : mangled.drop_front()) by_name_[canonical_name(name)].push_back(added);
  return *added;
}

void source_tables::note_lines(source_function& f) {
  expression_lines& lines =
      lines_[(f.file + "\n" + without_lambda_numbers(llvm::demangle(f.linkage_name))).str()];
  f.lines = &lines;
  for (const source_access& a : f.accesses)
    if (!a.names.expression.empty() && a.file == f.file) lines[a.names.expression].push_back({a.line, a.run});
  for (const source_call& c : f.calls)
    if (!c.expression.empty()) lines[c.expression].push_back({c.line, c.run});
}

void source_tables::finish() {
  for (auto& f : functions_) {
    sort_entries(*f);
    note_lines(*f);
  }
  for (auto& function : lines_)
    for (auto& expression : function.second) number_runs(expression.second);
  sort_entries(outside_);
}

const source_function* source_tables::find_function(llvm::StringRef mangled, std::uint32_t line) const {
  const auto found = by_name_.find(canonical_name(mangled));
  if (found == by_name_.end()) return nullptr;
  if (found->second.size() == 1) return found->second.front();
  for (const source_function* f : found->second)
    if (f->line == line) return f;
  return nullptr;
}

const access_names* source_tables::find_global(llvm::StringRef mangled) const {
  auto found = globals_.find(mangled);
  if (found == globals_.end()) found = globals_.find(without_part_number(mangled));
  return found == globals_.end() ? nullptr : &found->second;
}

llvm::StringRef source_tables::file_as_given(llvm::StringRef absolute) const {
  const auto found = files_.find(absolute);
  return found == files_.end() ? llvm::StringRef() : found->second;
}

std::vector<const source_access*> source_tables::accesses_anywhere(llvm::StringRef file, std::uint32_t line,
                                                                   std::uint32_t column) const {
  if (anywhere_.empty()) {
    for (const source_access& a : outside_.accesses) anywhere_[hash_place(a.line, a.column)].push_back(&a);
    for (const auto& f : functions_)
      for (const source_access& a : f->accesses) anywhere_[hash_place(a.line, a.column)].push_back(&a);
  }
  std::vector<const source_access*> found;
  const auto entry = anywhere_.find(hash_place(line, column));
  if (entry == anywhere_.end()) return found;
  llvm::copy_if(entry->second, std::back_inserter(found),
                [&](const source_access* a) { return a->file == file; });
  return found;
}

llvm::StringRef without_part_number(llvm::StringRef linkage_name) {
  return linkage_name.starts_with("_Z") ? linkage_name.take_until([](char c) { return c == '.'; })
                                        : linkage_name;
}

std::string canonical_name(llvm::StringRef mangled) {
  if (!mangled.contains("$_")) return mangled.str();
  std::string out;
  for (std::size_t i = 0; i < mangled.size(); ++i) {
    if (!mangled.substr(i).starts_with("$_")) {
      out.push_back(mangled[i]);
      continue;
    }
    while (!out.empty() && std::isdigit(static_cast<unsigned char>(out.back())))
      out.pop_back();  // its length
    out += "$_";
    ++i;
    while (i + 1 < mangled.size() && std::isdigit(static_cast<unsigned char>(mangled[i + 1]))) ++i;
  }
  return out;
}

std::string without_lambda_numbers(llvm::StringRef demangled) {
  std::string out;
  for (std::size_t i = 0; i < demangled.size();) {
    const llvm::StringRef rest = demangled.substr(i);
    std::size_t kept = 0;
    for (const llvm::StringRef marker : {"$_", "'lambda", "'unnamed"})
      if (rest.starts_with(marker)) kept = marker.size();
    out += rest.take_front(std::max<std::size_t>(kept, 1));
    i += std::max<std::size_t>(kept, 1);
    while (kept != 0 && i < demangled.size() && std::isdigit(static_cast<unsigned char>(demangled[i]))) ++i;
  }
  return out;
}

}  // namespace snag::plugin
