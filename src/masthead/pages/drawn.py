"""Pictures drawn by ourselves for reports that have none: decoration, the same for the same seed for ever."""

from __future__ import annotations

import hashlib
import math
import re
from functools import lru_cache

WIDTH, HEIGHT = 1280, 720
SEED = re.compile(r"[0-9a-z-]{1,40}")


def seed_of(source: int, article: int) -> str:
    """The seed of an article's picture: its source gives the colours, the article the drawing."""
    return f"{source}-{article}"


def _numbers(text: str) -> list[float]:
    """32 numbers in 0..1 from `text`."""
    return [byte / 255 for byte in hashlib.sha256(text.encode()).digest()]


def hues(seed: str) -> tuple[int, int]:
    """Two hues in degrees: ground and ink."""
    first = int(_numbers("hue " + seed.partition("-")[0])[0] * 360)
    return first, (first + 150 + int(_numbers(seed)[1] * 60)) % 360


@lru_cache(maxsize=4096)
def colour(seed: str) -> str:
    """The ground colour as #rrggbb, shown until the drawing is there."""
    hue = hues(seed)[0] / 60
    chroma, light = 0.12, 0.82
    second = chroma * (1 - abs(hue % 2 - 1))
    order = [(chroma, second, 0.0), (second, chroma, 0.0), (0.0, chroma, second)]
    order += [(0.0, second, chroma), (second, 0.0, chroma), (chroma, 0.0, second)]
    red, green, blue = order[int(hue) % 6]
    return "#" + "".join(f"{round((part + light - chroma / 2) * 255):02x}" for part in (red, green, blue))


def svg(seed: str) -> str:
    """The drawing as an SVG document of 1280 by 720: hills of halftone rules under a sun.

    Raises ValueError for a seed that is none of ours.
    """
    if not SEED.fullmatch(seed):
        raise ValueError(f"{seed!r} is no seed of a drawing: letters a-z, digits and hyphens, 40 at most")
    number = _numbers(seed)
    ground, ink = hues(seed)
    sun_x, sun_y, sun_r = int(160 + number[2] * 960), int(120 + number[3] * 180), int(60 + number[4] * 110)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colour(seed)}"/>',
        f'<circle cx="{sun_x}" cy="{sun_y}" r="{sun_r}" fill="hsl({ink} 45% 62%)" opacity=".75"/>',
    ]
    for layer in range(4):
        base = 330 + layer * 95
        height = 30 + number[5 + layer] * 90
        turns, shift = 1 + number[9 + layer] * 2, number[13 + layer] * math.tau
        points = " ".join(
            f"{x},{base + height * math.sin(shift + x / WIDTH * math.tau * turns):.0f}" for x in range(0, WIDTH + 1, 40)
        )
        parts.append(
            f'<polygon points="0,{HEIGHT} {points} {WIDTH},{HEIGHT}" fill="hsl({ground} {28 + layer * 4}%'
            f' {66 - layer * 13}%)"/>'
        )
    step = 8 + int(number[17] * 8)
    for y in range(HEIGHT - 12 * step, HEIGHT, step):
        weight = 0.4 + 2.2 * (y - HEIGHT + 12 * step) / (12 * step)
        parts.append(
            f'<path d="M0 {y}H{WIDTH}" stroke="hsl({ink} 30% 20%)" stroke-width="{weight:.1f}" opacity=".28"/>'
        )
    parts.append("</svg>")
    return "".join(parts)
