"""Words are stemmed the same, however many threads of a worker stem at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import snowballstemmer

from masthead.core import similar

BEGINNINGS = [a + b for a in "b c d f g h l m n p r s t".split() for b in "ar en ill om und".split()]  # noqa: SIM905
ENDINGS = "ing ings ed ation ational iveness fulness ization izer ies ly ousness".split()  # noqa: SIM905
WORDS = [beginning + ending for beginning in BEGINNINGS for ending in ENDINGS]


@pytest.fixture
def often_interrupted() -> Iterator[None]:
    similar._stemmer.cache_clear()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
    similar._stemmer.cache_clear()


@pytest.mark.usefixtures("often_interrupted")
def test_threads_that_stem_at_once_get_each_its_own_word() -> None:
    alone = snowballstemmer.stemmer("english")
    expected = {word: alone.stemWord(word) for word in WORDS}

    def read(number: int) -> list[str]:
        turned = WORDS[number * 97 :] + WORDS[: number * 97]
        return similar.tokens(" ".join(turned), "en") + turned

    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(read, range(4)):
            stems, words = found[: len(WORDS)], found[len(WORDS) :]
            assert stems == [expected[word] for word in words]
    assert similar.tokens(" ".join(WORDS), "en") == [expected[word] for word in WORDS]
