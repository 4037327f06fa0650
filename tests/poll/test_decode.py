"""Content codings undone, bombs included."""

from __future__ import annotations

import gzip
import resource
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from masthead.core.codings import BadCoding, TooLarge, decode

TEXT = ("<rss><title>Ünïcode</title>" + "<item/>" * 20_000).encode()
LIMIT = 15_000_000


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("coding", PACKERS)
def test_each_coding_is_undone(coding: str) -> None:
    assert decode(PACKERS[coding](TEXT), coding, LIMIT) == TEXT
    assert decode(PACKERS[coding](b"x"), coding.upper(), LIMIT) == b"x"


@pytest.mark.parametrize("coding", PACKERS)
def test_the_limit_is_exact(coding: str) -> None:
    packed = PACKERS[coding](b"y" * 100_000)
    assert len(decode(packed, coding, 100_000)) == 100_000
    with pytest.raises(TooLarge):
        decode(packed, coding, 99_999)


@pytest.mark.parametrize("coding", PACKERS)
def test_a_body_cut_short_is_no_body(coding: str) -> None:
    packed = PACKERS[coding](TEXT)
    for cut in (len(packed) - 1, len(packed) // 2):
        with pytest.raises(BadCoding, match=f"damaged {coding}"):
            decode(packed[:cut], coding, LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_several_members_are_read_one_after_the_other(coding: str) -> None:
    assert decode(PACKERS[coding](TEXT) + PACKERS[coding](b"more"), coding, LIMIT) == TEXT + b"more"


def test_what_servers_call_deflate() -> None:
    assert decode(_raw_deflate(TEXT), "deflate", LIMIT) == TEXT


def test_words_that_encode_nothing() -> None:
    for value in ("", "identity", "none", "UTF-8", "identity, binary"):
        assert decode(TEXT, value, LIMIT) == TEXT
    assert decode(TEXT, "gzip", LIMIT) == TEXT


def test_nested_codings_are_undone_to_three() -> None:
    body = TEXT
    for coding in ("gzip", "br", "zstd"):
        body = PACKERS[coding](body)
    assert decode(body, "gzip, br, zstd", LIMIT) == TEXT
    with pytest.raises(BadCoding, match="5 codings"):
        decode(body, "gzip, gzip, gzip, gzip, gzip", LIMIT)


def test_an_unknown_coding_is_named() -> None:
    with pytest.raises(BadCoding, match="'sdch'"):
        decode(TEXT, "sdch", LIMIT)


@pytest.mark.parametrize("coding", PACKERS)
def test_a_bomb_costs_no_more_than_the_limit(coding: str) -> None:
    bomb = _bomb(coding, 512)
    assert len(bomb) < 1_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TooLarge):
        decode(bomb, coding, LIMIT)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 80_000, f"{grown} KB for a limit of 15 MB"


def _bomb(coding: str, megabytes: int) -> bytes:
    """So many megabytes of nothing, made piece by piece."""
    zeros = bytes(1_000_000)
    if coding == "br":
        br = brotli.Compressor(quality=5)
        return b"".join([*(br.process(zeros) for _ in range(megabytes)), br.finish()])
    if coding == "zstd":
        zstd = zstandard.ZstdCompressor(level=3).compressobj()
        return b"".join([*(zstd.compress(zeros) for _ in range(megabytes)), zstd.flush()])
    packer = zlib.compressobj(wbits=31 if coding == "gzip" else 15)
    return b"".join([*(packer.compress(zeros) for _ in range(megabytes)), packer.flush()])
