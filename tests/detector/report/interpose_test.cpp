// SPDX-License-Identifier: Apache-2.0
// What the core is told when a program calls libc. Each test runs in a child with the interposers open.
#include "detector/src/interpose.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/detector/report/interposed.h"

namespace snag::detector {
namespace {

using fake::told_about;
using test::in_child;

TEST(interposed_malloc, tells_of_blocks_and_of_their_end) {
  EXPECT_EQ(seen([] {
              void* p = opaque(malloc(100));
              free(p);
              print(p, 1);
            }),
            "allocated 0+100, freed 0+100");
}
TEST(interposed_malloc, new_and_delete_arrive_too) {
  EXPECT_EQ(seen([] {
              auto* p = opaque(new long[3]);
              delete[] p;
              print(p, 1);
            }),
            "allocated 0+24, freed 0+24");
}
TEST(interposed_malloc, calloc_is_zero_and_overflow_refused) {
  EXPECT_EQ(seen([] {
              auto* p = static_cast<char*>(opaque(calloc(10, 5)));
              for (int i = 0; i < 50; ++i)
                if (p[i] != 0) _exit(9);
              volatile std::size_t huge = SIZE_MAX / 2;
              errno = 0;
              if (opaque(calloc(huge, 4)) || errno != ENOMEM) _exit(8);
              if (opaque(malloc(huge + 10)) || opaque(malloc(SIZE_MAX - 8))) _exit(7);
              if (opaque(reallocarray(nullptr, huge, 4))) _exit(6);
              print(p, 1);
            }),
            "allocated 0+50");
}
TEST(interposed_malloc, realloc_keeps_the_bytes_and_is_an_end_and_a_beginning) {
  EXPECT_EQ(seen([] {
              auto* p = static_cast<char*>(opaque(malloc(40)));
              memset(p, 'x', 40);
              auto* q = static_cast<char*>(opaque(realloc(p, 400'000)));
              for (int i = 0; i < 40; ++i)
                if (q[i] != 'x') _exit(9);
              q = static_cast<char*>(realloc(q, 10));
              for (int i = 0; i < 10; ++i)
                if (q[i] != 'x') _exit(8);
              if (realloc(q, 0) != nullptr) _exit(7);
              print(p, 1);
            }),
            "allocated 0+40, freed 0+40");
}
TEST(interposed_malloc, a_realloc_that_fails_leaves_the_block) {
  EXPECT_EQ(seen([] {
              auto* p = static_cast<char*>(opaque(malloc(40)));
              volatile std::size_t huge = SIZE_MAX / 2;
              if (opaque(realloc(p, huge)) != nullptr) _exit(9);
              p[39] = 1;
              print(p, 1);
              free(p);
            }),
            "allocated 0+40, freed 0+40, allocated 0+40");
}
TEST(interposed_malloc, aligned_blocks_are_aligned) {
  EXPECT_EQ(seen([] {
              void* p = nullptr;
              if (posix_memalign(&p, 4096, 10) != 0 || reinterpret_cast<std::uintptr_t>(p) % 4096 != 0)
                _exit(9);
              if (posix_memalign(&p, 3, 10) != EINVAL) _exit(8);
              if (reinterpret_cast<std::uintptr_t>(aligned_alloc(64, 128)) % 64 != 0) _exit(7);
              if (reinterpret_cast<std::uintptr_t>(valloc(1)) % 4096 != 0) _exit(6);
              if (reinterpret_cast<std::uintptr_t>(pvalloc(1)) % 4096 != 0) _exit(5);
              print(p, 1);
            }),
            "allocated 0+10");
}
TEST(interposed_malloc, usable_size_is_what_was_asked_for) {
  seen([] {
    void* p = opaque(malloc(33));
    if (malloc_usable_size(p) != 33 || malloc_usable_size(nullptr) != 0) _exit(9);
    memset(p, 1, 33);
    free(p);
  });
}
TEST(interposed_malloc, the_detectors_own_work_is_not_told) {
  EXPECT_EQ(seen([] {
              void* p;
              {
                const internal_scope scope;
                p = opaque(malloc(100));
                free(opaque(malloc(50)));
              }
              free(p);
              print(p, 1);
            }),
            "");
}
TEST(interposed_malloc, a_block_freed_by_instrumented_code_is_not_handed_out_at_once) {
  seen(
      [] {
        void* p = opaque(malloc(64));
        free(p);
        for (int i = 0; i < 100; ++i)
          if (opaque(malloc(64)) == p) _exit(9);
      },
      hooks::site_frees);
}
TEST(interposed_malloc, a_second_free_is_told_where_it_happens) {
  const auto o = in_child([] {
    opened(hooks::site_frees);
    fake::the_world().recording = false;
    void* p = opaque(malloc(64));
    free(p);
    free(opaque(p));
  });
  EXPECT_EQ(o.status, 128 + SIGABRT);
  EXPECT_THAT(o.err, testing::HasSubstr("snag: free of a heap block that was freed already\n"));
}
TEST(interposed_malloc, blocks_of_before_are_freed_unseen) {
  EXPECT_EQ(test::in_child([] {
              void* p = opaque(malloc(100));
              p = realloc(p, 200);
              opened();
              p = realloc(p, 300);
              free(p);
              print(p, 1);
            }).out,
            "");
}

TEST(interposed_mapping, unmapped_memory_is_forgotten) {
  EXPECT_EQ(seen([] {
              void* p = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              mmap(p, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
              munmap(p, 8192);
              print(p, 8192);
            }),
            "unmapped 0+4096, unmapped 0+8192");
}
TEST(interposed_mapping, mremap_forgets_what_it_leaves) {
  EXPECT_EQ(seen([] {
              void* p = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              void* to = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              if (mremap(p, 8192, 4096, 0) != p) _exit(9);
              if (mremap(p, 4096, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to) _exit(8);
              print(p, 8192);
            }),
            "unmapped 4096+4096, unmapped 0+4096");
}

struct string_case {
  const char* name;
  void (*call)(char* a, char* b);
  const char* told_of_a;
  const char* told_of_b;
};
// a holds "hello", b "help".
const string_case string_cases[] = {
    {"strlen",
     [](char* a, char*) {
       if (strlen(a) != 5) _exit(9);
     },
     "read 0+6", ""},
    {"strnlen",
     [](char* a, char*) {
       if (strnlen(a, 3) != 3) _exit(9);
     },
     "read 0+3", ""},
    {"strcmp",
     [](char* a, char* b) {
       if (strcmp(a, b) >= 0) _exit(9);
     },
     "read 0+4", "read 0+4"},
    {"strncmp",
     [](char* a, char* b) {
       if (strncmp(a, b, 3) != 0) _exit(9);
     },
     "read 0+3", "read 0+3"},
    {"strcasecmp",
     [](char* a, char* b) {
       b[0] = 'H';
       if (strcasecmp(a, b) >= 0) _exit(9);
     },
     "read 0+4", "read 0+4"},
    {"strncasecmp",
     [](char* a, char* b) {
       if (strncasecmp(a, b, 2) != 0) _exit(9);
     },
     "read 0+2", "read 0+2"},
    {"memcmp",
     [](char* a, char* b) {
       if (memcmp(a, b, opaque(std::size_t{3})) != 0) _exit(9);
     },
     "read 0+3", "read 0+3"},
    {"memchr",
     [](char* a, char*) {
       if (memchr(a, 'l', 5) != a + 2) _exit(9);
     },
     "read 0+3", ""},
    {"memrchr",
     [](char* a, char*) {
       if (memrchr(a, 'l', 5) != a + 3) _exit(9);
     },
     "read 3+2", ""},
    {"memmem",
     [](char* a, char* b) {
       if (memmem(a, 5, b, 3) != a) _exit(9);
     },
     "read 0+5", "read 0+3"},
    {"strchr",
     [](char* a, char*) {
       if (strchr(a, 'e') != a + 1) _exit(9);
     },
     "read 0+2", ""},
    {"strchr, absent",
     [](char* a, char*) {
       if (strchr(a, 'z') != nullptr) _exit(9);
     },
     "read 0+6", ""},
    {"strrchr",
     [](char* a, char*) {
       if (strrchr(a, 'l') != a + 3) _exit(9);
     },
     "read 0+6", ""},
    {"strstr",
     [](char* a, char* b) {
       b[2] = 0;
       if (opaque(strstr(a, b)) != a) _exit(9);
     },
     "read 0+2", "read 0+3"},
    {"strcpy",
     [](char* a, char* b) {
       if (strcpy(a, b) != a || a[3] != 'p') _exit(9);
     },
     "write 0+5", "read 0+5"},
    {"stpcpy",
     [](char* a, char* b) {
       if (stpcpy(a, b) != a + 4) _exit(9);
     },
     "write 0+5", "read 0+5"},
    {"strncpy",
     [](char* a, char* b) {
       if (strncpy(a, b, 8) != a || a[7] != 0) _exit(9);
     },
     "write 0+8", "read 0+5"},
    {"strcat",
     [](char* a, char* b) {
       if (strcat(a, b) != a || a[8] != 'p') _exit(9);
     },
     "read 0+6, write 5+5", "read 0+5"},
    {"strncat",
     [](char* a, char* b) {
       if (strncat(a, b, 2) != a || a[7] != 0) _exit(9);
     },
     "read 0+6, write 5+3", "read 0+2"},
    {"strdup",
     [](char* a, char*) {
       char* c = strdup(a);
       if (c[4] != 'o' || c[5] != 0) _exit(9);
       free(c);
     },
     "read 0+6", ""},
    {"strndup",
     [](char* a, char*) {
       char* c = strndup(a, 2);
       if (c[1] != 'e' || c[2] != 0) _exit(9);
       free(c);
     },
     "read 0+2", ""},
};

TEST(interposed_strings, check_what_they_touch) {
  for (const string_case& c : string_cases) {
    const std::string both = seen([&] {
      alignas(32) char a[32] = "hello";
      alignas(32) char b[32] = "help";
      c.call(opaque(static_cast<char*>(a)), opaque(static_cast<char*>(b)));
      fake::the_world().recording = false;
      printf("%s; %s", joined(told_about(a, 32)).c_str(), joined(told_about(b, 32)).c_str());
    });
    EXPECT_EQ(both, std::string(c.told_of_a) + "; " + c.told_of_b) << c.name;
  }
}

TEST(interposed_strings, accesses_hidden_in_libstdcxx_are_seen) {
  EXPECT_EQ(seen([] {
              auto* s = new std::string("some text that does not fit into the object itself");
              s->reserve(200);
              char* data = s->data() + s->size();
              fake::the_world().log.clear();
              // The member in libstdc++.so, where code compiled for older standards finds it.
              using append = std::string& (*)(std::string*, const char*);
              const auto member = reinterpret_cast<append>(
                  dlsym(dlopen("libstdc++.so.6", RTLD_LAZY),
                        "_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE6appendEPKc"));
              member(s, " and more");
              print(data, 9);
            }),
            "write 0+9");
}
TEST(interposed_strings, our_own_copies_are_not_checked) {
  EXPECT_EQ(seen([] {
              char a[64], b[64] = {};
              memcpy(opaque(static_cast<char*>(a)), opaque(static_cast<char*>(b)), opaque(std::size_t{64}));
              memset(opaque(static_cast<char*>(b)), 1, opaque(std::size_t{64}));
              memmove(opaque(static_cast<char*>(b)) + 1, b, opaque(std::size_t{32}));
              print(a, 64);
            }),
            "");
}

TEST(interposed_strings, work_before_anything_is_resolved) {
  // gtest and its static constructors ran on the plain loops already; here their results are looked at.
  EXPECT_FALSE(interposers_open());
  char text[32] = "hello";
  EXPECT_EQ(strlen(opaque(text)), 5u);
  EXPECT_LT(strcmp(opaque(text), "help"), 0);
  EXPECT_EQ(strchr(opaque(text), 'l'), text + 2);
  EXPECT_EQ(memcmp(opaque(text), "help", 3), 0);
  memmove(opaque(text) + 1, text, opaque(std::size_t{6}));
  EXPECT_STREQ(text, "hhello");
  memmove(opaque(text), text + 1, opaque(std::size_t{6}));
  EXPECT_STREQ(text, "hello");
  EXPECT_STREQ(strstr(opaque(text), "ll"), "llo");
  EXPECT_EQ(memmem(opaque(text), 5, "lo", 2), text + 3);
}

}  // namespace
}  // namespace snag::detector
