// SPDX-License-Identifier: Apache-2.0
#include "detector/src/render_json.h"
#include "runtime/options.h"

#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#ifndef SNAG_VERSION
#define SNAG_VERSION "0"
#endif

namespace snag::detector {
namespace {

// Members in the order they are set, all memory our own.
using json = nlohmann::basic_json<nlohmann::ordered_map, std::vector, string, bool, std::int64_t,
                                  std::uint64_t, double, internal_allocator>;

string address(std::uint64_t a) {
  char text[24];
  char* at = text + sizeof text;
  do *--at = "0123456789abcdef"[a & 15];
  while ((a >>= 4) != 0);
  string out("0x");
  out.append(at, static_cast<std::size_t>(text + sizeof text - at));
  return out;
}

json frames(const vector<source_frame>& stack) {
  json out = json::array();
  for (const source_frame& f : stack) {
    json frame = json::object();
    frame["function"] = f.function;
    frame["file"] = f.file;
    frame["line"] = f.line;
    frame["column"] = f.column;
    frame["inlined"] = f.inlined;
    frame["runtime"] = f.runtime;
    frame["library"] = f.library;
    frame["call"] = f.call;
    out.push_back(std::move(frame));
  }
  return out;
}

json lock(const lock_description& l) {
  json out = json::object();
  out["kind"] = l.kind;
  out["mode"] = l.mode;
  out["name"] = l.name;
  out["address"] = address(l.address);
  out["taken_at"] = frames(l.taken_at);
  return out;
}

json number_or_null(std::int64_t n) { return n < 0 ? json(nullptr) : json(n); }

json access(const access_description& a) {
  json out = json::object();
  out["operation"] = a.operation;
  out["address"] = address(a.address);
  out["size"] = a.size;
  out["actor"] = a.actor;
  out["expression"] = a.expression;
  out["variable"] = a.variable;
  out["type"] = a.type;
  out["declaration"] = a.declaration;
  out["capture"] = a.capture;
  out["path"] = a.path;
  out["index"] = number_or_null(a.index);
  out["record"] = a.record;
  out["field_offset"] = number_or_null(a.field_offset);
  out["through"] = a.through;
  out["object"] = a.object;
  out["object_type"] = a.object_type;
  out["object_declaration"] = a.object_declaration;
  out["object_size"] = a.object_size;
  out["stack"] = frames(a.stack);
  out["recursion_folded"] = a.recursion_folded;
  out["locks"] = json::array();
  for (const lock_description& l : a.locks) out["locks"].push_back(lock(l));
  out["last_release"] = frames(a.last_release);
  return out;
}

json memory(const memory_description& m) {
  json out = json::object();
  out["kind"] = m.kind;
  out["name"] = m.name;
  out["module"] = m.module;
  out["base"] = address(m.base);
  out["size"] = m.size;
  out["owner"] = m.owner;
  out["freed"] = m.freed;
  out["element"] = number_or_null(m.element);
  out["allocated_at"] = frames(m.allocated_at);
  return out;
}

json actor(const actor_description& a) {
  json out = json::object();
  out["id"] = a.id;
  out["kind"] = a.kind;
  out["name"] = a.name;
  out["state"] = a.state;
  out["parent"] = a.parent;
  out["created_at"] = frames(a.created_at);
  out["recursion_folded"] = a.recursion_folded;
  return out;
}

json order(const finding& f) {
  json out = json::object();
  out["release_met"] = f.release_met;
  out["starts"] = json::array();
  for (const start_description& s : f.starts) {
    json start = json::object();
    start["actor"] = s.actor;
    start["kind"] = s.kind;
    start["name"] = s.name;
    start["parent"] = s.parent;
    start["at"] = frames(s.at);
    out["starts"].push_back(std::move(start));
  }
  return out;
}

json wait(const wait_description& w) {
  json out = json::object();
  out["actor"] = w.actor;
  out["state"] = w.state;
  out["milliseconds"] = number_or_null(w.seconds < 0 ? -1 : static_cast<std::int64_t>(w.seconds * 1000));
  out["alike"] = w.alike;
  out["behind"] = w.behind;
  out["for"] = json::array();
  for (const wait_target_description& t : w.targets) {
    json target = json::object();
    target["operation"] = t.operation;
    target["kind"] = t.kind;
    target["name"] = t.name;
    target["address"] = address(t.address);
    target["reason"] = t.reason;
    target["held_by"] = json::array();
    for (const holder_description& h : t.held_by) {
      json holder = json::object();
      holder["actor"] = h.actor;
      holder["mode"] = h.mode;
      holder["taken_at"] = frames(h.taken_at);
      target["held_by"].push_back(std::move(holder));
    }
    target["last_handle"] = nullptr;
    if (t.last_handle_of != 0) {
      json last = json::object();
      last["actor"] = t.last_handle_of;
      last["stack"] = frames(t.last_handle);
      target["last_handle"] = std::move(last);
    }
    out["for"].push_back(std::move(target));
  }
  out["stack"] = frames(w.stack);
  out["recursion_folded"] = w.recursion_folded;
  return out;
}

// No allocation, no locale: for signal handlers.
class document_writer {
 public:
  explicit document_writer(document_sink sink) : sink_(sink) {}
  document_writer& operator<<(const char* text) { return raw(text, std::strlen(text)); }
  document_writer& operator<<(std::uint64_t n) {
    char digits[24];
    char* at = digits + sizeof digits;
    do *--at = static_cast<char>('0' + n % 10);
    while ((n /= 10) != 0);
    return raw(at, static_cast<std::size_t>(digits + sizeof digits - at));
  }
  document_writer& raw(const char* bytes, std::size_t n) {
    if (n > sizeof buffer_ - used_) flush();
    if (n > sizeof buffer_) {
      ok_ = ok_ && sink_.write(sink_.self, bytes, n);
    } else {
      std::memcpy(buffer_ + used_, bytes, n);
      used_ += n;
    }
    return *this;
  }
  bool finish() {
    flush();
    return ok_;
  }

