"""The words of reports, how rare they are, how alike two weighings of them are, copies. Pure; the same everywhere.

Languages written without spaces go by pairs of characters. `core.signing` makes signatures of what is here.
"""

from __future__ import annotations

import hashlib
import math
import re
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import justext
import snowballstemmer

SKETCH = 64
SHINGLE = 4
PRIOR = 15
"""How many reports of unknown words are imagined beside those counted, so that young counts do not rule."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+"
)
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "nb": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Languages by the names of justext's lists of everyday words.
_EVERYDAY = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nb": "Norwegian_Bokmal", "nl": "Dutch",
    "no": "Norwegian_Bokmal", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
}  # fmt: skip


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Callable[[str], str]:
    algorithm = _STEMMERS.get(language.partition("-")[0].lower())
    if algorithm is None or algorithm not in snowballstemmer.algorithms():
        return lambda word: word
    # It notes in itself what it is at: two threads at once would have words that are neither's, and keep them.
    machine, one = snowballstemmer.stemmer(algorithm), threading.Lock()

    @lru_cache(maxsize=50_000)
    def stem(word: str) -> str:
        with one:
            return str(machine.stemWord(word))

    return stem


def stem(word: str, language: str = "") -> str:
    """A folded word without its ending, by the rules of its language; as it is where there are none."""
    return _stemmer(language)(word)


@lru_cache(maxsize=64)
def everyday(language: str) -> frozenset[str]:
    """Words of a language that tell nothing of an event ("the", "said"), as terms; empty for one without a list.

    A young site has not yet seen that they are everywhere.
    """
    name = _EVERYDAY.get(language.partition("-")[0].lower())
    if name is None:
        return frozenset()
    stem = _stemmer(language)
    words = {fold(word) for word in justext.get_stoplist(name)}
    return frozenset(words | {stem(word) for word in words})


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """A word without case and accents, possessives and dots of abbreviations dropped ("U.S." is "us")."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.removesuffix("'s")
    return plain.replace(".", "").replace("'", "")


def tokens(text: str, language: str = "") -> list[str]:
    """The words of `text` in order, folded and lightly stemmed; pairs of characters where no spaces are written."""
    stem = _stemmer(language)
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if runs := _SPACELESS.findall(word):
            for run in runs:
                found += [run[i : i + 2] for i in range(max(1, len(run) - 1))]
            continue
        folded = fold(word)
        if any(c.isdigit() for c in folded):
            found.append(folded)
        elif len(folded) > 1:
            found.append(stem(folded))
    return found


def rarity(reports: int, seen: int) -> float:
    """The weight of a word that `seen` of `reports` reports hold: 0 for one that is everywhere."""
    return math.log((reports + PRIOR + 1) / (seen + 1 + PRIOR * 0.002))


def similarity(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two signatures' terms, 0..1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def sketch(text: str, language: str = "") -> tuple[int, ...]:
    """The smallest hashes of the text's runs of four words: two sketches tell how much of two texts is the same.

    (Bottom-k sketches, Broder 1997.) Empty for a text of under a dozen words, which proves nothing.
    """
    return sketch_of(tokens(text, language))


def sketch_of(words: Sequence[str]) -> tuple[int, ...]:
    """The sketch of a text that is in tokens already."""
    if len(words) < 12:
        return ()
    runs = {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
    hashes = sorted(int.from_bytes(hashlib.blake2b(r.encode(), digest_size=6).digest(), "big") for r in runs)
    return tuple(hashes[:SKETCH])


def overlap(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of common runs of words of two sketched texts (an estimate of their Jaccard index), 0..1."""
    if not one or not other:
        return 0.0
    both = set(one).intersection(other)
    if not both:
        return 0.0
    size = min(SKETCH, max(len(one), len(other)))
    union = sorted(both.union(one, other))[:size]
    return sum(1 for value in union if value in both) / len(union)
