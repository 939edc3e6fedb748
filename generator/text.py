"""text: one normalizer of text, one pipeline of terms, keys and slugs"""

import difflib
import functools
import hashlib
import html
import re
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass

# Names that Windows keeps for devices: no file of a survey may bear one.
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})


def folded(text: str) -> str:
    """Compatibility forms resolved, marks dropped, lower case."""
    return text.lower() if text.isascii() else text.translate(_UNMARKED).lower()


class _Unmarked(dict[int, str]):
    """What is left of a character, looked at once: no neighbor matters for that."""

    def __missing__(self, character: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(character))
        self[character] = "".join(c for c in decomposed if not unicodedata.category(c).startswith("M"))
        return self[character]


_UNMARKED = _Unmarked()


@functools.lru_cache(maxsize=1 << 16)
def title_key(title: str) -> str:
    """What all writings of one title share: its letters and digits, and the signs that tell C++ from C and A* from A. A title
    without any is its own key."""
    plain = folded(untexed(title)).casefold().translate(_PLAIN)
    return "".join(_KEPT.findall(plain)) or title


_KEPT = re.compile(r"[^\W_]+(?:(?:\+\+|#|\*)(?!\w))?")


def untexed(text: str) -> str:
    """A line with its entities read, without TeX's braces and commands; `\\o` and `\\alpha` leave their names."""
    return _TEX.sub("", html.unescape(text))


_TEX = re.compile(r"\\[a-zA-Z]+\s*(?={)|\\(?:em|bf|it|rm|sc|sf|sl|tt)\b\s*|[{}$\\^]")


def slug(name: str, *, kind: str, whole: str = "", longest: int = 72) -> str:
    """The address of `name`: `[a-z0-9-]`, cut at a hyphen.

    Where nothing is left of it: `<kind>-` and 8 hex digits of the SHA-256 of `whole` (the name itself unless given).
    """
    hyphenated = re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-")
    if len(hyphenated) > longest:
        cut = hyphenated[: longest + 1]
        hyphenated = cut.rsplit("-", 1)[0] if "-" in cut else cut[:longest]
    if not hyphenated:
        return f"{kind}-{hashlib.sha256((whole or name).encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return f"{kind}-{hyphenated}" if hyphenated in RESERVED else hyphenated


# Letters that compatibility forms leave as they are.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ŋ": "n"})


def name_slug(name: str, *, kind: str) -> str:
    """The address of a person or a venue. Where letters of it are lost (or the signs that tell C++ from C#), 8 hex digits of
    the name's SHA-256 keep it apart from others that lose the same."""
    plain = folded(name).translate(_PLAIN)
    address = slug(plain, kind=kind)
    if address.startswith(f"{kind}-") or not re.search(r"[^\W_a-z0-9]|[+#*]", plain):
        return address
    return f"{address}-{hashlib.sha256(plain.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def paper_slug(title: str) -> str:
    """The id a new paper gets from its title: what stands before the first colon."""
    return slug(title.split(":", 1)[0], kind="paper", whole=title)


