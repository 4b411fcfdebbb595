#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes bnsl/_ffi.py, what ctypes must know of the library, from the public headers.

usage: generate_ffi.py [--check | --missing] [SRCDIR]

Prints nothing and rewrites the file when it differs. --check compares only. --missing fails when the package calls neither a function nor
has a reason for that in NOT_CALLED.

The headers are a small part of C, and this is a parser of that part: comments, conditionals and macros are resolved, then come declarations
of six kinds (aliases, enums, structs, handles, callbacks, functions). Anything else, a type outside the list below or a name without the
library's prefix ends the run: the generator keeps the interface within what other languages can bind.
"""

import re
import sys
from pathlib import Path

SCALARS = {"int32_t": "i32", "uint32_t": "u32", "int64_t": "i64", "uint64_t": "u64", "double": "f64", "size_t": "size"}
CTYPES = {"i32": "c.c_int32", "u32": "c.c_uint32", "i64": "c.c_int64", "u64": "c.c_uint64", "f64": "c.c_double", "size": "c.c_size_t"}
STATUS = "bnsl_status"
NOT_CALLED = {  # functions that the readable layer has no use for, and why
    "bnsl_box_init": "Box fills the struct and calls bnsl_box_validate",
    "bnsl_order_steinhardt": "bnsl_order_steinhardt_weighted is the general form",
    "bnsl_order_steinhardt_averaged": "likewise",
    "bnsl_saxs_form_factor": "bnsl_saxs_particle_form_factor is the general form",
    "bnsl_io_frame_rename_types": "the types of a Frame are a list of Python",
}
TOKEN = re.compile(r'\s+|(?P<token>[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|"(?:[^"\\]|\\.)*"|<<|>>|[-+*/()\[\]{};,=|&~])')


class Refused(Exception):
    """What the headers may not contain, with the place."""


# ---- preprocessor ----------------------------------------------------------------------------------------


class Preprocessor:
    """Resolves comments, #if, #define and #include of the library's own headers; gives tokens of the declarations."""

    def __init__(self, folder):
        self.folder, self.macros, self.seen, self.tokens = folder, {}, set(), []

    def read(self, name):
        if name in self.seen or name == "version.h":  # the version stands in configure.ac
            return
        self.seen.add(name)
        text = (self.folder / name).read_text(encoding="utf-8").replace("\\\n", " ")
        text = re.sub(r"/\*.*?\*/|//[^\n]*", lambda match: "\n" * match.group().count("\n") or " ", text, flags=re.S)
        active = [True]
        for number, line in enumerate(text.split("\n"), 1):
            where = f"{name}:{number}"
            directive = re.match(r"\s*#\s*(\w+)\s*(.*)", line)
            if directive:
                self.directive(directive[1], directive[2].strip(), active, where)
            elif active[-1]:
                self.tokens += ((token, where) for token in self.expand(tokenize(line, where), where))
        if len(active) != 1:
            raise Refused(f"{name}: an #if without #endif")

    def directive(self, word, rest, active, where):
        if word in ("if", "ifdef", "ifndef"):
            active.append(active[-1] and self.condition(word, rest, where))
        elif word == "else":
            active[-1] = active[-2] and not active[-1]
        elif word == "endif":
            active.pop()
        elif not active[-1]:
            return
        elif word == "include":
            own = re.match(r"<bnsl/(\w+\.h)>", rest)
            if own:
                self.read(own[1])
        elif word == "define":
            name, parameters, body = re.match(r"(\w+)(\([^)]*\))?\s*(.*)", rest).groups()
            if name != "BNSL_API":  # stays in the text, as the mark of what is exported
                names = [p.strip() for p in parameters[1:-1].split(",")] if parameters else None
                self.macros[name] = names, tokenize(body, where)
        elif word == "undef":
            self.macros.pop(rest, None)
        else:
            raise Refused(f"{where}: #{word}")

    def condition(self, word, rest, where):
        if word != "if":
            return (rest in self.macros) == (word == "ifdef")
        text = re.sub(r"defined\s*\(?\s*(\w+)\s*\)?", lambda match: str(match[1] in self.macros), rest)
        text = text.replace("||", " or ").replace("&&", " and ").replace("!", " not ")
        if not re.fullmatch(r"(True|False|or|and|not|[()\s])*", text):
            raise Refused(f"{where}: #if {rest}")
        return eval(text)  # of the words that the line above lets through

    def expand(self, tokens, where):
        """Tokens after the replacement of macros; calls of macros stand on one line."""
        out, i = [], 0
        while i < len(tokens):
            macro = self.macros.get(tokens[i])
            if macro is None or (macro[0] is not None and tokens[i + 1 : i + 2] != ["("]):
                out.append(tokens[i])
                i += 1
                continue
            names, body = macro
            i += 1
            values = {}
            if names is not None:
                arguments, i = split_arguments(tokens, i, where)
                if len(arguments) != len(names):
                    raise Refused(f"{where}: a macro with the wrong number of arguments")
                values = dict(zip(names, arguments))
            out += self.expand([t for token in body for t in values.get(token, [token])], where)
        return out


