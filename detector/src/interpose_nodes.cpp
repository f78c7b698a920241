// SPDX-License-Identifier: Apache-2.0
// The links of std::list, std::map and std::set: libstdc++ writes them in its shared object, unseen by the
// plugin, through the few functions defined here in its place. What is a line or two is done here, checked;
// the rebalancing of red-black trees is the library's, and what it changed is found by comparing.
#include <algorithm>
#include <cstddef>
#include <functional>
#include <list>
#include <map>

#include "detector/src/call_checks.h"
#include "detector/src/library_function.h"

namespace snag::detector {
namespace {

using list_node = std::__detail::_List_node_base;
using tree_node = std::_Rb_tree_node_base;

constinit library_function<void(bool, tree_node*, tree_node*, tree_node&)> real_insert_and_rebalance{
    "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_"};
constinit library_function<tree_node*(tree_node*, tree_node&)> real_rebalance_for_erase{
    "_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_"};

// A pointer that belongs to a node, read or written with its check.
template <class T>
T* read_link(call_checks& checks, T* const& link) {
  checks.reads(&link, sizeof link);
  return link;
}
template <class T>
void write_link(call_checks& checks, T*& link, T* to) {
  checks.writes(&link, sizeof link);
  link = to;
}

// --- Trees

tree_node* successor(call_checks& checks, tree_node* x) {
  if (tree_node* right = read_link(checks, x->_M_right)) {
    while (tree_node* left = read_link(checks, right->_M_left)) right = left;
    return right;
  }
  tree_node* up = read_link(checks, x->_M_parent);
  while (x == read_link(checks, up->_M_right)) {
    x = up;
    up = read_link(checks, up->_M_parent);
  }
  // The root without a right child: its parent, the header, has it as its rightmost.
  return read_link(checks, x->_M_right) != up ? up : x;
}

bool is_red(call_checks& checks, const tree_node* x) {
  checks.reads(&x->_M_color, sizeof x->_M_color);
  return x->_M_color == std::_S_red;
}

tree_node* predecessor(call_checks& checks, tree_node* x) {
  // Only the header is red and its parent's parent.
  if (is_red(checks, x) && read_link(checks, read_link(checks, x->_M_parent)->_M_parent) == x)
    return read_link(checks, x->_M_right);
  if (tree_node* left = read_link(checks, x->_M_left)) {
    while (tree_node* right = read_link(checks, left->_M_right)) left = right;
    return left;
  }
  tree_node* up = read_link(checks, x->_M_parent);
  while (x == read_link(checks, up->_M_left)) {
    x = up;
    up = read_link(checks, up->_M_parent);
  }
  return up;
}

// The nodes that rebalancing may touch, as they were before. Erasing: those on the way from a node up to the
// header, with their children and grandchildren, which are logarithmically many.
class tree_before {
 public:
  // Inserting changes colours, as far up as parents and uncles are red, and then turns around one grandparent
  // (Cormen et al., Introduction to Algorithms, "Red-black trees"). Of a few levels, mostly.
  void note_insertion(tree_node* parent, const tree_node* header) {
    note(parent);
    while (parent != nullptr && parent != header && parent->_M_color == std::_S_red) {
      tree_node* const top = parent->_M_parent;  // (a root is black)
      if (top == nullptr) return;
      const tree_node* const uncle = parent == top->_M_left ? top->_M_right : top->_M_left;
      note(top->_M_parent);
      note_family(top, 3);
      if (uncle == nullptr || uncle->_M_color != std::_S_red) return;
      parent = top->_M_parent;
    }
  }
  void note_way_up(tree_node* x, const tree_node* header) {
    for (; x != nullptr && count_ < most; x = x->_M_parent) {
      note_family(x, 2);
      if (x == header) break;
    }
  }
  void note(tree_node* x) {
    if (x == nullptr || count_ == most || std::find(at_, at_ + count_, x) != at_ + count_) return;
    at_[count_] = x;
    was_[count_++] = *x;
  }
  // What changed was written.
  void check(call_checks& checks) const {
    for (std::size_t i = 0; i < count_; ++i) {
      const tree_node& now = *at_[i];
      if (now._M_color != was_[i]._M_color) checks.writes(&now._M_color, sizeof now._M_color);
      if (now._M_parent != was_[i]._M_parent) checks.writes(&now._M_parent, sizeof now._M_parent);
      if (now._M_left != was_[i]._M_left) checks.writes(&now._M_left, sizeof now._M_left);
      if (now._M_right != was_[i]._M_right) checks.writes(&now._M_right, sizeof now._M_right);
    }
  }

 private:
  void note_family(tree_node* x, int generations) {
    note(x);
    if (generations == 0 || x == nullptr) return;
    note_family(x->_M_left, generations - 1);
    note_family(x->_M_right, generations - 1);
  }

