// SPDX-License-Identifier: Apache-2.0
#pragma once
// A B-tree of numbers (R. Bayer, E. McCreight, Organization and maintenance of large ordered indices, 1972):
// searches and shifts within nodes of some cache lines.
#include <cstdint>
#include <memory>

namespace rows {

class b_tree {
 public:
  bool contains(std::uint64_t key) const {
    const node* n = root_.get();
    for (;;) {
      const int i = place(*n, key);
      if (i < n->count && n->keys[i] == key) return true;
      if (n->leaf) return false;
      n = n->children[i].get();
    }
  }

  void insert(std::uint64_t key) {
    if (root_->count == most) {
      auto top = std::make_unique<node>();
      top->leaf = false;
      top->children[0] = std::move(root_);
      root_ = std::move(top);
      split(*root_, 0);
    }
    node* n = root_.get();
    for (;;) {
      int i = place(*n, key);
      if (i < n->count && n->keys[i] == key) return;
      if (n->leaf) {
        for (int k = n->count; k > i; --k) n->keys[k] = n->keys[k - 1];
        n->keys[i] = key;
        ++n->count;
        return;
      }
      if (n->children[i]->count == most) {
        split(*n, i);
        if (n->keys[i] == key) return;
        if (n->keys[i] < key) ++i;
      }
      n = n->children[i].get();
    }
  }

 private:
  static constexpr int most = 31;
  struct node {
    int count = 0;
    bool leaf = true;
    std::uint64_t keys[most];
    std::unique_ptr<node> children[most + 1];
  };

  static int place(const node& n, std::uint64_t key) {
    int i = 0;
    while (i < n.count && n.keys[i] < key) ++i;
    return i;
  }

  static void split(node& above, int at) {
    node& full = *above.children[at];
    auto right = std::make_unique<node>();
    constexpr int half = most / 2;
    right->leaf = full.leaf;
    right->count = most - half - 1;
    for (int i = 0; i < right->count; ++i) right->keys[i] = full.keys[half + 1 + i];
    if (!full.leaf)
      for (int i = 0; i <= right->count; ++i) right->children[i] = std::move(full.children[half + 1 + i]);
    full.count = half;
    for (int i = above.count; i > at; --i) {
      above.keys[i] = above.keys[i - 1];
      above.children[i + 1] = std::move(above.children[i]);
    }
    above.keys[at] = full.keys[half];
    above.children[at + 1] = std::move(right);
    ++above.count;
  }

  std::unique_ptr<node> root_ = std::make_unique<node>();
};

}  // namespace rows
