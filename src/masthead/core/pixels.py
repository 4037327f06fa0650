"""Pictures of strangers made plain pixels: the one place where their bytes meet a decoder. Pure.

Only formats whose first bytes show them, and never more pixels than the caller can hold. Call it in a worker that can
be killed.
"""

from __future__ import annotations

import io

from PIL import Image as Pixels
from PIL import ImageOps, UnidentifiedImageError


class NotAPicture(ValueError):
    """Bytes that will not become a picture of ours; the message says why."""


_BROKEN = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    ArithmeticError,
    IndexError,
    RuntimeError,  # what the decoder of AVIF says
    Pixels.DecompressionBombError,
)


def kind_of(data: bytes) -> str:
    """Pillow's name of the format that the first bytes show; "" for everything that is not decoded here."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return "AVIF"
    return ""


def opened(data: bytes, most: int, kind: str = "") -> Pixels.Image:
    """The first frame, decoded and upright, of at most `most` pixels. `kind`: the format, where the caller knows it.

    Raises `NotAPicture`, and nothing else that a decoder may say of broken bytes.
    """
    kind = kind or kind_of(data)
    if not kind:
        raise NotAPicture("not a JPEG, PNG, WebP, GIF or AVIF")
    try:
        picture = Pixels.open(io.BytesIO(data), formats=[kind])
        if picture.width * picture.height > most:
            raise NotAPicture(f"{picture.width} by {picture.height} pixels are too many")
        picture.load()
        return ImageOps.exif_transpose(picture)
    except NotAPicture:
        raise
    except _BROKEN as error:
        raise NotAPicture(f"cannot be decoded: {error}") from error
