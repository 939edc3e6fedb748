"""taggers: what proposes tags, a row each"""

from collections.abc import Callable, Mapping

from generator.model import Evidence, Paper, Vocabulary

from . import phrases

# By tag: how probable it is that a curator would give it (0 to 1), and the spans of the paper's text that speak for it.
Proposals = Mapping[str, tuple[float, tuple[Evidence, ...]]]

# A tagger is made ready for a vocabulary once, then asked about one paper after another. Its answer depends on nothing but the
# vocabulary and that paper's own text: a new paper changes no other paper's tags, and an answer may be remembered.
Propose = Callable[[Paper], Proposals]
Tagger = Callable[[Vocabulary], Propose]

TAGGERS: dict[str, Tagger] = {
    "phrases": phrases.tagger,
}
