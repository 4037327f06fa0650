"""Damage: what lines, editors, scripts, proxies and attackers do to a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

# Pieces that mean something somewhere in XML, HTML, JSON, addresses, dates or encodings.
_TOKENS = (
    *(
        b"<",
        b">",
        b"&",
        b'"',
        b"'",
        b"=",
        b"/",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"-->",
        b"<?",
        b"?>",
        b"<!DOCTYPE x [",
        b"]>",
    ),
    *(
        b"&#0;",
        b"&#x110000;",
        b"&#xD800;",
        b"&#150;",
        b"&#99999999999;",
        b"&nbsp;",
        b"&nosuch;",
        b"&amp;amp;",
        b"&l",
        b"&&&",
    ),
    *(
        b"<item>",
        b"</item>",
        b"<entry>",
        b"</channel>",
        b"<rss>",
        b"<title>",
        b"</title>",
        b"<b>",
        b"</p>",
        b"<br>",
        b"<br/>",
    ),
    *(
        b"<script>",
        b"<object>",
        b"<iframe/>",
        b"<textarea>",
        b"<link/>",
        b"<guid>",
        b"<x:y>",
        b"<media:content url='a'/>",
    ),
    *(
        b" xmlns='http://www.w3.org/2005/Atom'",
        b" xmlns:dc='urn:x'",
        b" xml:base='//'",
        b" type='xhtml'",
        b" mode='base64'",
    ),
    *(
        b"\x00",
        b"\x01",
        b"\x0b",
        b"\x1b",
        b"\x7f",
        b"\x85",
        b"\x96",
        b"\xff",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
    ),
    *(
        b"\xc3",
        b"\xe2\x80\xae",
        b"\xe2\x80\xa8",
        b"\xef\xbf\xbe",
        b"\xf4\x90\x80\x80",
        b"\xc2\x96",
        b"\xd0\x9f\xd1\x80",
    ),
    *(b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"\\ud800", b"\\u0000", b"1e999", b"-0", b"NaN", b"\\"),
    *(b"http://", b"//", b"javascript:", b"@", b"%", b"%00", b"%zz", b"#", b"?", b"[::1]", b":99999", b"..", b"\\"),
    *(b"-", b"+", b"T", b"Z", b"24:00", b":60", b"0000", b"9999", b"GMT", b"+14:00", b"\n", b"\r", b"\t", b" ", b"  "),
    *(
        b"9" * 30,
        b"9" * 5000,
        b"0" * 300,
        b"A" * 3000,
        b"<a>" * 300,
        b"</a>" * 300,
        b"&" * 300,
        b"[" * 300,
        b" " * 3000,
    ),
)
_LABELS = (
    *(
        b"utf-8",
        b"utf-16",
        b"utf-32",
        b"utf-7",
        b"iso-8859-1",
        b"windows-1251",
        b"koi8-r",
        b"shift_jis",
        b"gb2312",
        b"big5",
    ),
    *(
        b"euc-kr",
        b"iso-2022-jp",
        b"hz",
        b"ascii",
        b"cp037",
        b"hex",
        b"zlib",
        b"rot13",
        b"idna",
        b"punycode",
        b"undefined",
    ),
    *(b"unicode_escape", b"utf-8-sig", b"macroman", b"nosuch", b"x-user-defined", b"mbcs", b"cp65001", b"utf_16_le"),
)
_CODECS = (
    "utf-16",
    "utf-16-le",
    "utf-32-be",
    "cp1251",
    "latin-1",
    "cp1252",
    "koi8-r",
    "gb18030",
    "shift_jis",
    "utf-7",
    "cp037",
)

Seeds = Sequence[bytes]


def _place(rng: Random, body: bytearray) -> int:
    return rng.randrange(len(body) + 1)


def _span(rng: Random, body: bytearray) -> tuple[int, int]:
    start = _place(rng, body)
    return start, min(len(body), start + int(2 ** (rng.random() * 9)))


def _flip(rng: Random, body: bytearray, seeds: Seeds) -> None:
    if body:
        body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)


def _drop(rng: Random, body: bytearray, seeds: Seeds) -> None:
    start, end = _span(rng, body)
    del body[start:end]


def _double(rng: Random, body: bytearray, seeds: Seeds) -> None:
    start, end = _span(rng, body)
    body[start:start] = body[start:end] * rng.choice((1, 1, 2, 20))


def _insert(rng: Random, body: bytearray, seeds: Seeds) -> None:
    at = _place(rng, body)
    body[at:at] = rng.choice(_TOKENS)


def _replace(rng: Random, body: bytearray, seeds: Seeds) -> None:
    start, end = _span(rng, body)
    body[start:end] = rng.choice(_TOKENS)


def _splice(rng: Random, body: bytearray, seeds: Seeds) -> None:
    other = rng.choice(seeds)
    start = rng.randrange(len(other) + 1)
    at = _place(rng, body)
    body[at : at + rng.randrange(200)] = other[start : start + rng.randrange(400)]


def _cut(rng: Random, body: bytearray, seeds: Seeds) -> None:
    del body[_place(rng, body) :]


def _behead(rng: Random, body: bytearray, seeds: Seeds) -> None:
    del body[: min(_place(rng, body), rng.randrange(300))]


def _unbalance(rng: Random, body: bytearray, seeds: Seeds) -> None:
    """One tag goes, or stands twice."""
    start = body.find(b"<", _place(rng, body))
    end = body.find(b">", start) + 1
    if 0 <= start < end:
        body[start:end] = rng.choice((b"", body[start:end] * 2, b"</" + body[start + 1 : end], body[start : end - 1]))


def _swap_tags(rng: Random, body: bytearray, seeds: Seeds) -> None:
    """A tag's name becomes that of another."""
    names = [
        b"title",
        b"link",
        b"item",
        b"entry",
        b"description",
        b"content",
        b"author",
        b"id",
        b"channel",
        b"feed",
        b"p",
    ]
    start = body.find(b"<", _place(rng, body)) + 1
    if start:
        end = start
        while end < len(body) and body[end] not in b" >/\t\r\n":
            end += 1
        body[start:end] = rng.choice(names)


