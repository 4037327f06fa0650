"""Scenes on the water: ice at the edge of the sea, a heavy sea, a ship."""

# ruff: noqa: B023 - a shape is drawn at once, before the loop around it goes on

from __future__ import annotations

import math

from PIL import ImageChops

from masthead.demo.pictures.canvas import WIDTH, Canvas, Pen
from masthead.demo.pictures.moods import mix
from masthead.demo.pictures.nature import WHITE


def glacier(c: Canvas) -> None:
    """Ice that breaks off into a grey sea, a small research ship in front of it."""
    c.sky(480, 0.6)
    m = c.mood
    c.land(c.ridge(380, 130, 0.78, 6), mix(m.far, m.haze, 0.25))
    c.haze(520, 130, 0.6)
    top = c.ridge(500, 34, 0.7, 8)
    wall = c.land(top, mix(WHITE, (150, 196, 214), 0.25), (70, 128, 158))

    def cracks(pen: Pen) -> None:
        for _ in range(150):
            x, y = c.random.uniform(0, WIDTH), c.random.uniform(500, 640)
            pen.polygon(
                [
                    (x, y),
                    (x + c.random.uniform(4, 16), y + 12),
                    (x + c.random.uniform(-14, 14), y + c.random.uniform(60, 170)),
                ]
            )

    c.paint((58, 116, 148), c.faint(ImageChops.multiply(c.cut(cracks), wall), 0.42))
    c.mottle(wall, WHITE, 0.6, (30, 12))
    c.water(690, 0.7, 0.62)
    floes = [(c.random.uniform(0, WIDTH), c.random.uniform(730, 980)) for _ in range(46)]
    c.shape(
        lambda pen: [pen.disc(x, y, (y - 690) * c.random.uniform(0.1, 0.4), 0.16) for x, y in floes],
        mix(WHITE, m.haze, 0.3),
    )
    x = c.random.uniform(420, 1100)
    ship(c, x, 770, 0.5)


def ship(c: Canvas, x: float, y: float, size: float, boxes: bool = False) -> None:
    """A ship from the side, its waterline at `y`; with containers on deck when wanted."""
    m = c.mood
    s = size
    hull = mix(m.accent, m.near, 0.35)
    if boxes:
        colours = [
            mix(colour, m.haze, 0.15)
            for colour in ((178, 74, 52), (64, 104, 128), (206, 160, 76), (92, 122, 98), (150, 152, 148))
        ]
        for column in range(13):
            for row in range(c.random.randint(2, 4)):
                left = x - 290 * s + column * 37 * s
                c.shape(
                    lambda pen: pen.box(left, y - (84 + row * 22) * s - 20 * s, left + 34 * s, y - (84 + row * 22) * s),
                    c.random.choice(colours),
                )
    white = mix(WHITE, m.near if m.dark else m.haze, 0.3)
    c.shape(
        lambda pen: (
            pen.box(x + 210 * s, y - 220 * s, x + 300 * s, y - 80 * s),
            pen.box(x + 196 * s, y - 240 * s, x + 314 * s, y - 216 * s),
        ),
        white,
    )
    c.shape(
        lambda pen: (
            pen.box(x + 236 * s, y - 292 * s, x + 272 * s, y - 240 * s),
            pen.line([(x - 250 * s, y - 80 * s), (x - 250 * s, y - 210 * s)], 3 * s),
        ),
        hull,
    )
    c.shape(
        lambda pen: [
            pen.box(x + (216 + k * 16) * s, y - 206 * s, x + (226 + k * 16) * s, y - 194 * s) for k in range(5)
        ],
        m.lamp if m.dark else m.near,
    )
    c.shape(
        lambda pen: pen.polygon(
            [
                (x - 400 * s, y - 92 * s),
                (x - 350 * s, y - 82 * s),
                (x + 330 * s, y - 82 * s),
                (x + 310 * s, y),
                (x - 350 * s, y),
            ]
        ),
        m.near,
        hull,
        (y - 60 * s, y - 50 * s),
    )


def sea(c: Canvas) -> None:
    """A heavy sea under a torn sky, a ship far out."""
    c.sky(540, 0.95)
    m = c.mood
    c.glow(m.sun[0] * WIDTH, 470, 420, m.light, 0.5)
    ship(c, c.random.uniform(500, 1200), 560, 0.22, boxes=True)
    for number in range(9):
        base = 552 + number**1.45 * 19
        swing = 5 + number * 6.5
        phase = c.random.uniform(0, 7)
        line = [
            (
                x,
                base
                + math.sin(x / (60 + number * 34) + phase) * swing
                - abs(math.sin(x / (37 + number * 17) + phase * 2)) * swing * 0.8,
            )
            for x in range(-10, WIDTH + 20, 6)
        ]
        colour = mix(m.sea[0], m.sea[-1], min(1, 0.15 + number * 0.11))
        c.land(line, mix(colour, m.light, 0.18), colour)
        crest = c.cut(lambda pen: pen.line(line, 1 + number * 0.7), 1.2)
        c.paint(
            mix(WHITE, m.haze, 0.35), c.faint(ImageChops.multiply(crest, c.clouds_mask((20, 14), threshold=0.35)), 0.8)
        )
