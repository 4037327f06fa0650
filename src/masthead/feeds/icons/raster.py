"""An icon re-encoded: whatever was sent becomes a small square of pixels in our own form. Pure.

`encode` runs in a worker that can be killed. Besides the formats of pictures it reads ICO, whose directory is read
here: a decoder is given one image of it, of a size that was checked, whatever the others claim. SVG is no format.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from PIL import Image as Pixels

from masthead.core.pixels import NotAPicture, kind_of, opened

MOST_PIXELS = 4_200_000
SIDES = (64, 128)
"""Pixels: for 16 to 32 and for up to 64 CSS pixels, on screens of twice the density."""
SMALLEST = 16
# How far a picture may be from square: one that was made to be an icon is padded, any other is a banner.
_OBLONG, _NEARLY_SQUARE = 2.0, 1.2
_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_IN_ICO = 64
# A pixel this dark is lost on the dark scheme's ground, one this light on paper: a contrast under 1.4 (Rec. 601 luma, 0
# to 255). An icon of which so large a share would be lost is given a ground of its own.
_DARK, _LIGHT, _LOST = 48, 215, 0.3
_LIGHT_BYTES = 5_000
_PAPER, _INK = (255, 255, 255), (22, 32, 43)


@dataclass(frozen=True, slots=True)
class Raw:
    """An icon as received. `offered` False: a picture that a feed gives of itself, which may be a banner."""

    data: bytes
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Drawn:
    """The icon in one size: a square of `side` pixels, as the bytes of a WebP file."""

    side: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Encoded:
    """What came of an icon. `refusal`: why nothing did; "" else."""

    drawn: tuple[Drawn, ...] = ()
    refusal: str = ""


def encode(raw: Raw) -> Encoded:
    """The icon in 64 and 128 pixels, or in its own size when it is smaller than both; never made larger."""
    try:
        picture = _square(_decoded(raw.data), _OBLONG if raw.offered else _NEARLY_SQUARE)
        grounded = _grounded(picture)
    except (ValueError, OSError) as error:  # `NotAPicture`, and a colour mode that does not become RGBA
        return Encoded(refusal=str(error))
    sides = [side for side in SIDES if side <= picture.width] or [picture.width]
    return Encoded(tuple(Drawn(side, _webp(_resized(grounded, side))) for side in sides))


def _decoded(data: bytes) -> Pixels.Image:
    if data[:4] == b"\0\0\1\0":
        data = _best_of_ico(data)
    picture = opened(data, MOST_PIXELS, "ICO" if data[:4] == b"\0\0\1\0" else kind_of(data))
    if min(picture.size) < SMALLEST:
        raise NotAPicture(f"only {picture.width} by {picture.height} pixels: a counter")
    return picture.convert("RGBA")


def _best_of_ico(data: bytes) -> bytes:
    """The largest image of an ICO file: the PNG that it is, or an ICO of it alone. Raises `NotAPicture`.

    A directory of 16 bytes an image: width, height (0 means 256), colours, -, planes, bits, bytes, offset.
    """
    [count] = struct.unpack_from("<H", data, 4) if len(data) >= 6 else (0,)
    held: list[tuple[int, int, bytes, bytes]] = []
    for at in range(6, 6 + 16 * min(count, _MOST_IN_ICO), 16):
        entry = data[at : at + 16]
        if len(entry) < 16:
            break
        bits, size, offset = struct.unpack_from("<HII", entry, 6)
        if image := data[offset : offset + size]:
            held.append(((entry[0] or 256) * (entry[1] or 256), bits, entry, image))
    if not held:
        raise NotAPicture("an ICO file without an image")
    _, _, entry, image = max(held, key=lambda one: one[:2])
    if image.startswith(_PNG):
        return image
    # BITMAPINFOHEADER: its height counts picture and mask.
    width, height = struct.unpack_from("<ii", image, 4) if len(image) >= 40 else (0, 0)
    if not (0 < width <= 1024 and 0 < abs(height) <= 2048):
        raise NotAPicture(f"an image of {width} by {height} pixels in an ICO file")
    return b"\0\0\1\0\1\0" + entry[:8] + struct.pack("<II", len(image), 22) + image


def _square(picture: Pixels.Image, most: float) -> Pixels.Image:
    """The picture in the middle of a square. Raises `NotAPicture` when one side is over `most` times the other."""
    width, height = picture.size
    if max(width, height) > most * min(width, height):
        raise NotAPicture(f"{width} by {height} pixels are no icon")
    if width == height:
        return picture
    side = max(width, height)
    square = Pixels.new("RGBA", (side, side), (0, 0, 0, 0))
    square.paste(picture, ((side - width) // 2, (side - height) // 2))
    return square


def _grounded(picture: Pixels.Image) -> Pixels.Image:
    """The icon as it can be seen on light and dark pages: on paper or ink where much of it would be lost on either.

    Raises `NotAPicture` when there is nothing to see.
    """
    small = picture.resize((32, 32), Pixels.Resampling.BOX)
    alphas = small.getchannel("A").tobytes()
    lumas = small.convert("RGB").convert("L").tobytes()
    seen = sum(alphas)
    if seen < 255 * 4:
        raise NotAPicture("nothing can be seen of it")
    if min(alphas) >= 250:
        return picture
    dark = sum(alpha for alpha, luma in zip(alphas, lumas, strict=True) if luma < _DARK) / seen
    light = sum(alpha for alpha, luma in zip(alphas, lumas, strict=True) if luma > _LIGHT) / seen
    if max(dark, light) < _LOST:
        return picture
    ground = Pixels.new("RGBA", picture.size, (*(_PAPER if dark >= light else _INK), 255))
    ground.alpha_composite(picture)
    return ground


def _resized(picture: Pixels.Image, side: int) -> Pixels.Image:
    return picture if picture.width == side else picture.resize((side, side), Pixels.Resampling.LANCZOS)


def _webp(picture: Pixels.Image) -> bytes:
    """A lossless file, unless it is large: then the smaller of that and a lossy one.

    A new picture from the pixels alone: no metadata can come along.
    """
    bare = Pixels.frombytes("RGBA", picture.size, picture.tobytes())
    files: list[bytes] = []
    for lossless in (True, False):
        out = io.BytesIO()
        bare.save(out, "WEBP", lossless=lossless, quality=88, method=6, exact=False)
        files.append(out.getvalue())
        if len(out.getvalue()) <= _LIGHT_BYTES:
            break
    return min(files, key=len)


def warm() -> None:
    """Encode a small icon, so that the codecs are loaded once for all workers."""
    sample = io.BytesIO()
    Pixels.new("RGBA", (SMALLEST, SMALLEST), "red").save(sample, "PNG")
    encode(Raw(sample.getvalue()))
