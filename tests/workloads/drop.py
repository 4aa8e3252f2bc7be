"""drop.py MODULE.abp: list its grants, one item each, as "LINE ITEM"; drop.py MODULE.abp N: the module without the Nth.

Reads the layout that `abpc fmt` writes: one statement a line, or several divided by "; " in one block line.
"""
import re
import sys

GRANTS = {"paths": "read write load exec device symlink scratch", "syscalls": "allow", "ports": "unix connect listen socket",
          "env": "pass"}
END = {"because", "unsafe", "on", "except", "submounts"}
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[A-Za-z_]\w*\([^)]*(?:\([^)]*\)[^)]*)*\)|[^\s;{}]+|[;{}]')


def items(text):
    """Yield (line number, first and last offset, words shown) of each item of each grant."""
    block, line = None, []
    for m in list(TOKEN.finditer(re.sub(r"(?m)^\s*#.*$", lambda c: " " * len(c[0]), text))):
        word = m[0]
        if word == "{":
            block, line = (line[0][0] if line else None), []
            continue
        if word in ";}" or (line and text.count("\n", line[-1].end(), m.start())):
            yield from grant(text, block, line)
            line = []
        if word == "}":
            block = None
        elif word != ";":
            line.append(m)


def grant(text, block, line):
    if block not in GRANTS or not line or line[0][0] not in GRANTS[block].split():
        return
    verb, rest = line[0], line[1:]
    rest = rest[:next((i for i, m in enumerate(rest) if m[0] in END), len(rest))]
    whole = len(rest) == 1 or verb[0] in ("symlink", "scratch") or block == "ports"
    number = text.count("\n", 0, verb.start()) + 1
    for m in [rest[0]] if whole else rest:
        span = (verb.start(), line[-1].end()) if whole else (m.start(), m.end())
        yield number, span, f"{verb[0]} {' '.join(w[0] for w in rest) if whole else m[0]}"


def main():
    text = open(sys.argv[1], encoding="utf-8").read()
    found = list(items(text))
    if len(sys.argv) == 2:
        for number, _, shown in found:
            print(number, shown)
        return
    _, (begin, end), _ = found[int(sys.argv[2])]
    sys.stdout.write(text[:begin] + text[end:])


main()
