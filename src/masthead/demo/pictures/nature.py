"""Scenes without people's works, or hardly any: mountains, coast, fields, river, forest, dunes, ice, open sea."""

# ruff: noqa: B023 - a shape is drawn at once, before the loop around it goes on

from __future__ import annotations

import math

from PIL import ImageChops

from masthead.demo.pictures.canvas import HEIGHT, WIDTH, Canvas, Pen, Point
from masthead.demo.pictures.moods import Colour, mix

WHITE = (255, 255, 255)


def mountain(c: Canvas) -> None:
    """Ranges one behind the other, snow on the highest, mist between."""
    c.sky(700, 0.5)
    m = c.mood
    for number, (height, swing, rough) in enumerate(
        ((430, 190, 0.8), (560, 130, 0.74), (680, 100, 0.66), (790, 70, 0.5))
    ):
        line = c.ridge(height, swing, rough, step=6)
        colour = mix(m.far, m.near, number / 3.4)
        mask = c.land(line, colour, mix(colour, m.haze, 0.45))
        if number < 2:
            lit = c.cut(lambda pen: _snow(pen, line, c))
            c.paint(mix(WHITE, m.haze, 0.25 + number * 0.25), c.faint(ImageChops.multiply(lit, mask), 0.85))
        c.mottle(mask, mix(colour, m.near, 0.5), 0.3, (20, 14))
        c.haze(height + 150, 120, 0.5 - number * 0.1)
    trees(c, c.ridge(925, 26, 0.4), 62, m.near)


def _snow(pen: Pen, line: list[Point], c: Canvas) -> None:
    """Bright flanks to the right of the peaks."""
    for before, here, after in zip(line, line[1:], line[2:], strict=False):
        if here[1] <= before[1] and here[1] <= after[1]:
            x, y = here
            for _ in range(5):
                length = c.random.uniform(40, 150)
                lean = c.random.uniform(0.1, 0.75)
                pen.polygon([(x, y), (x + length * lean, y + length), (x + length * lean * 0.3, y + length * 0.72)])


def trees(c: Canvas, line: list[Point], height: float, colour: tuple[int, int, int]) -> None:
    """A row of firs along a line, with the ground below it."""

    def draw(pen: Pen) -> None:
        x = -10.0
        while x < WIDTH + 20:
            y = line[min(max(round(x / 10), 0), len(line) - 1)][1]
            tall = height * c.random.uniform(0.55, 1.3)
            for level in range(4):
                top = y - tall * (1 - level * 0.22)
                wide = tall * (0.09 + level * 0.055)
                pen.polygon([(x, top), (x - wide, top + tall * 0.36), (x + wide, top + tall * 0.36)])
            x += height * c.random.uniform(0.16, 0.5)
        pen.polygon([*line, (WIDTH, HEIGHT), (0, HEIGHT)])

    c.shape(draw, colour)


def coast(c: Canvas) -> None:
    """A headland with a lighthouse over the sea."""
    c.sky(560, 0.65)
    m = c.mood
    far = c.ridge(520, 40, 0.45)
    c.land([(x, y + max(0, x - 700) * 0.16) for x, y in far], mix(m.far, m.haze, 0.35))
    c.water(566, 0.9, 0.55)
    x = c.random.choice((1120.0, 1180.0, 1240.0))
    cliff: list[Point] = [
        (700, HEIGHT),
        (760, 900),
        (820, 850),
        (870, 760),
        (930, 700),
        (1000, 650),
        (1080, 610),
        (1200, 590),
        (1330, 600),
        (1620, 570),
        (1620, HEIGHT),
    ]
    cliff = [(px + c.random.uniform(-12, 12), py + c.random.uniform(-8, 8)) for px, py in cliff]
    mask = c.cut(lambda pen: pen.polygon(cliff))
    c.paint(c.gradient((mix(m.far, m.near, 0.55), m.near), 580, HEIGHT), mask)
    c.mottle(mask, mix(m.near, m.light, 0.3), 0.5, (26, 9))
    _lighthouse(c, x, 592)
    for number in range(5):
        y = 760 + number * 55
        reach = 720 - number * 10
        line = [(px, y + math.sin(px / 90 + number) * 7) for px in range(-10, reach + 60, 20)]
        c.paint(
            mix(WHITE, m.haze, 0.3),
            c.faint(c.cut(lambda pen: pen.line(line, 2 + c.random.random() * 3), 1.5), 0.5),
        )


