"""The site's icons, drawn from the first letter of its name; drawn once and kept in the home."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parents[1] / "static" / "site" / "fonts"
SIZES = {"icon-192.png": 192, "icon-512.png": 512, "icon-maskable-512.png": 512, "apple-touch-icon.png": 180}
TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".ico": "image/x-icon"}
INK, PAPER = "#16202b", "#fbf9f4"
VERSION = 1


def path(name: str) -> str:
    """The address path of an icon."""
    return f"/{name}"


def initial() -> str:
    """The letter of the icon: the first letter or digit of the site's name."""
    return next((c for c in settings.MASTHEAD.site_name if c.isalnum()), "M").upper()[:1]


def icon(name: str) -> bytes | None:
    """The bytes of an icon by its file name; None when there is no such icon."""
    if name not in SIZES and name not in ("icon.svg", "favicon.ico"):
        return None
    return _kept(name, initial())


@lru_cache(maxsize=32)
def _kept(name: str, letter: str) -> bytes:
    """The icon from the home, or drawn and put there; a home that cannot be written to is no reason to have none."""
    digest = hashlib.sha256(f"{VERSION} {letter} {name}".encode()).hexdigest()[:16]
    kept = settings.MASTHEAD.home / "cache" / "icons" / f"{digest}{Path(name).suffix}"
    try:
        return bytes(kept.read_bytes())
    except OSError:
        drawn = _drawn(name, letter)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:
            file.write(drawn)
        Path(file.name).replace(kept)
    except OSError:
        pass
    return drawn


def _drawn(name: str, letter: str) -> bytes:
    if name == "icon.svg":
        return svg(letter)
    out = io.BytesIO()
    if name == "favicon.ico":
        square(letter, 256, rounded=True).save(out, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    else:
        rounded = name.startswith("icon-") and "maskable" not in name
        square(letter, SIZES[name], rounded=rounded).save(out, "PNG", optimize=True)
    return out.getvalue()


# The one style swaps ink and paper for the dark scheme; its policy names its hash.
STYLE = (
    f"rect{{fill:{INK}}}text,path{{fill:{PAPER}}}"
    f"@media(prefers-color-scheme:dark){{rect{{fill:{PAPER}}}text,path{{fill:{INK}}}}}"
)
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def svg(letter: str) -> bytes:
    """The icon as SVG, which follows the reader's dark scheme."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f"<style>{STYLE}</style>"
        '<rect width="64" height="64" rx="12"/>'
        f'<text x="32" y="45" font-family="Georgia,Times,serif" font-size="40" font-weight="700"'
        f' text-anchor="middle">{html.escape(letter)}</text><path d="M14 53h36v2H14z"/></svg>'
    ).encode()


def square(letter: str, size: int, *, rounded: bool) -> Image.Image:
    """The icon as a picture of `size` pixels: the letter over a rule, drawn large and made small for clean edges."""
    large = size * 4
    picture = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, large - 1, large - 1), radius=large * 0.19 if rounded else 0, fill=INK)
    draw.text((large / 2, large * 0.47), letter, font=font_for(letter, int(large * 0.56)), fill=PAPER, anchor="mm")
    draw.rectangle((large * 0.24, large * 0.80, large * 0.76, large * 0.825), fill=PAPER)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def font_for(letter: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The first of the site's own fonts that has the letter, else the one that Pillow brings."""
    for file in (*sorted(FONTS.glob("display-*.woff2")), *sorted(FONTS.glob("*.woff2"))):
        try:
            font = ImageFont.truetype(str(file), size)
        except OSError:
            continue
        if bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffd")):
            return font
    return ImageFont.load_default(size)
