"""addresses: the web addresses that an abstract offers, cleaned, one of each kind"""

import re
from urllib.parse import urlsplit

from generator.fields import url_problem
from generator.model import LINKS

# Braces, backslashes and quotes are TeX's and the sentence's, not the address's: it ends there. It may begin inside a word.
ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]+", re.IGNORECASE)
ESCAPED_BY_TEX = re.compile(r"\\([_%#&~$])")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

# What the host (or one above it) and the start of the path say about an address; "": it is a text or license, no link of its own.
PLACES = (
    ("github.com", "/", "code"),
    ("gitlab.com", "/", "code"),
    ("bitbucket.org", "/", "code"),
    ("codeberg.org", "/", "code"),
    ("anonymous.4open.science", "/", "code"),
    ("youtube.com", "/", "video"),
    ("youtu.be", "/", "video"),
    ("vimeo.com", "/", "video"),
    ("huggingface.co", "/datasets/", "data"),
    ("kaggle.com", "/datasets/", "data"),
    ("zenodo.org", "/", "data"),
    ("figshare.com", "/", "data"),
    ("huggingface.co", "/papers/", ""),
    ("arxiv.org", "/", ""),
    ("doi.org", "/", ""),
    ("openreview.net", "/", ""),
    ("aclanthology.org", "/", ""),
    ("creativecommons.org", "/", ""),
)

# Elsewhere the words before it say what it is. Where they name anything else besides data it is the project's page.
DATA = re.compile(r"\b(data|datasets?|corpus|corpora)\b", re.IGNORECASE)
MORE_THAN_DATA = re.compile(
    r"\b(codes?|source|implementations?|software|models?|weights|demos?|demonstrations?|videos?|results|web ?site|web ?page|page"
    r"|project|information|details)\b",
    re.IGNORECASE,
)

# Abstracts also name what others made. An address is the paper's own where its sentence offers it, or where no word follows it.
OFFERED = re.compile(
    r"\b(available|releas\w+|open[- ]?sourc\w+|hosted|found|provided?|publish\w*|shared?|see|visit|our|codes?|web ?site|web ?page"
    r"|project page|demos?|demonstrations?|videos?|more (information|details))\b",
    re.IGNORECASE,
)


def links_in(abstract: str) -> tuple[tuple[str, str], ...]:
    """(kind, address) in the order of LINKS; of several addresses of one kind the first."""
    text = ESCAPED_BY_TEX.sub(r"\1", abstract)
    found: dict[str, str] = {}
    rest = 0  # where the text after the last address begins
    for match in ADDRESS.finditer(text):
        sentence = SENTENCE_END.split(text[: match.start()])[-1]
        words = SENTENCE_END.split(text[rest : match.start()])[-1]
        rest = match.end()
        address = _trimmed(match[0])
        is_last = not any(c.isalnum() for c in text[rest:])
        if (is_last or OFFERED.search(sentence)) and not url_problem(address):
            found.setdefault(_kind(address, words), address)
    return tuple((kind, found[kind]) for kind in LINKS if kind in found)


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence; a closing bracket stays where its opening one is part of the address."""
    while not (address[-1].isalnum() or address[-1] in "/=&#_~+%@$-"):
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _kind(address: str, words: str) -> str:
    parts = urlsplit(address.lower())
    for host, folder, kind in PLACES:
        if f".{parts.netloc}".endswith(f".{host}") and parts.path.startswith(folder):
            return kind if parts.path != folder else ""
    return "data" if DATA.search(words) and not MORE_THAN_DATA.search(words) else "project"