def _lighthouse(c: Canvas, x: float, foot: float) -> None:
    m = c.mood
    body = mix(WHITE, m.haze, 0.25) if not m.dark else mix(m.far, WHITE, 0.35)
    c.shape(
        lambda pen: pen.polygon([(x - 30, foot + 20), (x - 19, foot - 250), (x + 19, foot - 250), (x + 30, foot + 20)]),
        body,
    )
    shade = mix(body, m.near, 0.45)
    c.paint(
        shade,
        c.faint(
            c.cut(
                lambda pen: pen.polygon(
                    [(x + 2, foot + 20), (x + 1, foot - 250), (x + 19, foot - 250), (x + 30, foot + 20)]
                )
            ),
            0.6,
        ),
    )
    c.shape(
        lambda pen: [
            pen.polygon(
                [
                    (x - 26 + k, foot - y),
                    (x - 24 + k, foot - y - 48),
                    (x + 24 - k, foot - y - 48),
                    (x + 26 - k, foot - y),
                ]
            )
            for y, k in ((40, 1), (140, 5))
        ],
        m.accent,
    )
    c.shape(
        lambda pen: (
            pen.box(x - 27, foot - 258, x + 27, foot - 250),
            pen.polygon([(x - 19, foot - 300), (x, foot - 328), (x + 19, foot - 300)]),
            pen.box(x + 40, foot - 50, x + 150, foot + 30),
        ),
        m.near,
    )
    c.shape(
        lambda pen: pen.polygon([(x + 30, foot - 50), (x + 95, foot - 92), (x + 160, foot - 50)]),
        mix(m.accent, m.near, 0.4),
    )
    c.shape(lambda pen: pen.box(x - 14, foot - 300, x + 14, foot - 258), m.lamp)
    c.glow(x, foot - 280, 260, m.lamp, 0.75 if m.dark else 0.3)


def fields(c: Canvas) -> None:
    """Rolling fields in strips, a farm and a line of trees."""
    c.sky(520, 0.7)
    m = c.mood
    c.land(c.ridge(500, 46, 0.4), mix(m.far, m.haze, 0.3))
    c.haze(545, 80, 0.5)
    crops: tuple[Colour, ...] = (
        mix((208, 176, 88), m.haze, 0.25),
        mix((112, 138, 74), m.haze, 0.18),
        mix((158, 146, 78), m.haze, 0.1),
        mix((86, 112, 64), m.near, 0.1),
    )
    crops = tuple(mix(crop, m.near, 0.55) for crop in crops) if m.dark else crops
    for number, height in enumerate((560, 640, 740, 860)):
        line = c.ridge(height, 26 + number * 8, 0.18)
        mask = c.land(line, crops[(number + c.random.randint(0, 3)) % 4], mix(crops[number], m.near, 0.4))
        vanish = c.random.uniform(500, 1100)

        def furrows(pen: Pen, vanish: float = vanish, height: float = height) -> None:
            for step in range(-34, 35):
                pen.line([(vanish + step * 16, height - 70), (vanish + step * 150, HEIGHT + 160)], 2.4, fill=150)

        c.paint(mix(m.near, crops[number], 0.35), c.faint(ImageChops.multiply(c.cut(furrows), mask), 0.42))
        c.mottle(mask, mix(crops[number], m.light, 0.55), 0.35, (16, 12))
        if number == 1:
            _farm(c, 300 + c.random.uniform(0, 800), height - 4)
    for x, size in ((c.random.uniform(40, 260), 1.0), (c.random.uniform(1240, 1540), 1.35)):
        _tree(c, x, 860, size)


