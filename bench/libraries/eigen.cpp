// SPDX-License-Identifier: Apache-2.0
// Eigen: two matrices that both threads read, each multiplies half of the columns, and solves a system.
#include <Eigen/Dense>

#include "bench/libraries/two_threads.h"
#include "bench/race/parked_thread.h"
#include "bench/race/rows.h"

namespace {

std::uint64_t products() {
  constexpr int n = 192;
  static const Eigen::MatrixXd a = Eigen::MatrixXd::NullaryExpr(
      n, n, [](Eigen::Index i, Eigen::Index k) { return i == k ? 64.0 : 1.0 / double(1 + i + k); });
  static const Eigen::MatrixXd b = a.transpose();
  Eigen::MatrixXd product(n, n);
  double norms[2] = {};
  rows::in_two([&](int who) {
    for (int round = 0; round < 12; ++round)
      product.middleCols(who * n / 2, n / 2).noalias() = a * b.middleCols(who * n / 2, n / 2);
    const Eigen::VectorXd x = a.partialPivLu().solve(Eigen::VectorXd::Constant(n, who + 1.0));
    norms[who] = x.norm();
  });
  return static_cast<std::uint64_t>(product.norm() + norms[0] + norms[1]);
}

constexpr rows::row all[] = {{"products", products}};

}  // namespace

int main(int argc, char** argv) { return rows::run(argc, argv, all, rows::park_thread); }
