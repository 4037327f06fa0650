"""The picture of an article that has none: quiet, typographic, always the same for the same article.

Pure and deterministic: `svg(seed, label, width, height)`. Shown through an `<img>` at `/media/drawn/<seed>.svg` (or
`/media/drawn/<section>.svg`, the seed then being `seed_of(section)`); whoever serves /media/ answers such a path with
`svg(...)`, media type `image/svg+xml`, and `Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'`.
It holds no script, no link and no foreign text but the escaped label.
"""

from __future__ import annotations

import hashlib
import random
import unicodedata
from html import escape

# Paper and two inks each: the tints of newsprint supplements, dark enough beside white text to read as pictures.
_PAPERS = (
    ("#e9e4d8", "#1f3a4d", "#b5523b"),
    ("#dfe5e4", "#23403f", "#c08a3e"),
    ("#ece2dc", "#5a2a2a", "#31566b"),
    ("#e3e2ea", "#2d2b55", "#a8573f"),
    ("#e5e8dc", "#3a4a24", "#8a4a5f"),
    ("#e8e6e1", "#2b2b2b", "#a33b2e"),
    ("#dde4ec", "#16324f", "#c2703d"),
    ("#efe6d2", "#4a3b1c", "#2f6360"),
)


def seed_of(text: str) -> int:
    """A seed that stays the same for ever for the same text."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:6], "big")


def svg(seed: int, label: str = "", width: int = 640, height: int = 360) -> str:
    """A drawing of `width` by `height` pixels for `seed`; the first letter of `label`, if any, is set large in it."""
    width, height = max(16, min(width, 4000)), max(16, min(height, 4000))
    draw = random.Random(seed)  # noqa: S311 (a drawing, not a secret)
    paper, ink, accent = _PAPERS[draw.randrange(len(_PAPERS))]
    pattern = (_columns, _horizon, _arcs, _halftone)[draw.randrange(4)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-hidden="true">',
        f'<rect width="{width}" height="{height}" fill="{paper}"/>',
        *pattern(draw, width, height, ink, accent),
    ]
    letter = _initial(label)
    if letter:
        size = round(height * 0.62)
        parts.append(
            f'<text x="{round(width * 0.07)}" y="{round(height * 0.9)}" font-size="{size}" '
            "font-family=\"Georgia, 'Times New Roman', serif\" "
            f'fill="{ink}" fill-opacity="0.92">{escape(letter)}</text>'
        )
    foot = max(2, height // 90)
    parts.append(_rect(0, height - foot, width, foot, accent))
    return "".join([*parts, "</svg>"])


def _initial(label: str) -> str:
    """The first letter or digit of a label, upper case; "" when there is none."""
    for character in label:
        if unicodedata.category(character)[0] in "LN":
            return character.upper()[:1]
    return ""


def _rect(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{fill}" fill-opacity="{opacity}"/>'


def _columns(draw: random.Random, width: int, height: int, ink: str, accent: str) -> list[str]:
    """Columns of type seen from afar."""
    parts = []
    count = draw.randint(3, 5)
    gutter = width * 0.03
    column = (width - gutter * (count + 1)) / count
    line = height / 26
    highlighted = draw.randrange(count)
    for number in range(count):
        left = gutter + number * (column + gutter)
        top = height * draw.uniform(0.06, 0.3)
        if number == highlighted:
            parts.append(_rect(left, top, column, line * 5, accent, 0.75))
            top += line * 6
        while top < height * 0.95:
            share = 1.0 if draw.random() > 0.16 else draw.uniform(0.3, 0.8)
            parts.append(_rect(left, top, column * share, line * 0.38, ink, 0.16))
            top += line
    return parts


def _horizon(draw: random.Random, width: int, height: int, ink: str, accent: str) -> list[str]:
    """Hills in layers under a low sun."""
    radius = height * draw.uniform(0.1, 0.17)
    x, y = width * draw.uniform(0.55, 0.85), height * draw.uniform(0.25, 0.42)
    parts = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{accent}" fill-opacity="0.85"/>']
    for layer in range(4):
        base = height * (0.48 + 0.13 * layer)
        tops = [f"{width * step / 7:.1f},{base + height * draw.uniform(-0.09, 0.06):.1f}" for step in range(8)]
        points = [f"0,{height}", *tops, f"{width},{height}"]
        parts.append(f'<polygon points="{" ".join(points)}" fill="{ink}" fill-opacity="{0.1 + 0.07 * layer:.2f}"/>')
    return parts


def _arcs(draw: random.Random, width: int, height: int, ink: str, accent: str) -> list[str]:
    """Rings around a point off the page."""
    x, y = width * draw.uniform(0.6, 1.05), height * draw.uniform(-0.05, 0.5)
    step = height / 11
    marked = draw.randint(3, 8)
    parts = []
    for ring in range(1, 15):
        colour, stroke, opacity = (accent, 0.42, 0.8) if ring == marked else (ink, 0.16, 0.3)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{step * ring:.1f}" fill="none" stroke="{colour}" '
            f'stroke-width="{step * stroke:.1f}" stroke-opacity="{opacity}"/>'
        )
    return parts


def _halftone(draw: random.Random, width: int, height: int, ink: str, accent: str) -> list[str]:
    """Printer's dots that swell towards one corner."""
    cell = max(height / 15, 6.0)
    x0, y0 = width * draw.uniform(0.5, 1.0), height * draw.uniform(0.0, 1.0)
    reach = (width**2 + height**2) ** 0.5 * 0.75
    parts = []
    for row in range(int(height / cell) + 1):
        for number in range(int(width / cell) + 1):
            x = number * cell + (cell / 2 if row % 2 else 0)
            y = row * cell
            near = 1 - ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5 / reach
            radius = cell * 0.5 * max(0.0, near)
            if radius > 0.6:
                parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}"/>')
    colour = accent if draw.random() < 0.4 else ink
    return [f'<g fill="{colour}" fill-opacity="0.42">', *parts, "</g>"]
