// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "tests/generated/program.h"

namespace snag::generated {
namespace {

std::string type(int bytes) { return "u" + std::to_string(bytes * 8); }

std::string order(int number) {
  static constexpr const char* names[] = {"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
  return std::string("std::memory_order_") + names[number];
}

class printer {
 public:
  explicit printer(const program& p) : program_(p) {}

  std::string all(const std::string& schedule) {
    line("namespace program_" + std::to_string(program_.seed) + " {");
    for (const variable& v : program_.variables)
      if (v.where == lives::globally) line("static " + declaration(v));
    for (std::size_t k = 0; k < program_.helpers.size(); ++k) print(program_.helpers[k], k);
    line("static void run() {");
    ++depth_;
    begin(0);
    print(program_.root);
    line("driver::result(read);");
    --depth_;
    line("}");
    line("GENERATED_PROGRAM({" + std::to_string(program_.seed) + ", run, \"" + schedule + "\"});");
    line("}");
    return out_.str();
  }

 private:
  void line(const std::string& text) {
    out_ << std::string(static_cast<std::size_t>(depth_) * 2, ' ') << text << '\n';
  }

  const variable& at(int number) const { return program_.variables[static_cast<std::size_t>(number)]; }

  std::string declaration(const variable& v) const {
    const std::string initial = std::to_string(v.initial);
    if (v.pointee >= 0) return v.declaration + " " + v.name + ";";
    if (v.is_record || v.is_odd) return v.declaration + " " + v.name + "{};";
    if (v.count == 1) return v.declaration + " " + v.name + "{" + initial + "};";
    std::string all = type(v.element) + " " + v.name + "[" + std::to_string(v.count) + "] = {";
    for (int k = 0; k < v.count; ++k) all += (k ? ", " : "") + initial;
    return all + "};";
  }

  void begin(int thread) {
    for (const variable& v : program_.variables) {
      if (v.where == lives::in_thread ? v.thread == thread : thread == 0 && v.where == lives::in_root)
        line(declaration(v));
      if (thread == 0 && v.where == lives::on_heap)
        line(v.declaration + "& " + v.name + " = *new " + v.declaration + "{" + std::to_string(v.initial) +
             "};");
    }
    for (std::size_t k = 0; k < program_.variables.size(); ++k) {
      const variable& v = program_.variables[k];
      if (v.where == lives::in_thread ? v.thread != thread : thread != 0) continue;
      line("driver::variable(" + std::to_string(k) + ", &" + v.name + ", sizeof " + v.name + ");");
      if (v.pointee >= 0) line(v.name + " = &" + at(v.pointee).name + ";");
    }
    line("u64 read = 1;");
  }

  void print(const helper& h, std::size_t number) {
    line(std::string(h.inlined ? "static inline " : "[[gnu::noinline]] static ") +
         (h.accumulates_by_reference ? "void" : "u64") + " helper" + std::to_string(number) + "(" +
         type(h.size) + "& v, u64" + (h.accumulates_by_reference ? "&" : "") + " read) {");
    ++depth_;
    print(h.body);
    if (!h.accumulates_by_reference) line("return read;");
    --depth_;
    line("}");
  }

  // As an atomic object.
  static std::string atomic(const place& p) {
    return p.atomic ? p.text : "std::atomic_ref<" + type(p.size) + ">(" + p.text + ")";
  }
  static std::string value(const node& n) {
    return "static_cast<" + type(n.p.size) + ">(" + std::to_string(n.number) + ")";
  }
  void mix(const std::string& what) { line("read = read * 31 + " + what + ";"); }

  void block(const std::string& head, const std::vector<node>& body) {
    line(head);
    ++depth_;
    print(body);
    --depth_;
  }

  void print(const std::vector<node>& body) {
    for (const node& n : body) print(n);
  }

  void print(const node& n) {
    const std::string& p = n.p.text;
    const std::string number = std::to_string(n.number), bit = "(read >> " + std::to_string(n.bit) + " & 1)";
    switch (n.what) {
      case does::store:
        line(p + " = " + number + ";");
        break;
      case does::store_read:
        line(p + " = static_cast<" + type(n.p.size) + ">(read + " + number + ");");
        break;
      case does::load:
        mix(p);
        break;
      case does::bump:
        line(p + " += " + number + ";");
        break;
      case does::peek:
        mix("peek<" + type(n.p.size) + ">(" + p + ", " + std::to_string(n.p.offset) + ")");
        break;
      case does::poke:
        line("poke<" + type(n.p.size) + ">(" + p + ", " + std::to_string(n.p.offset) + ", " + number + ");");
        break;
      case does::choose:
        mix("(" + bit + " ? u64{" + p + "} : u64{" + n.q.text + "})");
        break;
      case does::both:
        line("if (" + p + " == " + number + " && " + n.q.text + " != 0) read = read * 31 + 1;");
        break;
      case does::when:
        block("if " + bit + " {", n.body);
        if (!n.otherwise.empty()) block("} else {", n.otherwise);
        line("}");
        break;
      case does::repeat:
        block("for (u32 i0 = 0, times = " + (n.dynamic ? "static_cast<u32>(read & 3)" : number) +
                  "; i0 < times; ++i0) {",
              n.body);
        line("}");
        break;
      case does::call: {
        const bool reference = program_.helpers[static_cast<std::size_t>(n.number)].accumulates_by_reference;
        line((reference ? "" : "read = ") + std::string("helper") + number + "(" + p + ", read);");
        break;
      }
      case does::copy:
        line(p + " = " + n.q.text + ";");
        break;
      case does::fill:
        line("std::memset(&" + p + ", " + number + ", sizeof " + p + ");");
        break;
      case does::point:
        line(p + " = &" + at(n.number).name + ";");
        break;
      case does::atomic_load:
        mix(atomic(n.p) + ".load(" + order(n.order) + ")");
        break;
      case does::atomic_store:
        line(atomic(n.p) + ".store(" + value(n) + ", " + order(n.order) + ");");
        break;
      case does::atomic_add:
        mix(atomic(n.p) + ".fetch_add(" + value(n) + ", " + order(n.order) + ")");
        break;
      case does::exchange:
        mix(atomic(n.p) + ".exchange(" + value(n) + ", " + order(n.order) + ")");
        break;
      case does::compare: {
        line("{");
        ++depth_;
        line(type(n.p.size) + " seen = " + number + ";");
        line("const bool same = " + atomic(n.p) + ".compare_exchange_strong(seen, " +
             std::to_string(n.number + 1) + ", " + order(n.order) + ", " + order(n.failure_order) + ");");
        mix("seen");
        mix("same");
        --depth_;
        line("}");
        break;
      }
      case does::when_set:
        block("if (" + atomic(n.p) + ".load(" + order(n.order) + ") != 0) {", n.body);
        line("}");
        break;
      case does::fence:
        line("std::atomic_thread_fence(" + order(n.order) + ");");
        break;
      case does::turn:
        line("driver::turn();");
        break;
      case does::locked:
        block("{", {});
        ++depth_;
        line("const driver::guard held(" + number + ");");
        print(n.body);
        --depth_;
        line("}");
        break;
      case does::spawn:
        line("const int thread" + number + " = driver::spawn(" + (n.joinable ? "true" : "false") + ", [&] {");
        ++depth_;
        begin(n.number);
        print(n.body);
        line("driver::result(read);");
        --depth_;
        line("});");
        break;
      case does::join:
        line("driver::join(thread" + number + ");");
        break;
      case does::await:
        line("driver::await(thread" + number + ");");
        break;
      case does::done:
        line("driver::done(0);");
        break;
      case does::wait:
        line("driver::wait(0, " + number + ");");
        break;
    }
  }

  const program& program_;
  std::ostringstream out_;
  int depth_ = 0;
};

}  // namespace

std::string source_of(const program& p, const std::string& schedule) { return printer(p).all(schedule); }

}  // namespace snag::generated
