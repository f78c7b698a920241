# SPDX-License-Identifier: Apache-2.0
"""What a report says about the memory: elements, fields, names."""
import unittest

from support import FINDINGS, program_test

RACE = """\
#include <snag/snag.h>
template <class F, class G>
void race(F f, G g) {
  snag::wait_group wg;
  wg.go(f);
  wg.go(g);
  wg.wait();
}
"""
LEVELS = ("-O0", "-O2")


class details(program_test):
    def each_level(self, text, *words):
        for level in LEVELS:
            result = self.findings_of(RACE + text, level, *words)
            self.assertEqual(result.status, FINDINGS, level)
            yield result

    def only(self, result):
        self.assertEqual(len(result.findings), 1, [f["message"] for f in result.findings])
        return result.findings[0]

    def test_elements_are_numbered_where_the_object_is_known(self):
        text = """
#include <array>
#include <vector>
struct item { int id; long pad; int count; };
struct bag { int n; item items[8]; };
int numbers[10];
bag shared;
std::array<long, 6> fixed;
int table[3][4];
int main(int argc, char**) {
  const int k = 2 + argc;  // 3
  bag* p = new bag{};
  int* h = new int[20]{};
  std::vector<int> v(9);
  int local[6] = {};
  auto all = [&] {
    numbers[k]++;
    numbers[7]++;
    shared.items[k].count++;
    fixed[k + 1]++;
    table[k - 1][k]++;
    p->items[k].count++;
    h[k + 2]++;
    v[k + 3]++;
    local[k]++;
  };
  race(all, all);
}
"""
        expected = {  # expression: path, index, record, field_offset, element of the block
            "numbers[k]": ("numbers[3]", 3, "", None, None),
            "numbers[7]": ("numbers[7]", None, "", None, None),
            "shared.items[k].count": ("shared.items[3].count", 3, "item", 16, None),
            "fixed[k + 1]": ("fixed[4]", 4, "", None, None),
            "table[k - 1][k]": ("table[2][3]", 3, "", None, None),
            "p->items[k].count": ("p->items[3].count", 3, "item", 16, None),
            "h[k + 2]": ("h[k + 2]", None, "", None, 5),
            "v[k + 3]": ("v[6]", 6, "", None, None),
            "local[k]": ("local[k]", None, "", None, None),
        }
        for result in self.each_level(text):
            said = {}
            for f in result.findings:
                for a in f["accesses"]:
                    said[a["expression"]] = (a["path"], a["index"], a["record"], a["field_offset"],
                                             f["memory"]["element"])
            self.assertEqual(said, expected)
        text = self.run_text(self.folder / "app", "seed=1").text
        for line in ("\n  numbers[3]\n", "\n  shared.items[3].count, at offset 16 of item\n",
                     "\n  p->items[3].count, at offset 16 of item\n", "\n  v[6]\n",
                     "\nLocation: byte 20, element 5, of a heap block of 80 bytes at "):
            self.assertIn(line, text)

    def test_no_element_is_guessed(self):
        text = """
struct item { int id; int count; };
struct bag { long head; item items[4]; };
int main(int argc, char**) {
  const int k = argc;
  auto* two = static_cast<bag*>(__builtin_malloc(2 * sizeof(bag)));
  bag* second = two + 1;
  auto all = [&] { second->items[k].count = 1; };
  race(all, all);
}
"""
        for result in self.each_level(text):
            for a in self.only(result)["accesses"]:
                self.assertEqual((a["path"], a["index"]), ("second->items[k].count", None))
                self.assertEqual((a["record"], a["field_offset"]), ("item", 4))

    def test_fields_have_their_offset(self):
        text = """
struct base { long created; int version; };
struct account : base {
  int id;
  long balance;
  void deposit() { balance += 1; version = 2; }
};
int main() {
  account a{};
  race([&] { a.deposit(); }, [&] { a.deposit(); });
}
"""
        for result in self.each_level(text):
            said = {a["variable"]: (a["path"], a["record"], a["field_offset"])
                    for f in result.findings for a in f["accesses"]}
            self.assertEqual(said, {"account::balance": ("balance", "account", 24),
                                    "base::version": ("version", "base", 8)})

    def test_a_block_is_named_after_what_its_pointer_was_stored_in(self):
        text = """
#include <cstdlib>
#include <memory>
struct node { int value; };
node* made;
int main() {
  made = new node{1};
  auto* room = static_cast<int*>(std::malloc(40));
  auto owned = std::make_unique<int>(1);
  auto all = [&] { made->value = 2; room[3] = 1; *owned = 3; };
  race(all, all);
}
"""
        for result in self.each_level(text):
            self.assertEqual(sorted(f["memory"]["name"] for f in result.findings), ["made", "owned", "room"])
        self.assertIn(", stored in room, allocated by ", self.run_text(self.folder / "app", "seed=1").text)

    def test_loops_with_bindings_are_called_by_their_head(self):
        text = """
#include <map>
std::map<int, int> prices{{1, 2}};
int sink;
int main() {
  race([] { for (auto [key, value] : prices) sink = key + value; }, [] { prices.begin()->second = 4; });
}
"""
        for result in self.each_level(text):
            finding = self.only(result)
            self.assertIn("[key, value] : prices", [a["expression"] for a in finding["accesses"]])
            whole = str(finding)
            self.assertNotIn("__range", whole.replace("for_range", ""))

    def test_loops_over_views_say_what_they_are_about(self):
        text = """
#include <map>
#include <ranges>
std::map<int, int> prices{{1, 2}};
int sink;
int main() {
  race([] { for (auto value : prices | std::views::values) sink = value; }, [] { prices.begin()->second = 4; });
}
"""
        for result in self.each_level(text):
            said = {(a["expression"], a["type"]) for a in self.only(result)["accesses"]}
            self.assertIn(("value : prices | std::views::values", "int"), said)

    def test_a_static_variable_that_was_cut_into_parts_has_its_name(self):
        text = """
struct pair { long first, second; };
[[gnu::noinline]] long latest_of(long x) {
  static pair latest{1, 2};
  latest.second += x;
  return latest.second;
}
int main() {
  race([] { latest_of(1); }, [] { latest_of(2); });
}
"""
        for result in self.each_level(text):
            finding = self.only(result)
            self.assertNotIn("_ZZ", str(finding["memory"]["name"]))
            self.assertIn("latest", finding["memory"]["name"])

    def test_a_call_of_libc_names_its_buffer(self):
        text = """
#include <unistd.h>
int main() {
  int fds[2];
  if (pipe(fds) != 0 || write(fds[1], "abcdefgh", 8) != 8) return 1;
  char buffer[8];
  race([&] { if (read(fds[0], buffer, 8) != 8) _exit(1); }, [&] { buffer[2] = 'x'; });
}
"""
        for result in self.each_level(text):
            self.assertEqual({a["variable"] for a in self.only(result)["accesses"]}, {"buffer"})

    def test_an_argument_that_a_container_reads_is_named(self):
        text = """
#include <set>
int main() {
  std::set<int> kept;
  int job = 2;
  race([&] { kept.insert(job); }, [&] { job = 5; });
}
"""
        for result in self.each_level(text):
            finding = self.only(result)
            self.assertEqual({a["variable"] if not a["through"] else a["object"] for a in finding["accesses"]},
                             {"job"})
            self.assertNotIn("container-not-synchronised", [h["rule"] for h in finding["hints"]])

    def test_operators_of_library_objects_name_the_object(self):
        text = """
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>
struct record {
  int id = 0;
  std::string name;
};
std::string text;
int main() {
  std::string a, b;
  std::map<std::string, int> ages;
  std::vector<std::string> names(4);
  std::ostringstream out;
  std::function<void()> call = [] {};
  std::vector<bool> bits(8);
  record r, s;
  std::string* p = &a;
  auto shared = std::make_shared<int>(1);
  int i = 2;
  race([] { text = "x"; }, [] { text += "y"; });
  race([&] { a = b; }, [&] { a = "z"; });
  race([&] { ages["k"] = 1; }, [&] { ages["j"] = 2; });
  race([&] { names[i] = "x"; }, [&] { names[i] += "yy"; });
  race([&] { out << 1 << 2; }, [&] { out << "y"; });
  race([&] { call = nullptr; }, [&] { if (call) out.clear(); });
  race([&] { bits[1] = true; }, [&] { bits[2] = true; });
  race([&] { r = s; }, [&] { r.name = "x"; });
  race([p] { *p = "x"; }, [&] { a = "y"; });
  race([&] { shared = nullptr; }, [&] { auto copy = shared; });
}
"""
        expected = {  # object: type, line of the declaration, bytes
            "text": ("std::string", 20, 32),
            "a": ("std::string", 22, 32),
            "ages": ("std::map<std::string, int>", 23, 48),
            "names[i]": ("std::basic_string<char>", 24, 32),
            "out": ("std::ostringstream", 25, 376),
            "call": ("std::function<void ()>", 26, 32),
            "bits": ("std::vector<bool>", 27, 40),
            "r": ("record", 28, 40),
            "r.name": ("std::string", 18, 32),
            "*p": ("std::string", None, 32),
            "shared": ("std::shared_ptr<int>", 30, 16),
        }
        for result in self.each_level(text):
            said = {}
            for f in result.findings:
                for a in f["accesses"]:
                    if a["through"]:
                        line = a["object_declaration"].rpartition(":")[2]
                        said[a["object"]] = (a["object_type"], int(line) if line else None, a["object_size"])
            self.assertEqual(said, expected)
        text = self.run_text(self.folder / "app", "seed=1").text
        self.assertRegex(text, r"\nVariable: text \(std::string, 32 bytes\), declared at .*app.cpp:20, in text \+?= ")
        self.assertRegex(text, r"\nVariable, previous access: text \(std::string, 32 bytes\), declared at ")

    def test_locks_are_named_as_elements_and_members(self):
        text = """
#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
struct shard {
  int pad;
  std::mutex m;
};
struct account {
  std::mutex m;
  long balance = 0;
  void put() {
    std::lock_guard guard(m);
    balance++;
  }
};
std::mutex locks[4];
struct {
  std::array<shard, 4> shards;
} table;
int main(int argc, char**) {
  const int k = 2 + argc;
  account mine;
  auto block = std::make_unique<std::array<shard, 8>>();
  std::mutex plain, other;
  long n = 0;
  const auto bare = [&] { n++; };
  race([&] { std::lock_guard guard(locks[k]); n++; }, bare);
  race([&] { locks[1].lock(); n++; locks[1].unlock(); }, bare);
  race([&] { std::unique_lock guard(table.shards[k].m); n++; }, bare);
  race([&] { std::unique_lock guard(plain, std::defer_lock); guard.lock(); n++; }, bare);
  race([&] { std::scoped_lock both(plain, other); n++; }, bare);
  race([&] { std::lock_guard guard((*block)[k].m); n++; }, bare);
  race([&] { mine.put(); }, [&] { mine.balance++; });
}
"""
        for result in self.each_level(text):
            self.assertEqual({l["name"] for f in result.findings for a in f["accesses"] for l in a["locks"]},
                             {"locks[3]", "locks[1]", "table.shards[3].m", "plain", "plain or other",
                              "(*block)[3].m", "account::m"})

    def test_paths_are_all_as_the_compiler_was_given_them(self):
        text = """
int counter;
int main() {
  race([] { counter++; }, [] { counter++; });
}
"""
        full = self.folder / "deep" / "app.cpp"
        for inside in (True, False):
            for level in LEVELS:
                program = self.build(RACE + text, level, folder="deep", inside=inside)
                finding = self.only(self.run_json(program, "seed=1"))
                given = "app.cpp" if inside else str(full)
                for a in finding["accesses"]:
                    self.assertEqual(a["declaration"], f"{given}:10")
                    self.assertEqual({f["file"] for f in a["stack"] if not f["library"] and not f["runtime"]}, {given})

    def test_long_constraints_are_shortened_in_text(self):
        text = """
#include <concepts>
template <class T>
  requires(std::integral<T> && std::copyable<T> && sizeof(T) >= 2 && std::totally_ordered<T>)
[[gnu::noinline]] void put(T& x) {
  x = 1;
}
int main() {
  int a = 0;
  race([&] { put(a); }, [&] { put(a); });
}
"""
        for result in self.each_level(text):
            self.only(result)
            text_of_run = self.run_text(self.folder / "app", "seed=1").text
            for line in text_of_run.splitlines():
                if "put<int>" in line:
                    self.assertLess(len(line), 60)


if __name__ == "__main__":
    unittest.main()
