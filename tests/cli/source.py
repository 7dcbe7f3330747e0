# SPDX-License-Identifier: MIT
"""What the compiler does not look at, one finding a line.

source.py words ROOT    messages of errors and hints: a full stop at the end, a capital at the beginning, a name or version without quotes
source.py headers ROOT  functions declared in a header without a comment: neither before it, nor behind it, nor before its group
"""
import pathlib
import re
import sys

CALL = re.compile(r"\b(dara_error_set|dara_error_hint|dara_error_detail)\s*\(")
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"')
UNQUOTED = re.compile(r"\b(version|migration|table|column|index|view|file|folder|option|snapshot|variable|label) %s")


def sources(root, suffix):
    for folder in ("core", "drivers"):
        yield from sorted((root / folder).rglob("*" + suffix))


def arguments(text, start):
    """From an opening parenthesis to the one that closes it, strings and characters passed over."""
    depth = 0
    for match in re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|[()]').finditer(text, start):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0:
            return text[start : match.end()]
    return text[start:]


def strings(code):
    """The string literals of an expression, neighbours joined."""
    for group in re.finditer(r'"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*', code):
        yield "".join(PIECE.findall(group[0]))


def words(root):
    for path in sources(root, ".c"):
        text = path.read_text()
        for call in CALL.finditer(text):
            line = text.count("\n", 0, call.start()) + 1
            for message in strings(arguments(text, call.end() - 1)):
                if re.search(r"\w\W*\.$", message) and not message.endswith("..."):
                    yield f"{path}:{line}: a full stop: {message}"
                if re.match(r"[A-Z][a-z]", message):
                    yield f"{path}:{line}: a capital: {message}"
                bare = UNQUOTED.search(message)
                if bare and message.count("'", 0, bare.start()) % 2 == 0:
                    yield f"{path}:{line}: no quotes: {message}"


def headers(root):
    declares = re.compile(r"^[a-z].*[ *]((?:dara|sqlite)_\w+)\(", re.I)
    for path in sources(root, ".h"):
        lines = path.read_text().split("\n")
        for number, line in enumerate(lines):
            found = declares.match(line)
            if not found or line.startswith(("static ", "typedef ")) or line.endswith("{"):
                continue
            end = number
            while ";" not in lines[end] and end + 1 < len(lines):
                end += 1
            begin = number
            while begin > 0 and lines[begin - 1].strip():
                begin -= 1
            if not any("/*" in part or "*/" in part for part in lines[begin : end + 1]):
                yield f"{path}:{number + 1}: {found[1]} has no comment"


findings = list({"words": words, "headers": headers}[sys.argv[1]](pathlib.Path(sys.argv[2])))
print("\n".join(findings))
sys.exit(1 if findings else 0)
