# SPDX-License-Identifier: Apache-2.0
"""Goroutines in GDB, in a live process or a core file:

  info goroutines           id, state, name, where it stands and who created it
  goroutine N COMMAND       COMMAND with goroutine N's frames: goroutine 7 bt, goroutine 7 info locals
  goroutine all COMMAND     the same for each

Needs the symbol table of the program, no debug information of the runtime. Nothing is written to the process.
"""
import struct

import gdb
from gdb.unwinder import Unwinder, register_unwinder

FIELDS = (
    "version slabs slab_next slab_storage slab_size goroutine_size id kind name alive reason context stack_low "
    "stack_high created_at parent context_is_record reasons reason_words"
).split()
KIND_GOROUTINE = 0
# boost.context 1.81, jump_x86_64_sysv_elf_gas.S: what a suspended context holds, from its address upwards.
SAVED = {"r12": 0x10, "r13": 0x18, "r14": 0x20, "r15": 0x28, "rbx": 0x30, "rbp": 0x38, "rip": 0x40}
SAVED_SIZE = 0x48
OF_THE_RUNTIME = ("snag::", "void snag::", "_ZN4snag", "_ZNK4snag", "jump_fcontext", "pthread_", "sem_")


def read(address, count):
    return gdb.selected_inferior().read_memory(address, count).tobytes()


def word(address):
    return struct.unpack("<Q", read(address, 8))[0]


def text(address):
    return gdb.Value(address).cast(gdb.lookup_type("char").pointer()).string(errors="replace")


def layout():
    try:
        at = int(gdb.parse_and_eval("(unsigned long)&__snag_debug_layout"))
    except gdb.error:
        raise gdb.GdbError("this program does not contain the Snag runtime (no symbol __snag_debug_layout)")
    found = dict(zip(FIELDS, struct.unpack("<%dQ" % len(FIELDS), read(at, 8 * len(FIELDS)))))
    if found["version"] != 1:
        raise gdb.GdbError("snag-gdb.py knows layout 1, the program has %d" % found["version"])
    return found


def place_of(frame):
    """`function at file:line` of a frame."""
    line = frame.find_sal()
    return (frame.name() or "??") + (" at %s:%d" % (line.symtab.filename, line.line) if line.symtab else "")


def each_thread():
    """(thread, where its innermost frame stands, sp)"""
    selected = gdb.selected_thread()
    if selected is None:
        return
    for thread in gdb.selected_inferior().threads():
        thread.switch()
        frame = gdb.newest_frame()
        yield thread, place_of(frame), int(frame.read_register("rsp"))
    selected.switch()


class Goroutine:
    def __init__(self, at, lay, threads):
        field = lambda name: word(at + lay[name])
        self.id = field("id")
        name = field("name")
        self.name = text(name) if name else ""
        low, high = field("stack_low"), field("stack_high")
        self.context = field("context") if high else 0  # who has not started has no stack
        if self.context and lay["context_is_record"]:
            self.context = word(self.context)
        self.created_at, self.parent = field("created_at"), field("parent")
        self.thread = next((t for t, _, sp in threads if low < sp <= high), None)
        self.place = ""
        if self.thread is not None:
            self.state = "running on thread %d" % self.thread.num
            self.place = next(where for t, where, _ in threads if t is self.thread)
        elif not self.context:
            self.state = "runnable, not started"
        else:
            reason = read(at + lay["reason"], 1)[0]
            known = reason < lay["reasons"]
            self.state = text(word(lay["reason_words"] + 8 * reason)) if known else "waiting"

    def saved(self):
        registers = {r: word(self.context + offset) for r, offset in SAVED.items()}
        registers["rsp"] = self.context + SAVED_SIZE
        return registers


def goroutines():
    lay = layout()
    threads = list(each_thread())
    found = []
    slab = word(lay["slabs"])
    while slab:
        for i in range(lay["slab_size"]):
            at = slab + lay["slab_storage"] + i * lay["goroutine_size"]
            alive = read(at + lay["alive"], 1)[0]
            kind = read(at + lay["kind"], 1)[0]
            if alive and kind == KIND_GOROUTINE:
                found.append(Goroutine(at, lay, threads))
        slab = word(slab + lay["slab_next"])
    return sorted(found, key=lambda g: g.id)


