"""Invented words in the proportions of real text, the same for the same seed; some by which the bench searches."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

VOCABULARY, PERIOD = 20_000, 20_000
TITLE, STANDFIRST = 8, 20
# What the bench looks for: `COMMON` is in three of ten reports, `MEDIUM` in one of a hundred, `RARE` in seven of all.
COMMON, MEDIUM, RARE = "harvestine", "quillmarket", "zephyrandum"
_COMMON_SHARE, _MEDIUM_SHARE, RARE_REPORTS = 0.3, 0.01, 7
_ONSETS = [*"bcdfghlmnprstv", "br", "cr", "dr", "fl", "gr", "pl", "pr", "st", "tr"]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "io", "ou"]
_CODAS = ["", "", "l", "n", "r", "s", "t", "nd", "rk"]


def vocabulary(seed: int) -> list[str]:
    """Words without a meaning, all different, the short ones first as in real languages."""
    chance = random.Random(seed)
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = 1 + min(3, len(words) // 400)
        words["".join(chance.choice(s) for _ in range(syllables) for s in (_ONSETS, _VOWELS, _CODAS))] = None
    return list(words)


def texts(number: int, length: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Title, standfirst and text (of `length` words) of each report; how often a word comes follows Zipf's law.

    After `PERIOD` reports they come again, but for the few that hold `RARE`: words keep their shares at any size, and
    making them and their vectors is not what takes the time.
    """
    rare = {number * (2 * n + 1) // (2 * RARE_REPORTS) for n in range(RARE_REPORTS)}
    period = list(_period(min(number, PERIOD), length, seed))
    for place in range(number):
        title, standfirst, text = period[place % PERIOD]
        yield title, standfirst, f"{text} {RARE}." if place in rare else text


def _period(number: int, length: int, seed: int) -> Iterator[tuple[str, str, str]]:
    words = np.array(vocabulary(seed), dtype=object)
    weights = 1 / (np.arange(VOCABULARY) + 2.7)
    heights = np.cumsum(weights / weights.sum())
    chance = np.random.default_rng(seed)
    for row in range(number):
        drawn = np.searchsorted(heights, chance.random(TITLE + STANDFIRST + length)).clip(max=VOCABULARY - 1)
        tokens, share = words[drawn].tolist(), chance.random(2)
        if share[0] < _COMMON_SHARE:
            # In one of five of these it stands in the headline.
            tokens[row % TITLE if share[0] < _COMMON_SHARE / 5 else TITLE + row % length] = COMMON
        if share[1] < _MEDIUM_SHARE:
            tokens[TITLE + STANDFIRST - 1] = MEDIUM
        yield (
            " ".join(tokens[:TITLE]).capitalize(),
            " ".join(tokens[TITLE : TITLE + STANDFIRST]).capitalize() + ".",
            " ".join(tokens[TITLE + STANDFIRST :]).capitalize() + ".",
        )