def tokenize(text, where):
    tokens, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise Refused(f"{where}: unexpected {text[at : at + 20]!r}")
        if match["token"]:
            tokens.append(match["token"])
        at = match.end()
    return tokens


def split_arguments(tokens, i, where):
    """Arguments of a call whose "(" is token i, and the index behind its ")"."""
    arguments, depth = [[]], 0
    for k in range(i, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[k], 0)
        if depth == 0:
            return arguments, k + 1
        if depth == 1 and tokens[k] == ",":
            arguments.append([])
        elif depth > 1 or k > i:
            arguments[-1].append(tokens[k])
    raise Refused(f"{where}: a macro call that does not end on its line")


# ---- declarations ----------------------------------------------------------------------------------------


class Headers:
    """constants {name: number}, structs {name: [(field, type, length)]}, handles, callbacks and functions {name: (result, [(type, name)])}."""

    def __init__(self, folder):
        preprocessor = Preprocessor(folder)
        preprocessor.read("bnsl.h")
        self.tokens, self.at = preprocessor.tokens, 0
        self.aliases, self.constants, self.structs, self.handles, self.callbacks, self.functions = {}, {}, {}, [], {}, {}
        while self.at < len(self.tokens):
            self.declaration()

    def peek(self, ahead=0):
        return self.tokens[self.at + ahead][0] if self.at + ahead < len(self.tokens) else None

    def take(self, wanted=None):
        token = self.peek()
        if token is None or (wanted is not None and token != wanted):
            self.refuse(f"{token!r}" + (f", expected {wanted!r}" if wanted else ""))
        self.at += 1
        return token

    def refuse(self, why):
        place = self.tokens[min(self.at, len(self.tokens) - 1)][1]
        raise Refused(f"{place}: {why}")

    def name(self, pattern=r"[A-Za-z_]\w*"):
        if not re.fullmatch(pattern, self.peek() or ""):
            self.refuse(f"a name like {pattern}, not {self.peek()!r}")
        return self.take()

    def declaration(self):
        if self.peek() == "enum":
            self.enum()
        elif self.peek() == "BNSL_API":
            self.take()
            result = self.type()
            name = self.name("bnsl_[a-z0-9A-Z_]+")
            self.functions[name] = result, self.parameters()
            self.take(";")
        elif self.peek() == "typedef" and self.peek(1) == "struct":
            self.struct()
        elif self.peek() == "typedef":
            self.take()
            result = self.type()
            if self.peek() == "(":
                self.take("(")
                self.take("*")
                name = self.name("bnsl_[a-z0-9_]+")
                self.take(")")
                self.callbacks[name] = result, self.parameters()
            else:
                self.aliases[self.name("bnsl_[a-z0-9_]+")] = result
            self.take(";")
        else:
            self.refuse(f"{self.peek()!r} begins no declaration of the public interface (a function without BNSL_API?)")

    def enum(self):
        self.take("enum")
        self.take("{")
        number = -1
        while self.peek() != "}":
            name = self.name("BNSL_[A-Z0-9_]+")
            number = number + 1
            if self.peek() == "=":
                self.take()
                expression = []
                while self.peek() not in (",", "}"):
                    token = self.take()
                    expression.append(str(self.constants.get(token, token)))
                if not re.fullmatch(r"[\dxXa-fA-F+*|&~() <-]+", " ".join(expression)):
                    self.refuse(f"{name}: a value that is no constant expression")
                number = eval(" ".join(expression))  # digits and operators, as checked
            self.constants[name] = number
            if self.peek() == ",":
                self.take()
        self.take("}")
        self.take(";")

    def struct(self):
        self.take("typedef")
        self.take("struct")
        name = self.name("bnsl_[a-z0-9_]+")
        if self.peek() == "{":
            self.take()
            fields = []
            while self.peek() != "}":
                kind = self.type()
                if "*" in kind:
                    self.refuse("a pointer in a struct")
                while True:
                    field, length = self.name(), None
                    if self.peek() == "[":
                        self.take()
                        length = self.take()
                        length = int(self.constants.get(length, length))
                        self.take("]")
                    fields.append((field, kind, length))
                    if self.peek() != ",":
                        break
                    self.take()
                self.take(";")
            self.take("}")
            self.structs[name] = fields
        else:
            self.handles.append(name)
        self.take(name)
        self.take(";")

    def type(self):
        """A type in one spelling: "double", "const double *", "bnsl_md * *"."""
        const = self.peek() == "const" and bool(self.take())
        base = self.name()
        known = base in SCALARS or base in ("char", "void") or base in self.aliases or base in self.structs
        if not (known or base in self.handles or base in self.callbacks):
            self.at -= 1
            self.refuse(f"the type {base} is not one that the interface may use")
        stars = ""
        while self.peek() == "*":
            stars += " " + self.take()
        return ("const " if const else "") + base + stars

    def parameters(self):
        self.take("(")
        if self.peek() == "void" and self.peek(1) == ")":
            self.at += 2
            return []
        out = []
        while True:
            kind = self.type()
            out.append((kind, self.name()))
            if self.peek() == ")":
                self.take()
                return out
            self.take(",")