  static constexpr std::size_t most = 256;
  std::size_t count_ = 0;
  tree_node* at_[most];
  tree_node was_[most];
};

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

namespace std {

_Rb_tree_node_base* _Rb_tree_increment(_Rb_tree_node_base* x) throw() {
  call_checks checks;
  return successor(checks, x);
}
const _Rb_tree_node_base* _Rb_tree_increment(const _Rb_tree_node_base* x) throw() {
  call_checks checks;
  return successor(checks, const_cast<_Rb_tree_node_base*>(x));
}
_Rb_tree_node_base* _Rb_tree_decrement(_Rb_tree_node_base* x) throw() {
  call_checks checks;
  return predecessor(checks, x);
}
const _Rb_tree_node_base* _Rb_tree_decrement(const _Rb_tree_node_base* x) throw() {
  call_checks checks;
  return predecessor(checks, const_cast<_Rb_tree_node_base*>(x));
}

void _Rb_tree_insert_and_rebalance(const bool left, _Rb_tree_node_base* x, _Rb_tree_node_base* parent,
                                   _Rb_tree_node_base& header) throw() {
  call_checks checks;
  if (!checks) return real_insert_and_rebalance(left, x, parent, std::ref(header));
  tree_before before;
  before.note(&header);
  before.note_insertion(parent, &header);
  real_insert_and_rebalance(left, x, parent, std::ref(header));
  checks.writes(x, sizeof *x);
  before.check(checks);
}

_Rb_tree_node_base* _Rb_tree_rebalance_for_erase(_Rb_tree_node_base* const z,
                                                 _Rb_tree_node_base& header) throw() {
  call_checks checks;
  if (!checks) return real_rebalance_for_erase(z, std::ref(header));
  tree_before before;
  before.note(&header);
  tree_node* lowest = z;  // the node that takes z's place, if z has two children
  if (z->_M_left != nullptr && z->_M_right != nullptr)
    for (lowest = z->_M_right; lowest->_M_left != nullptr;) lowest = lowest->_M_left;
  before.note_way_up(lowest, &header);
  // The new extreme, where z was one with a subtree.
  if (header._M_left == z && z->_M_right != nullptr) before.note(z->_M_right);
  tree_node* const erased = real_rebalance_for_erase(z, std::ref(header));
  before.check(checks);
  return erased;
}

// --- Lists

namespace __detail {

void _List_node_base::_M_hook(_List_node_base* const position) noexcept {
  call_checks checks;
  list_node* const before = read_link(checks, position->_M_prev);
  write_link(checks, _M_next, position);
  write_link(checks, _M_prev, before);
  write_link(checks, before->_M_next, this);
  write_link(checks, position->_M_prev, this);
}

void _List_node_base::_M_unhook() noexcept {
  call_checks checks;
  list_node* const after = read_link(checks, _M_next);
  list_node* const before = read_link(checks, _M_prev);
  write_link(checks, before->_M_next, after);
  write_link(checks, after->_M_prev, before);
}

void _List_node_base::_M_transfer(_List_node_base* const first, _List_node_base* const last) noexcept {
  if (this == last) return;
  call_checks checks;
  list_node* const before_first = read_link(checks, first->_M_prev);
  list_node* const last_moved = read_link(checks, last->_M_prev);
  list_node* const before_here = read_link(checks, _M_prev);
  write_link(checks, before_first->_M_next, last);
  write_link(checks, last->_M_prev, before_first);
  write_link(checks, before_here->_M_next, first);
  write_link(checks, first->_M_prev, before_here);
  write_link(checks, last_moved->_M_next, this);
  write_link(checks, _M_prev, last_moved);
}

void _List_node_base::swap(_List_node_base& x, _List_node_base& y) noexcept {
  call_checks checks;
  list_node* const x_first = read_link(checks, x._M_next);
  list_node* const y_first = read_link(checks, y._M_next);
  const bool x_empty = x_first == &x, y_empty = y_first == &y;
  if (x_empty && y_empty) return;
  list_node* const x_last = read_link(checks, x._M_prev);
  list_node* const y_last = read_link(checks, y._M_prev);
  const auto becomes = [&checks](list_node& header, bool empty, list_node* first, list_node* last) {
    write_link(checks, header._M_next, empty ? &header : first);
    write_link(checks, header._M_prev, empty ? &header : last);
    if (empty) return;
    write_link(checks, first->_M_prev, &header);
    write_link(checks, last->_M_next, &header);
  };
  becomes(x, y_empty, y_first, y_last);
  becomes(y, x_empty, x_first, x_last);
}

void _List_node_base::_M_reverse() noexcept {
  call_checks checks;
  list_node* at = this;
  do {
    list_node* const after = read_link(checks, at->_M_next);
    write_link(checks, at->_M_next, read_link(checks, at->_M_prev));
    write_link(checks, at->_M_prev, after);
    at = after;
  } while (at != this);
}

}  // namespace __detail
}  // namespace std
