// SPDX-License-Identifier: Apache-2.0
// dlopen. libc searches where the caller's own library asks for (DT_RUNPATH), and to libc the caller is us,
// in the program: so what a library opens by its mere name is looked for here.
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <cstring>

#include "detector/src/interpose.h"
#include "detector/src/libc_function.h"
#include "detector/src/loader_turns.h"

namespace snag::detector {
namespace {

SNAG_LIBC(dlopen);
constinit libc_function<int(void*)> libc_dlclose("dlclose");

// The library that holds `pc`; null: the program, or nobody.
link_map* library_of(const void* pc) {
  Dl_info info;
  void* map = nullptr;
  if (dladdr1(pc, &info, &map, RTLD_DL_LINKMAP) == 0 || map == nullptr) return nullptr;
  return static_cast<link_map*>(map)->l_prev == nullptr ? nullptr : static_cast<link_map*>(map);
}

bool has_search_path(const link_map& m) {
  for (const ElfW(Dyn)* d = m.l_ld; d != nullptr && d->d_tag != DT_NULL; ++d)
    if (d->d_tag == DT_RUNPATH || d->d_tag == DT_RPATH) return true;
  return false;
}

string path_as_seen_by(const char* file, const void* caller) {
  link_map* const library = library_of(caller);
  if (library == nullptr || !has_search_path(*library)) return file;
  if (void* const loaded = libc_dlopen(file, RTLD_LAZY | RTLD_NOLOAD)) {
    libc_dlclose(loaded);
    return file;
  }
  Dl_serinfo size;
  if (dlinfo(library, RTLD_DI_SERINFOSIZE, &size) != 0) return file;
  vector<char> memory(size.dls_size);
  auto* const paths = reinterpret_cast<Dl_serinfo*>(memory.data());
  *paths = size;
  if (dlinfo(library, RTLD_DI_SERINFO, paths) != 0) return file;
  for (unsigned i = 0; i < paths->dls_cnt; ++i) {
    string path = paths->dls_serpath[i].dls_name;
    path += '/';
    path += file;
    if (access(path.c_str(), R_OK) == 0) return path;
  }
  return file;
}

}  // namespace

void resolve_loader_functions() noexcept {
  libc_dlopen.resolve();
  libc_dlclose.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" void* dlopen(const char* file, int mode) noexcept {
  if (!watching() || file == nullptr) return libc_dlopen(file, mode);
  const loader_turn turn;
  string path;
  vector<loaded_module> before;
  {
    const internal_scope scope;
    path =
        std::strchr(file, '/') != nullptr ? string(file) : path_as_seen_by(file, __builtin_return_address(0));
    before = loaded_modules();
  }
  void* const library = libc_dlopen(path.c_str(), mode);  // runs the library's constructors
  if (library == nullptr) return library;
  vector<loaded_module> after;
  vector<std::uintptr_t> opened;
  {
    const internal_scope scope;
    after = loaded_modules();
    opened = with_its_needs(after, library);
  }
  tell_constructed(before, after);
  tell_opened(opened);
  return library;
}