def place(pc):
    """`function at file:line` of a return address."""
    block = gdb.block_for_pc(pc - 1)
    while block is not None and block.function is None:
        block = block.superblock
    name = block.function.print_name if block is not None else None
    if name is None:
        name = gdb.execute("info symbol %d" % (pc - 1), to_string=True).split(" in section")[0].strip()
    line = gdb.find_pc_line(pc - 1)
    where = " at %s:%d" % (line.symtab.filename, line.line) if line.symtab else ""
    return name + where


class FrameId:
    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


class SwitchUnwinder(Unwinder):
    """While a goroutine is looked at, its frames are the callers of the thread's innermost one."""

    def __init__(self):
        super().__init__("snag goroutines")
        self.registers = None

    def __call__(self, pending):
        if self.registers is None or pending.level() != 0:
            return None
        here = FrameId(pending.read_register("rsp"), pending.read_register("rip"))
        info = pending.create_unwind_info(here)
        for name, value in self.registers.items():
            old = pending.read_register(name)
            info.add_saved_register(name, gdb.Value(value).cast(old.type))
        return info


unwinder = SwitchUnwinder()
register_unwinder(None, unwinder, replace=True)


def execute_in(g, command):
    """What `command` prints with g's frames."""
    if g.thread is not None:
        before = gdb.selected_thread()
        g.thread.switch()
        try:
            return gdb.execute(command, to_string=True)
        finally:
            before.switch()
    if not g.context:
        return "(has not started)\n"
    unwinder.registers = g.saved()
    gdb.invalidate_cached_frames()
    try:
        gdb.newest_frame().older().select()
        lines = gdb.execute(command, to_string=True).splitlines(True)
        # The thread's own innermost frame is not the goroutine's.
        return "".join(line for line in lines if not line.startswith("#0 "))
    finally:
        unwinder.registers = None
        gdb.invalidate_cached_frames()


def user_place(g):
    """Where a goroutine stands: its first frame that is not the runtime's; empty if there is none."""
    if not g.context or g.thread is not None:
        return g.place
    unwinder.registers = g.saved()
    gdb.invalidate_cached_frames()
    try:
        frame = gdb.newest_frame().older()
        while frame is not None:
            name = frame.name() or ""
            if not name.startswith(OF_THE_RUNTIME):
                return place_of(frame)
            frame = frame.older()
        return ""
    finally:
        unwinder.registers = None
        gdb.invalidate_cached_frames()


class InfoGoroutines(gdb.Command):
    """List the goroutines: id, state, name, where each stands and who created it."""

    def __init__(self):
        super().__init__("info goroutines", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        for g in goroutines():
            where = user_place(g)
            line = "%s%d [%s]" % ("* " if g.thread is not None else "  ", g.id, g.state)
            if g.name:
                line += ' "%s"' % g.name
            if where:
                line += " " + where
            if g.created_at:
                line += ", created by goroutine %d in %s" % (g.parent, place(g.created_at))
            print(line)


class GoroutineCommand(gdb.Command):
    """goroutine N COMMAND, goroutine all COMMAND: execute COMMAND with a goroutine's frames."""

    def __init__(self):
        super().__init__("goroutine", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        which, _, command = argument.strip().partition(" ")
        command = command.strip() or "bt"
        wanted = [g for g in goroutines() if which == "all" or str(g.id) == which]
        if not wanted:
            raise gdb.GdbError("there is no goroutine %s; see: info goroutines" % (which or "(N or all)"))
        for g in wanted:
            print("goroutine %d [%s]%s:" % (g.id, g.state, ' "%s"' % g.name if g.name else ""))
            print(execute_in(g, command), end="")
            if which == "all":
                print()


InfoGoroutines()
GoroutineCommand()
