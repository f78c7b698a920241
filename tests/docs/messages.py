# SPDX-License-Identifier: Apache-2.0
"""The messages in the sources: every string literal that Snag may print when something is wrong.

A literal counts if it has words in it, and
- it stands in a call of one of CALLS (at any depth: in fmt::format, in a choice), or in one that names stderr, or
- its statement has one of the NAMES: what a variable is set to that is printed later, or
- it begins as a message does (STARTS), SAYS what one does, or is in one of the FILES.

The literals of a call are pieces of its message: fields (`{}`, `%s`) and what was computed show as `…`.
"""
import pathlib
import re
from typing import Iterator, NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDERS = ("cli", "runtime", "detector", "clang-plugin")
CALLS = {
    "usage_error", "internal_error", "failure", "runtime_error",  # cli
    "panic", "panic_with", "throw_panic", "fatal", "out_of_memory", "check_bubble", "refuse_unlock", "core_or_panic",  # runtime
    "internal_fatal", "say", "complain", "mistake",  # detector
    "report", "warn",  # clang-plugin
    "static_assert", "SNAG_DELETE_BECAUSE",  # the headers, when a program is compiled
}
NAMES = {"stderr", "why", "hint", "message", "wrong", "mistake", "snprintf",
         "words", "without_exception", "outside_send", "outside_receive"}
FILES = {"cli/doctor.cpp"}
HELP = {"footer", "app", "set_usage"}  # calls that make a help text
STARTS = ("snag: ", "warning: ", "snag plugin: ", "fatal error: ", "error: ", "sync: ", "SNAG_OPTIONS", "runtime: ")
SAYS = re.compile(r"\b(?:is not a|cannot be|did you mean)\b")
# Reports, and what they say of a run: docs/reports.md explains them.
REPORTS = re.compile(r"(?:detector/(?:src/)?(?:audit|render_\w+|resolve\w*|hints|describe)|cli/render_\w+)\.cpp$")
# Compile-time checks of what only Snag's own sources do.
OWN_CHECKS = {"static_assert"}

TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<delimiter>\w*)\((?P<raw>.*?)\)(?P=delimiter)"|"(?P<text>(?:[^"\\\n]|\\.)*)"|"""
    r"""'(?:[^'\\\n]|\\.)+'|[A-Za-z_]\w*|\s+|.""", re.S)
ERROR = re.compile(r'^[ \t]*#[ \t]*error[ \t]+(?:\\\n[ \t]*)?"(.*?)"[ \t]*$', re.M)
FIELD = re.compile(r"%[-+ #0]*[\d*]*(?:\.[\d*]+)?(?:hh|h|ll|l|z|j|t)?[sdiuxXpcfg]|(?<!\{)\{[\w:.<>]*\}(?!\})")


class Message(NamedTuple):
    file: str
    line: int
    text: str  # normalised


def normalised(text: str) -> str:
    """Fields and what stands for them become `…`; one blank between words; no `snag: ` in front."""
    text = text.replace("\\n", " ").replace("\\r", " ").replace("\\t", " ").replace('\\"', '"')
    text = FIELD.sub("…", text).replace("{{", "{").replace("}}", "}").replace("%%", "%")
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"…(?:\s*…)+", "…", text)
    return re.sub(r"^(?:snag: |fatal error: |panic: )+", "", text)


def is_message(text: str) -> bool:
    """Prose, rather than a word, an option or a list of them."""
    plain = [word for word in text.split() if re.fullmatch(r"[(;:']*[a-z]{2,}[,;:.)']*", word)]
    return len(plain) >= 1 and len(re.findall(r"[A-Za-z]{2,}", text)) >= 2


def literals(file: pathlib.Path) -> Iterator[Message]:
    """The literals that count. Adjacent ones are one, as for the compiler."""
    name = file.relative_to(ROOT).as_posix()
    text = file.read_text(encoding="utf-8")
    for error in ERROR.finditer(text):
        yield Message(name, text.count("\n", 0, error.start()) + 1, error[1])
    # Directives say nothing themselves, but lines stay where they are.
    text = ERROR.sub(lambda error: re.sub(r"[^\n]", "", error[0]), text)
    text = re.sub(r"^[ \t]*#[ \t]*include\b.*$", "", text, flags=re.M)
    open_calls: list[str] = []  # the word before each bracket that is open
    statement: set[str] = set()  # the words of the statement so far
    pending: list[Message] = []  # of this statement: whether they count, its end tells
    counts: list[bool] = []
    word, last, joined = "", "", False

    def end_of_statement() -> Iterator[Message]:
        for found, direct in zip(pending, counts):
            if direct or statement & NAMES or SAYS.search(found.text):
                yield found
        pending.clear()
        counts.clear()
        statement.clear()

    for token in TOKEN.finditer(text):
        piece = token.group()
        if piece.isspace() or piece.startswith(("//", "/*")):
            continue
        literal = token["text"]
        if literal is not None:
            if joined and pending:
                pending[-1] = pending[-1]._replace(text=pending[-1].text + literal)
            else:
                own = OWN_CHECKS if not name.startswith("runtime/include/") else set()
                if HELP & set(open_calls):
                    continue
                direct = "_Pragma" not in open_calls and (
                    any(call in CALLS - own for call in open_calls) or name in FILES or literal.startswith(STARTS))
                pending.append(Message(name, text.count("\n", 0, token.start()) + 1, literal))
                counts.append(direct)
            joined = True
        else:
            joined = False
            if re.match(r"[A-Za-z_]", piece):
                word = piece
                statement.add(piece)
            elif piece in "([":
                open_calls.append(word if last == word else "")
            elif piece == "{":
                if not any(open_calls):
                    yield from end_of_statement()
                open_calls.append("")
            elif piece in ")]}":
                if open_calls:
                    open_calls.pop()
                if piece == "}" and not any(open_calls):
                    yield from end_of_statement()
            elif piece == ";":
                yield from end_of_statement()
        last = piece
    yield from end_of_statement()


def messages() -> list[Message]:
    found = []
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            name = file.relative_to(ROOT).as_posix()
            if file.suffix not in (".h", ".cpp", ".c") or REPORTS.match(name):
                continue
            for message in literals(file):
                if is_message(text := normalised(message.text)):
                    found.append(message._replace(text=text))
    return found


def all_text() -> list[str]:
    """Every literal of the folders, normalised: what a pattern of a page has to come from."""
    result = set()
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".h", ".cpp", ".c"):
                source = re.sub(r'"\s*\n?\s*"', "", file.read_text(encoding="utf-8"))
                for token in TOKEN.finditer(source):
                    literal = token["text"] if token["text"] is not None else token["raw"]
                    if literal:
                        result.add(normalised(literal))
                result.update(normalised(error[1]) for error in ERROR.finditer(source))
    return sorted(result)


if __name__ == "__main__":
    for message in messages():
        print(f"{message.file}:{message.line}: {message.text}")