# ---- output ----------------------------------------------------------------------------------------------


def pointed_at(kind):
    """The type without const and stars."""
    return kind.replace("const ", "").replace(" *", "")


class Writer:
    def __init__(self, headers):
        self.headers = headers

    def value(self, kind):
        """ctypes name of something that is not a pointer."""
        kind = self.headers.aliases.get(kind, kind)
        return CTYPES.get(SCALARS.get(kind, ""), kind if kind in self.headers.structs else None)

    def parameter(self, kind):
        base, stars = pointed_at(kind), kind.count("*")
        alias = self.headers.aliases.get(base, base)
        if stars == 0 and alias in SCALARS:
            return SCALARS[alias]
        if stars == 0 and base in self.headers.callbacks:
            return base
        if stars == 1 and alias in SCALARS:
            return ("in_" if kind.startswith("const ") else "out_") + SCALARS[alias]
        if kind == "const char *":
            return "c.c_char_p"
        if kind in ("void *", "const void *"):
            return "c.c_void_p"
        if stars == 1 and (base in self.headers.structs or base in self.headers.handles):
            return f"P({base})"
        if stars == 2 and (base in self.headers.handles or alias in SCALARS):
            return f"P(P({base if base in self.headers.handles else self.value(base)}))"
        raise Refused(f"a parameter of type {kind}")

    def callback_parameter(self, kind):
        value = self.value(pointed_at(kind))
        if kind == "void *" or (value and kind.count("*") <= 1):
            return "c.c_void_p" if kind == "void *" else f"P({value})" if "*" in kind else value
        raise Refused(f"a callback's parameter of type {kind}")

    def result(self, kind):
        if kind == STATUS:
            return "status"
        if kind == "void":
            return "None"
        if kind == "const char *":
            return "c.c_char_p"
        base = pointed_at(kind)
        if kind.count("*") == 1 and (base in self.headers.handles or self.value(base)):
            return f"P({base if base in self.headers.handles else self.value(base)})"
        if "*" not in kind and self.value(kind):
            return self.value(kind)
        raise Refused(f"a result of type {kind}")

    def struct(self, name):
        yield f"class {name}(c.Structure):"
        yield "    _fields_ = ["
        for field, kind, length in self.headers.structs[name]:
            value = self.value(kind)
            if value is None:
                raise Refused(f"{name}.{field}: a field of type {kind}")
            yield f'        ("{field}", {value}{f" * {length}" if length else ""}),'
        yield "    ]"

    def lines(self, version, soversion):
        h = self.headers
        yield "# SPDX-License-Identifier: GPL-3.0-or-later"
        yield '"""The C interface as ctypes sees it. Written by generate_ffi.py from include/bnsl/*.h: `make ffi-update` after a change there."""'
        yield from ("import ctypes as c", "from typing import Any", "")
        used = sorted({p for _, ps in h.functions.values() for p in (self.parameter(kind) for kind, _ in ps) if re.fullmatch(r"\w+", p)})
        yield f"from ._types import P, {', '.join(sorted([p for p in used if not p.startswith('bnsl_')] + ['status']))}"
        yield ""
        yield f'VERSION = "{version}"'
        yield f'SONAME = "libbnsl.so.{soversion}"'
        yield ""
        yield from (f"{name} = {number}" for name, number in h.constants.items())
        for name in h.handles:
            yield from ("", "", f"class {name}(c.Structure):", "    pass")
        for name in h.structs:
            yield from ("", "")
            yield from self.struct(name)
        yield from ("", "")
        for name, (result, parameters) in h.callbacks.items():
            values = [self.callback_parameter(kind) for kind, _ in parameters]
            yield f"{name} = c.CFUNCTYPE({', '.join([self.result(result)] + values)})"
        yield "OPTIONS = (  # structs with a struct_size, each with its _init"
        yield from (f'    "{name}",' for name, fields in h.structs.items() if fields[0][0] == "struct_size")
        yield ")"
        yield "FUNCTIONS: dict[str, tuple[Any, ...]] = {  # name: (result, names of the parameters, their types...)"
        for name, (result, parameters) in h.functions.items():
            names = " ".join(parameter for _, parameter in parameters)
            types = "".join(f", {self.parameter(kind)}" for kind, _ in parameters)
            yield f'    "{name}": ({self.result(result)}, "{names}"{types}),'
        yield "}"


