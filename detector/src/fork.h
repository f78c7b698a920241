// SPDX-License-Identifier: Apache-2.0
#pragma once
// A fork copies one thread: the others must not be in the middle of something of ours (between a look and a
// record, say), or what they hold stays locked in the child for ever.
namespace snag::detector {

// From now on the world stands still while the process forks. pre: the reporter has registered its own
// handlers: those before a fork run last first, and whoever holds reports back must not wait for a thread
// that we have to wait for.
void stop_world_in_forks() noexcept;

}  // namespace snag::detector