def sort_key(name: str) -> tuple[str, str]:
    """An order of names that is the same everywhere: letters before marks and case, no locale."""
    return folded(name), name


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest of the known words; empty when none is near."""
    near = difflib.get_close_matches(word, list(known), 1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


# --- terms of search
# static/js/terms.js does the same in the browser, expression for expression: change both or neither.

# Names that would vanish with their signs, and how they are indexed and asked instead.
SPOKEN = {"c++": "cplusplus", "c#": "csharp", ".net": "dotnet", "a*": "astar"}
SIGNED = re.compile(r"(^|[\W_])(c\+\+|c#|\.net(?![^\W_])|a\*(?![^\W_]|\*))")

# Scripts without spaces between words: ideographs, hiragana, katakana. (NFKD has taken Hangul apart; Korean has spaces.)
CJK = "々-〇〡-〩ぁ-ゖゝ-ゟァ-ヺー-ヿㇰ-ㇿ㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U0003ffff"
WRITTEN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+(?:[-\u2010\u00ad][^\\W_{CJK}]+)*")
HYPHEN = re.compile("[-\u2010\u00ad]")
MOST_PARTS = 4  # "state-of-the-art" is one word as well; a longer chain is an address, and joined it would help nobody


@dataclass(frozen=True, slots=True)
class Written:
    """A word as it is written: its parts, and the joined form of a hyphenated one. CJK gives bigrams."""

    parts: tuple[str, ...]
    joined: str | None = None


def written(text: str) -> list[Written]:
    """The words of a text in their order."""
    return [_written(run) for run in runs(text)]


def runs(text: str) -> list[str]:
    """The words of a text as they stand there, hyphens and all, or whole lines of a script without spaces."""
    plain = folded(text).replace("ς", "σ")  # whether a sigma ends its word depends on signs that are no letters
    if any(sign in plain for sign in ("+", "#", "*", ".net")):
        plain = SIGNED.sub(lambda found: f"{found[1]} {SPOKEN[found[2]]} ", plain)
    return WRITTEN.findall(plain)


@functools.lru_cache(maxsize=1 << 16)
def _written(run: str) -> Written:
    if re.match(f"[{CJK}]", run):
        return Written(tuple(run[i : i + 2] for i in range(len(run) - 1)) or (run,))
    parts = tuple(HYPHEN.split(run))
    return Written(parts, "".join(parts) if 1 < len(parts) <= MOST_PARTS else None)


@functools.lru_cache(maxsize=1 << 16)
def spellings(run: str) -> tuple[str, ...]:
    """The words that one of `runs` gives."""
    found = _written(run)
    return found.parts if found.joined is None else (*found.parts, found.joined)


def words(text: str) -> list[str]:
    """The words that are searched: a hyphenated one gives its parts and, after them, the joined form."""
    return [word for run in runs(text) for word in spellings(run)]


def terms(text: str, stop_words: Container[str]) -> list[str]:
    """What is looked up in an index: words, without stop words, stemmed."""
    return [stem(word) for word in words(text) if word not in stop_words]


# The stemmer is that of lunr.js 2.3.9, not Porter's as lunr.py has it: "survey" stays, where lunr.py makes "survei" of it and
# the browser finds nothing. A suffix counts only where something is left before it ("ies", "eed").

CONSONANTS = "[^aeiou][^aeiouy]*"
VOWELS = "[aeiouy][aeiou]*"
BEGINS_WITH_ONE = re.compile(f"(?:{CONSONANTS})?{VOWELS}{CONSONANTS}")  # Porter's measure m > 0
BEGINS_WITH_TWO = re.compile(f"(?:{CONSONANTS})?{VOWELS}{CONSONANTS}{VOWELS}{CONSONANTS}")  # m > 1
IS_ONE = re.compile(f"(?:{CONSONANTS})?{VOWELS}{CONSONANTS}(?:{VOWELS})?")  # m = 1
HAS_VOWEL = re.compile(f"(?:{CONSONANTS})?[aeiouy]")
IS_SHORT = re.compile(f"{CONSONANTS}[aeiouy][^aeiouwxy]")  # "hop", whose "hoping" gets its e back
ENDS_DOUBLE = re.compile(r".*([^aeiouylsz])\1")
ASTRAL = re.compile("[\U00010000-\U0010ffff]")

# Step 2 and step 3: suffix -> what takes its place.
DOUBLE_SUFFIXES = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble", "logi": "log",
}  # fmt: skip
SINGLE_SUFFIXES = {
    "icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": "",
}  # fmt: skip
# Step 4: they go where two syllables remain.
LAST_SUFFIXES = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ou", "ism", "ate", "iti", "ous",
    "ive", "ize",
)  # fmt: skip


@functools.cache
def stem(word: str) -> str:
    """What lunr.js's stemmer makes of a word in lower case."""
    units = ASTRAL.sub(_surrogates, word)  # JavaScript measures words in UTF-16 units
    if len(units) < 3:
        return word
    if units[0] == "y":
        units = "Y" + units[1:]  # a consonant there
    for step in (_without_plural, _without_past, _y_as_i, _plainer, _without_last, _without_e):
        units = step(units)
    if units[0] == "Y":
        units = "y" + units[1:]
    return units if units.isascii() else units.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


def _surrogates(astral: re.Match[str]) -> str:
    high, low = divmod(ord(astral[0]) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


def _before(word: str, suffixes: tuple[str, ...]) -> tuple[str, str]:
    """(what stands before, suffix) for the longest of the suffixes that leaves something; ("", "") when none does."""
    if not word.endswith(suffixes):  # most words: this is all there is to it
        return "", ""
    found = max((s for s in suffixes if word.endswith(s) and len(word) > len(s)), key=len, default="")
    return (word.removesuffix(found), found) if found else ("", "")


def _without_plural(word: str) -> str:
    if _before(word, ("sses", "ies"))[1]:
        return word[:-2]
    return word[:-1] if len(word) > 2 and word[-1] == "s" and word[-2] != "s" else word


def _without_past(word: str) -> str:
    head, suffix = _before(word, ("eed", "ed", "ing"))
    if suffix == "eed":
        return word[:-1] if BEGINS_WITH_ONE.match(head) else word
    if not suffix or not HAS_VOWEL.match(head):
        return word
    if head.endswith(("at", "bl", "iz")):
        return head + "e"
    if ENDS_DOUBLE.fullmatch(head):
        return head[:-1]
    return head + "e" if IS_SHORT.fullmatch(head) else head


def _y_as_i(word: str) -> str:
    return word[:-1] + "i" if len(word) > 2 and word[-1] == "y" and word[-2] not in "aeiou" else word


def _plainer(word: str) -> str:
    for suffixes in (DOUBLE_SUFFIXES, SINGLE_SUFFIXES):
        head, suffix = _before(word, tuple(suffixes))
        if BEGINS_WITH_ONE.match(head):
            word = head + suffixes[suffix]
    return word


def _without_last(word: str) -> str:
    head, suffix = _before(word, LAST_SUFFIXES)
    if not suffix and _before(word, ("sion", "tion"))[1]:
        head = word[:-3]
    return head if BEGINS_WITH_TWO.match(head) else word


def _without_e(word: str) -> str:
    head, _ = _before(word, ("e",))
    if BEGINS_WITH_TWO.match(head) or (IS_ONE.fullmatch(head) and not IS_SHORT.fullmatch(head)):
        word = head
    return word[:-1] if word.endswith("ll") and BEGINS_WITH_TWO.match(word) else word