def generate(srcdir):
    configure = (srcdir / "configure.ac").read_text(encoding="utf-8")
    version = re.search(r"AC_INIT\(\[libbnsl\],\[([\d.]+)\]\)", configure)[1]
    soversion = re.search(r"AC_SUBST\(\[BNSL_SOVERSION\],\[(\d+)\]\)", configure)[1]
    return "\n".join(Writer(Headers(srcdir / "include/bnsl")).lines(version, soversion)) + "\n"


def missing(srcdir):
    """What is wrong with the readable layer: functions that no module calls, and reasons for some that are called or do not exist."""
    functions = Headers(srcdir / "include/bnsl").functions
    package = srcdir / "bindings/python/bnsl"
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted(package.glob("**/*.py")) if p.name != "_ffi.py")
    called = set(re.findall(r"\blib\.(bnsl_\w+)", text)) | {
        f"bnsl_{name}_options_init" for name in re.findall(r'\boptions\(\s*"(\w+)"', text)
    }
    called |= {name for name in functions if f"library.{name}" in text}
    for name in functions:
        if name not in called and name not in NOT_CALLED:
            yield f"{name} is not called by the package (bindings/python/bnsl), nor is there a reason in NOT_CALLED of generate_ffi.py"
    for name in NOT_CALLED:
        if name not in functions or name in called:
            yield f"NOT_CALLED of generate_ffi.py: {name} is called, or is no function"


def main(arguments):
    mode = arguments.pop(0) if arguments[:1] in (["--check"], ["--missing"]) else ""
    srcdir = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2]
    target = srcdir / "bindings/python/bnsl/_ffi.py"
    try:
        if mode == "--missing":
            complaints = list(missing(srcdir))
            print("\n".join(complaints), end="\n" if complaints else "")
            return len(complaints) > 0
        text = generate(srcdir)
    except Refused as error:
        print(f"generate_ffi.py: {error}", file=sys.stderr)
        return 1
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return 0
    if mode == "--check":
        print(f"{target} is not that of the headers: make ffi-update", file=sys.stderr)
        return 1
    target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