 private:
  void flush() {
    if (used_ != 0) ok_ = ok_ && sink_.write(sink_.self, buffer_, used_);
    used_ = 0;
  }
  document_sink sink_;
  bool ok_ = true;
  std::size_t used_ = 0;
  char buffer_[2048];  // alternate signal stacks are small
};

}  // namespace

string render_piece(const finding& f) {
  json out = json::object();
  out["fingerprint"] = f.fingerprint;
  out["kind"] = word(f.kind);
  out["rule"] = f.rule;
  out["message"] = f.message;
  out["accesses"] = json::array();
  for (const access_description& a : f.accesses) out["accesses"].push_back(access(a));
  out["memory"] = memory(f.memory);
  out["missing_edge"] = f.missing_edge;
  out["order"] = f.missing_edge.empty() ? json(nullptr) : order(f);
  out["certainty"] = word(f.backing);
  if (!f.shape.empty()) {
    out["shape"] = f.shape;
    out["waits"] = json::array();
    for (const wait_description& w : f.waits) out["waits"].push_back(wait(w));
    out["remedy"] = f.remedy;
    out["scopes"] = json::array();
    for (const scope_description& s : f.scopes) {
      json one = json::object();
      one["name"] = s.name;
      one["file"] = s.file;
      one["line"] = s.line;
      one["count"] = s.count;
      out["scopes"].push_back(std::move(one));
    }
  }
  out["hints"] = json::array();
  for (const hint& h : f.hints) {
    json one = json::object();
    one["rule"] = h.rule;
    one["text"] = h.text;
    out["hints"].push_back(std::move(one));
  }
  out["actors"] = json::array();
  for (const actor_description& a : f.actors) out["actors"].push_back(actor(a));
  // Names come from source files of any encoding: bad bytes become U+FFFD instead of an exception.
  const string plain = out.dump(2, ' ', false, json::error_handler_t::replace);
  string piece;
  for (const char c : std::string_view(plain).substr(1)) {  // without the opening brace
    piece.push_back(c);
    if (c == '\n') piece.append("    ");
  }
  return piece;
}

string quoted_json(const string& text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

string render_audit_piece(const audit& a) {
  json out = json::object();
  out["complete"] = a.complete();
  if (a.usage.waits_only) out["mode"] = "deadlock";
  out["modules"] = a.usage.modules;
  out["access_sites"] = a.usage.access_sites;
  out["records"] = a.usage.records;
  out["shadow_bytes"] = a.usage.shadow_bytes;
  out["other_bytes"] = a.usage.other_bytes;
  out["contexts"] = a.usage.contexts;
  out["context_bytes"] = a.usage.context_bytes;
  json skipped = json::object();
  skipped["in_signal_handlers"] = a.gaps.in_signal_handlers;
  skipped["by_nobody"] = a.gaps.by_nobody;
  skipped["unrecorded"] = a.gaps.unrecorded;
  out["skipped"] = std::move(skipped);
  out["without_stack"] = a.gaps.without_stack;
  out["without_locks"] = a.gaps.without_locks;
  out["ignored"] = a.usage.ignored;
  out["dropped_findings"] = a.dropped;
  out["unseen_modules"] = json::array();
  for (const string& name : a.unseen) out["unseen_modules"].push_back(name);
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool write_document(const kept_finding* first, const unlisted_findings& unlisted, const run_end& end,
                    document_sink sink) {
  document_writer out(sink);
  std::uint64_t listed = 0, occurrences = unlisted.beyond_limit;
  for (const kept_finding* k = first; k; k = k->next.load(std::memory_order_acquire)) {
    ++listed;
    occurrences += k->count.load(std::memory_order_relaxed);
  }
  out << "{\n  \"schema\": \"snag-findings/7\",\n  \"tool\": {\n    \"name\": \"snag\",\n    \"version\": \""
      << SNAG_VERSION << "\"\n  },\n  \"run\": {\n    \"end\": \"" << end.reason << "\",\n    \"signal\": ";
  if (end.signal)
    out << "\"" << end.signal << "\"";
  else
    out << "null";
  out << ",\n    \"status\": ";
  if (end.status >= 0)
    out << static_cast<std::uint64_t>(end.status);
  else
    out << "null";
  out << ",\n    \"seed\": ";
  if (const char* const seed = snag::detail::option("seed"); seed != nullptr)
    out << "\"" << seed << "\"";
  else
    out << "null";
  out << ",\n    \"audit\": " << (end.audit != nullptr ? end.audit : "null");
  out << "\n  },\n  \"totals\": {\n    \"distinct\": " << listed + unlisted.beyond_limit
      << ",\n    \"occurrences\": " << occurrences << ",\n    \"not_listed\": " << unlisted.beyond_limit
      << ",\n    \"suppressed\": " << unlisted.suppressed << "\n  },\n  \"suppressions\": [";
  const char* comma = "\n    ";
  for (std::size_t i = 0; i < unlisted.rule_count; ++i) {
    const suppression_use& use = unlisted.rules[i];
    out << comma << "{ \"rule\": " << use.rule << ", \"line\": " << use.line << ", \"count\": " << use.count
        << " }";
    comma = ",\n    ";
  }
  out << (unlisted.rule_count != 0 ? "\n  ],\n  \"findings\": [" : "],\n  \"findings\": [");
  const char* separator = "\n    {\n      \"count\": ";
  // Bounded by the number counted above: findings may still be arriving.
  for (const kept_finding* k = first; listed != 0; k = k->next.load(std::memory_order_acquire), --listed) {
    out << separator << k->count.load(std::memory_order_relaxed) << ",\n      \"tests\": [";
    for (const test_names::entry* e = k->tests.first(); e != nullptr;) {
      out << e->test->quoted;
      e = e->next.load(std::memory_order_acquire);
      if (e != nullptr) out << ", ";
    }
    out << "]," << k->piece.load(std::memory_order_acquire);
    separator = ",\n    {\n      \"count\": ";
  }
  out << (first ? "\n  ]\n}\n" : "]\n}\n");
  return out.finish();
}

}  // namespace snag::detector
