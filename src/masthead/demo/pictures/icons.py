"""The publishers' icons: a letter on the house's colour, square for those who print, round for those who speak."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw

from masthead.site.outlets.icons import font_for

_SIDE = 720


@cache
def png(mark: str, accent: str, serif: bool) -> bytes:
    """The icon for a phone's screen, 180 pixels."""
    return _saved(_drawn(mark, accent, serif).resize((180, 180), Image.Resampling.LANCZOS), "PNG")


@cache
def ico(mark: str, accent: str, serif: bool) -> bytes:
    """The icon that every browser asks for: 16, 32 and 48 pixels in one file."""
    return _saved(_drawn(mark, accent, serif), "ICO")


def _drawn(mark: str, accent: str, serif: bool) -> Image.Image:
    picture = Image.new("RGBA", (_SIDE, _SIDE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    if serif:
        pen.rectangle((0, 0, _SIDE, _SIDE), fill=accent)
    else:
        pen.ellipse((0, 0, _SIDE - 1, _SIDE - 1), fill=accent)
    pen.text((_SIDE / 2, _SIDE * 0.5), mark, font=font_for(mark, int(_SIDE * 0.7)), fill="#ffffff", anchor="mm")
    return picture


def _saved(picture: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    if form == "ICO":
        picture.save(buffer, form, sizes=[(16, 16), (32, 32), (48, 48)])
    else:
        picture.save(buffer, form, optimize=True)
    return buffer.getvalue()