def _farm(c: Canvas, x: float, y: float) -> None:
    m = c.mood
    wall = mix((226, 216, 198), m.haze, 0.2) if not m.dark else mix(m.near, m.far, 0.6)
    c.shape(lambda pen: (pen.box(x, y - 46, x + 120, y + 22), pen.box(x + 140, y - 34, x + 200, y + 22)), wall)
    c.shape(
        lambda pen: (
            pen.polygon([(x - 10, y - 44), (x + 60, y - 92), (x + 130, y - 44)]),
            pen.polygon([(x + 132, y - 32), (x + 170, y - 62), (x + 208, y - 32)]),
        ),
        mix(m.accent, m.near, 0.3),
    )
    c.shape(
        lambda pen: (pen.box(x + 22, y - 30, x + 40, y - 8), pen.box(x + 76, y - 30, x + 94, y - 8)),
        m.lamp if m.dark else m.near,
    )
    for step in range(6):
        _tree(c, x + 230 + step * 38 + c.random.uniform(-8, 8), y + 24, 0.32 + c.random.random() * 0.1)


def _tree(c: Canvas, x: float, foot: float, size: float) -> None:
    m = c.mood
    leaf = mix(mix((58, 84, 52), m.near, 0.45), m.haze, 0.08)
    c.shape(
        lambda pen: pen.polygon(
            [
                (x - 9 * size, foot),
                (x - 5 * size, foot - 150 * size),
                (x + 5 * size, foot - 150 * size),
                (x + 10 * size, foot),
            ]
        ),
        m.near,
    )
    blobs = [
        (
            x + c.random.gauss(0, 52) * size,
            foot - (170 + c.random.gauss(45, 40)) * size,
            c.random.uniform(26, 58) * size,
        )
        for _ in range(26)
    ]
    c.shape(lambda pen: [pen.disc(*blob) for blob in blobs], leaf)
    lit = c.cut(lambda pen: [pen.disc(bx - 9 * size, by - 12 * size, r * 0.62) for bx, by, r in blobs[:15]], 3 * size)
    c.paint(mix(leaf, m.light, 0.5), c.faint(lit, 0.4))


def river(c: Canvas) -> None:
    """A river that winds out of the hills through meadows, a town on its bank."""
    c.sky(480, 0.75)
    m = c.mood
    for number in range(3):
        c.land(
            c.ridge(440 + number * 45, 70 - number * 14, 0.5),
            mix(mix(m.far, m.near, number * 0.16), m.haze, 0.35 - number * 0.12),
        )
        c.haze(500 + number * 40, 70, 0.4)
    meadow = mix((96, 124, 78), m.near, 0.6 if m.dark else 0.16)
    mask = c.land(c.ridge(566, 10, 0.2), mix(meadow, m.haze, 0.4), meadow)
    c.mottle(mask, mix(meadow, m.light, 0.4), 0.5, (12, 16))
    _town(c, c.random.uniform(80, 300), 596)
    bend = c.random.uniform(-140, 140)

    def course(pen: Pen) -> None:
        left, right = [], []
        for step in range(60):
            share = step / 59
            y = 574 + share**1.4 * 440
            middle = 800 + math.sin(share * 5.2 + 1) * (250 * (1 - share) + 60) + bend * share
            half = 7 + share**1.5 * 390
            left.append((middle - half, y))
            right.append((middle + half, y))
        pen.polygon([*left, *reversed(right)])

    stream = c.cut(course)
    c.paint(c.gradient((mix(m.sky[-1], m.light, 0.3), mix(m.sky[1], m.sea[-1], 0.45), m.sea[-1]), 570, HEIGHT), stream)
    c.mottle(stream, mix(m.light, m.haze, 0.4), 0.5, (5, 34))
    c.mottle(stream, m.sea[-1], 0.4, (7, 40))
    reeds(c)