def _relabel(rng: Random, body: bytearray, seeds: Seeds) -> None:
    """The document says another encoding than it is in."""
    label = rng.choice(_LABELS)
    at = body.find(b"encoding=", 0, 200)
    if at >= 0:
        end = body.find(b"?>", at)
        body[at : end if end > 0 else at + 16] = b'encoding="' + label + b'"'
    else:
        body[0:0] = b'<?xml version="1.0" encoding="' + label + b'"?>'


def _recode(rng: Random, body: bytearray, seeds: Seeds) -> None:
    """The document is in another encoding than it says."""
    codec = rng.choice(_CODECS)
    body[:] = bytes(body).decode("utf-8", "replace").encode(codec, rng.choice(("ignore", "xmlcharrefreplace")))


def _nest(rng: Random, body: bytearray, seeds: Seeds) -> None:
    at, piece = (
        _place(rng, body),
        rng.choice((b"<b>", b"<div><p>", b"<item>", b"[", b'{"a":', b"<outline text='x'>", b"<!--")),
    )
    body[at:at] = piece * rng.choice((3, 30, 300))


def _flood(rng: Random, body: bytearray, seeds: Seeds) -> None:
    """A short piece some thousand times: what takes more than linear time shows."""
    start = _place(rng, body)
    piece = bytes(body[start : start + rng.randrange(1, 5)]) if rng.random() < 0.4 else b""
    while not piece or rng.random() < 0.3:
        piece += rng.choice(
            (
                b" ",
                b"\n",
                b"<",
                b"&",
                b"'",
                b'"',
                b"=",
                b"/",
                b"a",
                b"a ",
                b"a=",
                b",",
                b"-",
                b":",
                b";",
                b"]",
                b"(",
                b"@",
                b".",
                b"1",
                b"<a",
                b"%",
            )
        )
    at = _place(rng, body)
    body[at:at] = piece * (rng.choice((1_000, 4_000, 12_000)) // len(piece))


def _controls(rng: Random, body: bytearray, seeds: Seeds) -> None:
    for _ in range(rng.randrange(1, 10)):
        body.insert(_place(rng, body), rng.randrange(32))


_WAYS: tuple[tuple[Callable[[Random, bytearray, Seeds], None], int], ...] = (
    *((_flip, 6), (_drop, 6), (_double, 4), (_insert, 14), (_replace, 8), (_splice, 6), (_cut, 3), (_behead, 1)),
    *((_unbalance, 7), (_swap_tags, 5), (_relabel, 2), (_recode, 1), (_nest, 2), (_controls, 2), (_flood, 1)),
)
_CHOICES = [way for way, weight in _WAYS for _ in range(weight)]
# No input is longer: a million of them are to be read.
MOST = 30_000


def mutated(rng: Random, seed: bytes, seeds: Seeds) -> bytes:
    """`seed` with one to eight kinds of damage, at most 30,000 bytes of it; `seeds`: what is spliced in."""
    body = bytearray(seed)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        rng.choice(_CHOICES)(rng, body, seeds)
    return bytes(body[:MOST])


def mutated_text(rng: Random, seed: str, seeds: Seeds) -> str:
    """Likewise for text; it may hold lone surrogates."""
    return mutated(rng, seed.encode("utf-8", "surrogatepass"), seeds).decode(
        "utf-8", rng.choice(("replace", "surrogateescape"))
    )
