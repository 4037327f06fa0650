"""Pictures re-encoded: what a publisher sent becomes plain pixels in our own forms, in several widths.

Pure, without Django: `encode` runs in a worker that can be killed, and `keep` has what came of it written.

Only JPEG, PNG, WebP, GIF and AVIF by their first bytes; never more pixels than we can hold; orientation applied and all
metadata (place, camera, comments) dropped, because only pixels are written anew.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image as Pixels

from masthead.core.pixels import NotAPicture, opened

MOST_PIXELS = 40_000_000
SMALLEST = 64  # pixels on the shorter side: below stand icons and counters
_QUALITY = {"AVIF": 60, "WEBP": 78, "JPEG": 82}
_EXTRA: dict[str, dict[str, Any]] = {
    "AVIF": {"speed": 8},
    "WEBP": {"method": 4},
    "JPEG": {"optimize": True, "progressive": True},
}
_SUFFIX = {"AVIF": "avif", "WEBP": "webp", "JPEG": "jpg"}


@dataclass(frozen=True, slots=True)
class Raw:
    """A picture as received, and the widths that are wanted, in pixels."""

    data: bytes
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """The picture in one width and form: bytes of a file, and how it is called under the media folder."""

    width: int
    height: int
    type: str
    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Encoded:
    """What came of a picture. `refusal`: why nothing did; "" else. `colour`: the average, as #rrggbb."""

    width: int = 0
    height: int = 0
    colour: str = ""
    digest: str = ""
    variants: tuple[Variant, ...] = ()
    refusal: str = ""


def encode(raw: Raw) -> Encoded:
    """The picture in every wanted form, called `images/ab/<digest>-<width>.<ext>`.

    Wider ones than the picture are left out, and a picture narrower than all keeps its own width.
    """
    try:
        picture = _flat(opened(raw.data, MOST_PIXELS))
    except (ValueError, OSError) as error:  # `NotAPicture`, and a colour mode that does not become RGB
        return Encoded(refusal=str(error))
    if min(picture.size) < SMALLEST:
        return Encoded(refusal=f"only {picture.width} by {picture.height} pixels: an icon or a counter")
    digest = hashlib.sha256(raw.data).hexdigest()
    wanted = sorted({width for width in raw.widths if width <= picture.width}) or [picture.width]
    variants: list[Variant] = []
    for width in wanted:
        height = max(1, round(picture.height * width / picture.width))
        resized = picture if width == picture.width else picture.resize((width, height), Pixels.Resampling.LANCZOS)
        for form in _QUALITY:
            path = f"images/{digest[:2]}/{digest[:32]}-{width}.{_SUFFIX[form]}"
            variants.append(Variant(width, height, f"image/{form.lower()}", path, _encode(resized, form)))
    return Encoded(picture.width, picture.height, _colour(picture), digest, tuple(variants))


def warm() -> None:
    """Encode a small picture, so that the codecs are loaded once for all workers."""
    sample = io.BytesIO()
    Pixels.new("RGB", (SMALLEST, SMALLEST)).save(sample, "PNG")
    encode(Raw(sample.getvalue(), (SMALLEST,)))


_DIGEST = re.compile(r"[0-9a-f]{64}")
_TYPES = {f"image/{form.lower()}": _SUFFIX[form] for form in _QUALITY}


def keep(encoded: Encoded, write: Callable[[str, bytes], None]) -> list[dict[str, Any]]:
    """Have the files of a picture written, each by its name; the variants as in `articles.models.Image.variants`.

    Raises `NotAPicture` when what a worker answered names other files than ours, and what `write` raises.
    """
    variants: list[dict[str, Any]] = []
    for variant in encoded.variants:
        suffix = _TYPES.get(variant.type)
        path = f"images/{encoded.digest[:2]}/{encoded.digest[:32]}-{variant.width}.{suffix}"
        if suffix is None or _DIGEST.fullmatch(encoded.digest) is None or variant.path != path:
            raise NotAPicture("its worker answered with files that are none of ours")
        write(path, variant.data)
        variants.append({"width": variant.width, "height": variant.height, "type": variant.type, "path": path})
    return variants


def _flat(picture: Pixels.Image) -> Pixels.Image:
    """RGB on white: transparency would show whatever stands behind it."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        flat = Pixels.new("RGB", layered.size, "white")
        flat.paste(layered, mask=layered.getchannel("A"))
        return flat
    return picture.convert("RGB")


def _encode(picture: Pixels.Image, form: str) -> bytes:
    # A new picture from the pixels alone: nothing of the original's metadata can come along.
    bare = Pixels.frombytes("RGB", picture.size, picture.tobytes())
    out = io.BytesIO()
    extra = _EXTRA[form]
    bare.save(out, form, quality=_QUALITY[form], **extra)
    return out.getvalue()


def _colour(picture: Pixels.Image) -> str:
    """The average colour as #rrggbb."""
    red, green, blue = picture.resize((1, 1), Pixels.Resampling.BOX).tobytes()[:3]
    return f"#{red:02x}{green:02x}{blue:02x}"