def _town(c: Canvas, x: float, foot: float) -> None:
    m = c.mood
    for _ in range(16):
        width, height = c.random.uniform(26, 50), c.random.uniform(24, 58)
        wall = mix(mix((232, 214, 188), m.accent, c.random.random() * 0.3), m.near if m.dark else m.haze, 0.4)
        c.shape(lambda pen: pen.box(x, foot - height, x + width, foot + 8), wall)
        c.shape(
            lambda pen: pen.polygon(
                [(x - 3, foot - height), (x + width / 2, foot - height - 20), (x + width + 3, foot - height)]
            ),
            mix(m.accent, m.near, 0.35),
        )
        x += width * c.random.uniform(0.7, 1.05)
    c.shape(
        lambda pen: (
            pen.box(x - 200, foot - 130, x - 172, foot),
            pen.polygon([(x - 206, foot - 128), (x - 186, foot - 214), (x - 166, foot - 128)]),
        ),
        mix(m.near, m.far, 0.3),
    )


def reeds(c: Canvas) -> None:
    """Reeds in the near corners."""

    def draw(pen: Pen) -> None:
        for _ in range(170):
            x = c.random.choice((c.random.uniform(-20, 330), c.random.uniform(1290, 1620)))
            tall = c.random.uniform(60, 190) * (1 - min(x, WIDTH - x) / 500)
            lean = c.random.uniform(-26, 30)
            pen.polygon([(x - 3, HEIGHT), (x + lean, HEIGHT - tall), (x + 3, HEIGHT)])

    c.shape(draw, c.mood.near)


def forest(c: Canvas) -> None:
    """Trunks in mist, light from behind."""
    m = c.mood
    c.paint(c.gradient((mix(m.sky[0], m.near, 0.3), m.haze, mix(m.haze, m.near, 0.2)), 0, HEIGHT))
    c.glow(760 + c.random.uniform(-300, 300), 330, 620, m.light, 0.6)
    for depth in range(5):
        colour = mix(mix(m.haze, m.far, 0.4), m.near, depth / 4)

        def trunks(pen: Pen, depth: int = depth) -> None:
            x = c.random.uniform(-60, 40)
            while x < WIDTH + 60:
                wide = (9 + depth * 13) * c.random.uniform(0.6, 1.3)
                lean = c.random.uniform(-14, 14)
                pen.polygon(
                    [
                        (x - wide / 2 + lean, -5),
                        (x + wide / 2 + lean, -5),
                        (x + wide * 0.6, 1005),
                        (x - wide * 0.6, 1005),
                    ]
                )
                for _ in range(4):
                    y, reach = c.random.uniform(30, 520), c.random.uniform(30, 120) * c.random.choice((-1, 1))
                    pen.line([(x + lean / 2, y), (x + reach, y - abs(reach) * 0.5)], 1.5 + depth * 0.9)
                x += (48 + depth * 62) * c.random.uniform(0.6, 1.6)

        c.shape(trunks, mix(colour, m.haze, 0.12), colour, (100, 900))
        c.haze(880, 420, 0.3, mix(m.haze, m.light, 0.3))
    floor = c.land(c.ridge(900, 22, 0.5), mix(m.near, (70, 84, 48), 0.35), m.near)
    c.mottle(floor, mix(m.accent, m.near, 0.3), 0.5, (36, 20))


def dunes(c: Canvas) -> None:
    """Dunes with a sharp crest each, one flank in the light."""
    c.sky(520, 0.35)
    m = c.mood
    sand = mix((224, 178, 116), m.near, 0.62 if m.dark else 0.04)
    for number, height in enumerate((500, 570, 670, 800)):
        line = c.ridge(height, 40 + number * 14, 0.12)
        colour = mix(mix(sand, m.haze, 0.5 - number * 0.14), m.near, number * 0.05)
        mask = c.land(line, mix(colour, m.light, 0.25), mix(colour, m.near, 0.3))
        slope = [(x + (y - height) * 0.9 + 30, y + 60 + number * 22 + math.sin(x / 170) * 26) for x, y in line]
        shade = c.cut(lambda pen: pen.polygon([*slope, (WIDTH + 200, HEIGHT), (-200, HEIGHT)]), 18)
        c.paint(mix(colour, m.accent, 0.28), c.faint(ImageChops.multiply(shade, mask), 0.5))
        c.mottle(mask, mix(colour, m.near, 0.4), 0.3, (6, 60))
        c.haze(height + 40, 60, 0.25)
