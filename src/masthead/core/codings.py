"""Content codings undone in bounded steps, so that a bomb costs no more than the cap (RFC 9110 section 8.4).

Compressed bytes are already capped when they come here; each layer's output is capped again.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli
import zstandard

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
MAX_LAYERS = 3
_STEP = 65_536
# zstd has no cap on its output: 256 bytes of it hold at most 85 blocks of 128 KB.
_ZSTD_STEP = 256
# RFC 9659: a zstd window of 8 MB is what every decoder of the web must offer, and all it need offer.
_ZSTD_WINDOW = 8 * 1024 * 1024
# Words that servers send in Content-Encoding although nothing is encoded.
_NO_CODING = frozenset(("", "identity", "none", "utf-8", "utf8", "8bit", "7bit", "binary", "aws-chunked"))


class TooLarge(ValueError):
    """More bytes than the cap."""


class BadCoding(ValueError):
    """The body does not follow the coding that the server named."""


def _drain(decoder: zlib._Decompress, piece: bytes, out: bytearray, limit: int) -> None:
    """Everything that `piece` yields, in steps."""
    while piece and not decoder.eof:
        out += decoder.decompress(piece, _STEP)
        if len(out) > limit:
            raise TooLarge
        piece = decoder.unconsumed_tail


def _zlib(body: bytes, limit: int, window: int) -> bytes:
    decoder = zlib.decompressobj(window)
    out = bytearray()
    for start in range(0, len(body), _STEP):
        piece = body[start : start + _STEP]
        while piece:
            if decoder.eof:
                # RFC 1952 section 2.2: a gzip file may be several members, one after the other.
                if not piece.startswith(b"\x1f\x8b"):
                    return bytes(out)
                decoder = zlib.decompressobj(window)
            _drain(decoder, piece, out, limit)
            piece = decoder.unused_data
    while not decoder.eof:
        rest = decoder.decompress(b"", _STEP)
        if not rest:
            raise BadCoding("it ends in the middle")
        out += rest
        if len(out) > limit:
            raise TooLarge
    return bytes(out)


def _gzip(body: bytes, limit: int) -> bytes:
    # Some servers name gzip and send the plain document.
    return _zlib(body, limit, 16 + zlib.MAX_WBITS) if body.startswith(b"\x1f\x8b") else body


def _deflate(body: bytes, limit: int) -> bytes:
    # RFC 9110 means the zlib format; many servers send the bare stream.
    wrapped = len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _zlib(body, limit, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


def _brotli(body: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    out = bytearray()
    pending = body
    while not decoder.is_finished():
        piece = decoder.process(pending, output_buffer_limit=_STEP)
        pending = b""
        out += piece
        if len(out) > limit:
            raise TooLarge
        if not piece and decoder.can_accept_more_data() and not decoder.is_finished():
            raise BadCoding("it ends in the middle")
    return bytes(out)


def _zstd(body: bytes, limit: int) -> bytes:
    context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    decoder = context.decompressobj()
    out = bytearray()
    for start in range(0, len(body), _ZSTD_STEP):
        piece = body[start : start + _ZSTD_STEP]
        while piece:
            if decoder.eof:
                # RFC 8878 section 3: frames may follow one another.
                decoder = context.decompressobj()
            out += decoder.decompress(piece)
            if len(out) > limit:
                raise TooLarge
            piece = decoder.unused_data if decoder.eof else b""
    if not decoder.eof:
        raise BadCoding("it ends in the middle")
    return bytes(out)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


def decode(body: bytes, codings: str, limit: int) -> bytes:
    """The body freed of its `Content-Encoding` (the header's value, "" for none), at most `limit` bytes of it.

    Raises `TooLarge` beyond the limit and `BadCoding` for a damaged body, an unknown coding, or too many of them.
    """
    layers = [name for part in codings.split(",") if (name := part.strip().lower()) not in _NO_CODING]
    if len(layers) > MAX_LAYERS:
        raise BadCoding(f"{len(layers)} codings one over the other; {MAX_LAYERS} are undone")
    if len(body) > limit:
        raise TooLarge
    for name in reversed(layers):
        decoder = _DECODERS.get(name)
        if decoder is None:
            raise BadCoding(f"the coding {name!r} was not asked for and is not known")
        if not body:
            return body
        try:
            body = decoder(body, limit)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise BadCoding(f"damaged {name}: {error}") from error
        except BadCoding as error:
            raise BadCoding(f"damaged {name}: {error}") from error
    return body
