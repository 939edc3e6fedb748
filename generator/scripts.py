"""scripts: the theme's scripts as they are served: each with what it imports, without comments and needless spaces"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .memo import code, digest
from .model import Output

FOLDER = "static/js/"


def is_script(path: str) -> bool:
    """Whether a static file is a module of the theme; one that is short already is served as it is."""
    return path.startswith(FOLDER) and path.endswith(".js") and not path.endswith(".min.js")


def served(scripts: Mapping[str, bytes]) -> list[Output]:
    """The outputs of the scripts with these paths and contents.

    A script that no other imports is one that a page loads: all that it imports goes with it, so that a reader waits for one file
    and not for one after the other. The others are served too, each by itself: a program may want one of them.
    """
    modules = {path.removeprefix(FOLDER): module_of(source) for path, source in sorted(scripts.items())}
    imported = {name for module in modules.values() if module for name in module.imports}
    outputs = []
    for path, source in sorted(scripts.items()):
        name = path.removeprefix(FOLDER)
        whole = None if name in imported else joined(name, modules)
        text = source if whole is None else whole.encode("utf-8")
        outputs.append(Output(path, digest(code(), text), lambda text=text: shorter(text)))  # type: ignore[misc]
    return outputs


# ------------------------------------------------------------------ with what they import

_IMPORT = re.compile(r"^import (?:(\w+)|\{([^{}]*)\}) from '\./([\w.-]+)'$", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b(?!\()|^(?!.*\basync\b)\S.*\bawait\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Module:
    imports: Mapping[str, str]  # by the name of a file, what it gives, as a pattern of a declaration
    exports: tuple[str, ...]
    body: str


def module_of(source: bytes) -> Module | None:
    """A script taken apart; None when it imports or exports in other ways than the theme's scripts do."""
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError:
        return None
    imports = {file: f"{{{names.replace(' as ', ':')}}}" if names else name for name, names, file in _IMPORT.findall(text)}
    body = _EXPORT.sub("", _IMPORT.sub("", text))
    if _OTHER.search(body) or len(imports) < len(_IMPORT.findall(text)):
        return None
    return Module(imports, tuple(_EXPORT.findall(text)), body)


def joined(entry: str, modules: Mapping[str, Module | None]) -> str | None:
    """A script and all that it imports as one; what is not among the modules is imported still. None: one is not understood."""
    order = list(_order(entry, modules, ()))
    if None in order:
        return None
    place = {name: f"module{at}" for at, name in enumerate(dict.fromkeys(name for name in order if name))}
    outside: dict[str, str] = {}
    parts = []
    for name in place:
        module = modules[name]
        assert module
        for file, names in module.imports.items():
            if file not in modules and outside.setdefault(file, names) != names:
                return None
        given = "".join(f"const {names} = {place[file]}\n" for file, names in module.imports.items() if file in modules)
        body = f"{given}{module.body}"
        parts.append(
            body
            if name == entry
            else f"const {place[name]} = (() => {{\n{body}\nreturn {{ {', '.join(module.exports)} }}\n}})()\n"
        )
    imports = [f"import {given} from './{file}'\n" for file, given in outside.items()]
    return "".join((*imports, *parts))


def _order(name: str, modules: Mapping[str, Module | None], above: tuple[str, ...]) -> Iterator[str | None]:
    """What is imported before what imports it; None for what is not understood, or imports itself in the end."""
    module = modules[name]
    if module is None or name in above:
        yield None
        return
    for file in module.imports:
        if file in modules:
            yield from _order(file, modules, (*above, name))
    yield name


# ------------------------------------------------------------------ without comments and needless spaces


def _template(inner: str = "") -> str:
    """A pattern of template literals whose `${…}` may hold braces, and literals that `inner` matches."""
    return rf"`(?:[^`\\$]|\\.|\$(?!\{{)|\$\{{(?:[^`{{}}]|\{{[^`{{}}]*\}}{'|' + inner if inner else ''})*+\}})*+`"


_COMMENT = r"//[^\n]*|/\*.*?\*/"
_STRING = r"'(?:[^'\\\n]|\\.)*+'|\"(?:[^\"\\\n]|\\.)*+\""
_BEFORE_REGEX = r"(?:(?<=[=(,:;!&|?{\[])|(?<==>)|(?<=\breturn)|(?<=\btypeof)|(?<=\bcase))\s*"  # elsewhere a / divides
_REGEX = _BEFORE_REGEX + r"/(?![/*])(?:[^\\/\[\n]|\\.|\[(?:[^\\\]\n]|\\.)*+\])++/"
_LICENSE = r"/\*!.*?\*/|/\*(?=(?:[^*]|\*(?!/))*@license).*?\*/"
_KEPT = rf"{_STRING}|{_template(_template(_template()))}|{_REGEX}"
_SPACES = r"\s+"
_PUNCTUATION = "[,:;=<>()?&|{}\\[\\]]"  # not + and -: two of them without the space between are another sign
_TOKEN = re.compile(rf"(?P<kept>{_KEPT}|{_LICENSE})|(?P<gap>(?:{_COMMENT}|{_SPACES})+)|(?P<unclosed>['\"`])", re.DOTALL)


@functools.lru_cache(maxsize=64)  # a preview is asked for the same ones with each page
def shorter(script: bytes) -> bytes:
    """A script without comments (but of its license) and needless spaces; one that is not understood stays as it is.
    Ends of lines stay: they may end statements."""
    try:
        source = script.decode("utf-8")
    except UnicodeDecodeError:
        return script
    tokens = list(_TOKEN.finditer(source))
    if any(token["unclosed"] for token in tokens):
        return script
    return _TOKEN.sub(lambda token: token[0] if token["kept"] else _gap(token), source).strip().encode("utf-8")


def _gap(token: re.Match[str]) -> str:
    if "\n" in token[0]:
        return "\n"
    around = token.string[token.start() - 1 : token.start()] + token.string[token.end() : token.end() + 1]
    return "" if re.search(_PUNCTUATION, around) else " "
