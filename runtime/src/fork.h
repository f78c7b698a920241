// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace snag::detail {
void install_fork_handlers() noexcept;  // once, when the process's scheduler is made
}
