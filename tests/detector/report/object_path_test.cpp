// SPDX-License-Identifier: Apache-2.0
#include "detector/src/object_path.h"

#include <gtest/gtest.h>

#include <string>

namespace snag::detector {
namespace {

memory_description block(const char* kind, std::uint64_t size, const char* call = "") {
  memory_description m;
  m.kind = kind;
  m.base = 0x1000;
  m.size = size;
  source_frame f;
  f.call = call;
  m.allocated_at.push_back(f);
  return m;
}

access_description described(const char* path, std::uint64_t address, const memory_description& m) {
  access_description a;
  const auto parsed = parse_path(path);
  EXPECT_TRUE(parsed.has_value());
  if (parsed) describe_path(a, *parsed, address, m);
  return a;
}

// struct item { int id; long pad; int count; }; struct bag { int n; item items[8]; };
constexpr const char* count_of_global =
    "global\tbag\t200\t24\titem\t16\tg.items[\x02"
    "24 8 k\x03].count";
constexpr const char* count_of_object =
    "object\tbag\t200\t24\titem\t16\tp->items[\x02"
    "24 8 k\x03].count";

TEST(object_path, numbers_the_element_of_a_global) {
  const auto a = described(count_of_global, 0x1000 + 24 + 3 * 24, block("global", 200));
  EXPECT_EQ(a.path, "g.items[3].count");
  EXPECT_EQ(a.index, 3);
  EXPECT_EQ(a.record, "item");
  EXPECT_EQ(a.field_offset, 16);
}

TEST(object_path, numbers_the_element_of_an_object_that_fills_its_block) {
  const auto a = described(count_of_object, 0x1000 + 24 + 7 * 24, block("heap", 200));
  EXPECT_EQ(a.path, "p->items[7].count");
  EXPECT_EQ(a.index, 7);
  EXPECT_EQ(a.block_element, -1);
}

TEST(object_path, leaves_an_index_as_written_where_the_object_could_lie_elsewhere) {
  for (const auto& m : {block("heap", 400), block("heap", 208), block("stack", 0), block("global", 196)}) {
    const auto a = described(count_of_object, 0x1000 + 24 + 3 * 24, m);
    EXPECT_EQ(a.path, "p->items[k].count");
    EXPECT_EQ(a.index, -1);
    EXPECT_EQ(a.field_offset, 16);
  }
}

TEST(object_path, numbers_no_element_that_does_not_exist) {
  EXPECT_EQ(described(count_of_global, 0x1000 + 24 + 8 * 24, block("global", 200)).index, -1);
  EXPECT_EQ(described(count_of_global, 0x1000, block("global", 200)).index, -1);
}

TEST(object_path, knows_which_object_of_an_array_that_was_allocated_as_one) {
  const auto a = described(count_of_object, 0x1000 + 200 + 24 + 3 * 24, block("heap", 400, "new bag[2]"));
  EXPECT_EQ(a.path, "p->items[3].count");
  EXPECT_EQ(a.block_element, 1);
  EXPECT_EQ(described("object\tint\t4\t0\t\t0\th[k]", 0x1014, block("heap", 80, "new int[20]")).block_element,
            5);
  EXPECT_EQ(
      described("object\tint\t4\t0\t\t0\th[k]", 0x1014, block("heap", 80, "new part[20]")).block_element, -1);
}

TEST(object_path, numbers_rows_and_columns) {
  const char* table =
      "global\tint[3][4]\t48\t0\t\t0\ttable[\x02"
      "16 3 i\x03][\x02"
      "4 4 j\x03]";
  const auto a = described(table, 0x1000 + 2 * 16 + 12, block("global", 48));
  EXPECT_EQ(a.path, "table[2][3]");
  EXPECT_EQ(a.index, 3);
}

TEST(object_path, numbers_the_element_of_a_vector) {
  const char* element =
      "vector\tlong\t8\t0\t\t0\tv[\x02"
      "8 0 i\x03]";
  memory_description m = block("heap", 80, "v.resize(10)");
  EXPECT_EQ(described(element, 0x1028, m).index, -1);  // nothing says that the block is a vector's
  source_frame inside;
  inside.library = true;
  inside.function = "std::_Vector_base<long>::_M_allocate(unsigned long)";
  m.allocated_at.insert(m.allocated_at.begin(), inside);
  EXPECT_EQ(described(element, 0x1028, m).path, "v[5]");
}

TEST(object_path, an_array_type_is_read_off_the_allocation) {
  EXPECT_EQ(array_type_of("new int[20]{}"), "int");
  EXPECT_EQ(array_type_of("new app::job [n]"), "app::job");
  EXPECT_EQ(array_type_of("calloc(n, sizeof(struct job))"), "struct job");
  for (const char* other :
       {"new int", "new job{list[0]}", "new (room) int[3]", "malloc(n * sizeof(int))", ""})
    EXPECT_EQ(array_type_of(other), "") << other;
}

TEST(object_path, nothing_is_read_from_what_is_not_understood) {
  for (const char* bad : {"", "global", "global\tint\tx\t0\t\t0\ta", "global\tint\t4\t-4\t\t0\ta"})
    EXPECT_FALSE(parse_path(bad).has_value()) << bad;
}

}  // namespace
}  // namespace snag::detector
