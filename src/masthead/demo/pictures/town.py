"""Scenes of what people build: harbour, skyline, bridge, street, railway, parliament, wind turbines, market."""

# ruff: noqa: B023 - a shape is drawn at once, before the loop around it goes on

from __future__ import annotations

import math

from masthead.demo.pictures.canvas import HEIGHT, WIDTH, Canvas, Pen
from masthead.demo.pictures.moods import Colour, mix
from masthead.demo.pictures.nature import WHITE, trees
from masthead.demo.pictures.waters import ship


def towers(c: Canvas, foot: float, height: float, colour: Colour, lit: float, width: float = 70) -> None:
    """A row of buildings in one colour, a share `lit` of their windows alight."""
    blocks: list[tuple[float, float, float]] = []
    x = c.random.uniform(-60, 0)
    while x < WIDTH:
        wide = width * c.random.uniform(0.6, 1.5)
        middle = 1 - abs(x - WIDTH * 0.55) / WIDTH
        blocks.append((x, wide, height * c.random.uniform(0.35, 1.0) * (0.55 + middle * 0.7)))
        x += wide * c.random.uniform(0.82, 1.15)

    def walls(pen: Pen) -> None:
        for left, wide, tall in blocks:
            pen.box(left, foot - tall, left + wide, HEIGHT)
            crown = c.random.random()
            if crown < 0.25:
                pen.box(left + wide * 0.25, foot - tall - 22, left + wide * 0.75, foot - tall)
            elif crown < 0.4:
                pen.polygon([(left, foot - tall), (left + wide * 0.7, foot - tall - 34), (left + wide, foot - tall)])
            elif crown < 0.5:
                pen.line([(left + wide / 2, foot - tall), (left + wide / 2, foot - tall - 70)], 2)

    def windows(pen: Pen) -> None:
        for left, wide, tall in blocks:
            columns = max(2, int(wide // 13))
            for row in range(int(tall // 17)):
                for column in range(columns):
                    if c.random.random() < lit:
                        px, py = left + 5 + column * (wide - 6) / columns, foot - tall + 9 + row * 17
                        pen.box(px, py, px + 5, py + 8, fill=c.random.randint(90, 255))

    c.shape(walls, colour, mix(colour, c.mood.haze, 0.4), (foot - height, foot + 40))
    c.paint(c.mood.lamp if c.mood.dark else mix(colour, WHITE, 0.35), c.cut(windows))


def skyline(c: Canvas) -> None:
    """A city on the water in three depths."""
    c.sky(640, 0.55)
    m = c.mood
    lit = 0.34 if m.dark else 0.5
    c.land(c.ridge(560, 40, 0.4), mix(m.far, m.haze, 0.4))
    towers(c, 640, 330, mix(m.far, m.haze, 0.35), lit * 0.5, 60)
    c.haze(640, 190, 0.5)
    towers(c, 660, 260, mix(m.far, m.near, 0.45), lit, 78)
    c.haze(690, 100, 0.3)
    towers(c, 700, 120, mix(m.far, m.near, 0.85), lit, 96)
    c.water(716, 1.1, 0.4)


def harbour(c: Canvas) -> None:
    """Cranes on the quay, a container ship, hills behind."""
    c.sky(620, 0.6)
    m = c.mood
    c.land(c.ridge(560, 60, 0.45), mix(m.far, m.haze, 0.45))
    c.haze(610, 90, 0.5)
    towers(c, 640, 70, mix(m.far, m.haze, 0.15), 0.25, 60)
    for number in range(c.random.randint(3, 4)):
        _crane(
            c, 180 + number * 330 + c.random.uniform(-60, 60), 660, 1.0 + c.random.uniform(-0.08, 0.1), number % 2 == 0
        )
    c.shape(lambda pen: pen.box(0, 652, WIDTH, 690), mix(m.near, m.far, 0.2))
    ship(c, 760 + c.random.uniform(-180, 220), 712, 1.0, boxes=True)
    c.water(714, 1.0, 0.42)
    _bollards(c)


def _crane(c: Canvas, x: float, foot: float, size: float, raised: bool) -> None:
    m = c.mood
    colour = mix(mix(m.far, m.near, 0.62), m.accent, 0.35)
    s = size

    def draw(pen: Pen) -> None:
        for leg in (-52, 52):
            pen.line([(x + leg * s, foot), (x + leg * 0.8 * s, foot - 300 * s)], 9 * s)
        pen.box(x - 58 * s, foot - 130 * s, x + 58 * s, foot - 119 * s)
        pen.line([(x - 50 * s, foot - 10), (x + 44 * s, foot - 124 * s)], 4 * s)
        pen.box(x - 60 * s, foot - 312 * s, x + 60 * s, foot - 298 * s)
        pen.box(x - 20 * s, foot - 338 * s, x + 46 * s, foot - 306 * s)
        pen.line([(x, foot - 310 * s), (x + 10 * s, foot - 420 * s)], 8 * s)
        end = (x - 210 * s, foot - 430 * s) if raised else (x - 270 * s, foot - 308 * s)
        pen.line([(x - 50 * s, foot - 306 * s), end], 9 * s)
        pen.line([(x + 50 * s, foot - 306 * s), (x + 170 * s, foot - 306 * s)], 9 * s)
        pen.line([(x + 10 * s, foot - 420 * s), end], 2.5 * s)
        pen.line([(x + 10 * s, foot - 420 * s), (x + 165 * s, foot - 308 * s)], 2.5 * s)
        if not raised:
            pen.line([(x - 180 * s, foot - 306 * s), (x - 180 * s, foot - 190 * s)], 2 * s)
            pen.box(x - 204 * s, foot - 190 * s, x - 156 * s, foot - 168 * s)

    c.shape(draw, colour)


def _bollards(c: Canvas) -> None:
    m = c.mood
    c.shape(
        lambda pen: pen.polygon([(0, 950), (WIDTH, 918), (WIDTH, HEIGHT), (0, HEIGHT)]),
        mix(m.near, m.far, 0.12),
        m.near,
        (920, HEIGHT),
    )

    def draw(pen: Pen) -> None:
        for x in (170, 690, 1240):
            y = 950 - x * 0.02
            pen.box(x - 16, y - 44, x + 16, y + 8)
            pen.disc(x, y - 46, 26, 0.42)

    c.shape(draw, mix(m.near, (0, 0, 0), 0.35))


def bridge(c: Canvas) -> None:
    """A suspension bridge seen along the water."""
    c.sky(600, 0.55)
    m = c.mood
    c.land(c.ridge(560, 60, 0.5), mix(m.far, m.haze, 0.4))
    c.haze(600, 110, 0.5)
    towers(c, 630, 110, mix(m.far, m.haze, 0.2), 0.2, 54)
    colour = mix(mix(m.accent, m.near, 0.55), m.far, 0.15)
    first, second = 380 + c.random.uniform(-50, 50), 1180 + c.random.uniform(-50, 50)

    def height(x: float) -> float:
        if x < first:
            return 250 + (first - x) / first * 330
        if x > second:
            return 250 + (x - second) / (WIDTH - second) * 330
        return 560 - ((x - (first + second) / 2) / ((second - first) / 2)) ** 2 * 310

    def draw(pen: Pen) -> None:
        pen.box(0, 588, WIDTH, 606)
        for tower in (first, second):
            for side in (-26, 18):
                pen.polygon(
                    [(tower + side - 4, 740), (tower + side, 240), (tower + side + 10, 240), (tower + side + 14, 740)]
                )
            for y in (262, 350, 440, 640):
                pen.box(tower - 24, y, tower + 26, y + 12)
        pen.line([(x, height(x)) for x in range(0, WIDTH + 1, 10)], 6)
        for x in range(6, WIDTH, 26):
            pen.line([(x, height(x)), (x, 590)], 1.3)
        for x in range(0, WIDTH, 28):
            pen.line([(x, 606), (x + 14, 622), (x + 28, 606)], 2)
        pen.box(0, 620, WIDTH, 625)

    c.shape(draw, colour)
    if m.dark:
        c.shape(lambda pen: [pen.disc(x, 580, 3) for x in range(10, WIDTH, 46)], m.lamp)
    c.water(724, 1.0, 0.45)


def street(c: Canvas) -> None:
    """A street of gabled houses, lamps and a tram."""
    c.sky(560, 0.45)
    m = c.mood
    towers(c, 640, 250, mix(m.far, m.haze, 0.4), 0.1, 90)
    c.haze(600, 200, 0.5)
    base: tuple[Colour, ...] = ((214, 168, 118), (190, 112, 92), (222, 204, 172), (128, 148, 150), (168, 140, 120))
    for side in (0, 1):
        x = 0.0
        while x < 650:
            wide = c.random.uniform(120, 175) * (1 - x / 1400)
            depth = 1 - x / 900
            tall, foot = (560 + c.random.uniform(-60, 60)) * depth, 720 + 150 * depth
            wall = mix(mix(c.random.choice(base), m.haze, x / 1300), m.near, 0.5 if m.dark else 0.06)
            house(c, x if side == 0 else WIDTH - x - wide, wide, foot - tall, foot, wall)
            x += wide
    c.shape(
        lambda pen: pen.polygon([(620, 742), (980, 742), (1700, HEIGHT), (-100, HEIGHT)]),
        mix(m.near, m.haze, 0.35),
        m.near,
        (740, HEIGHT),
    )
    glare = c.cut(lambda pen: [pen.line([(790 + k * 18, 742), (800 + k * 190, HEIGHT)], 4) for k in (-1, 1)], 1)
    c.paint(mix(m.light, m.haze, 0.4), c.faint(glare, 0.7))
    _tram(c)
    for x, s in ((430, 1.0), (1170, 1.0), (560, 0.62), (1040, 0.62)):
        foot = 742 + 150 * s
        c.shape(
            lambda pen: (
                pen.line([(x, foot), (x, foot - 260 * s)], 6 * s),
                pen.disc(x, foot - 270 * s, 15 * s),
            ),
            mix(m.near, (0, 0, 0), 0.2),
        )
        if m.dark:
            c.shape(lambda pen: pen.disc(x, foot - 270 * s, 10 * s), m.lamp)
            c.glow(x, foot - 270 * s, 170 * s, m.lamp, 0.5)


def house(c: Canvas, left: float, wide: float, top: float, foot: float, wall: Colour) -> None:
    m = c.mood
    c.shape(
        lambda pen: pen.box(left, top, left + wide, HEIGHT if foot > 860 else foot),
        wall,
        mix(wall, m.near, 0.35),
        (top, foot),
    )
    c.shape(
        lambda pen: pen.polygon([(left - 4, top + 2), (left + wide / 2, top - wide * 0.5), (left + wide + 4, top + 2)]),
        mix(m.accent, m.near, 0.55),
    )
    rows = max(3, int((foot - top) // 92))

    def windows(pen: Pen, alight: bool) -> None:
        for row in range(rows):
            for column in range(3):
                if (c.random.random() < 0.45) is alight:
                    x, y = left + wide * (0.14 + column * 0.28), top + 26 + row * 88
                    pen.box(x, y, x + wide * 0.17, y + 50)

    c.paint(mix(m.near, wall, 0.25), c.cut(lambda pen: windows(pen, False)))
    c.paint(m.lamp if m.dark else mix(wall, WHITE, 0.5), c.cut(lambda pen: windows(pen, True)))


def _tram(c: Canvas) -> None:
    m = c.mood
    body = mix(m.accent, m.near, 0.12)
    c.shape(
        lambda pen: (
            pen.polygon([(700, 560), (716, 540), (884, 540), (900, 560), (908, 820), (692, 820)]),
            pen.box(770, 516, 830, 542),
        ),
        body,
        mix(body, m.near, 0.4),
        (540, 820),
    )
    c.shape(
        lambda pen: pen.polygon([(714, 588), (886, 588), (892, 690), (708, 690)]),
        mix(m.lamp, WHITE, 0.2) if m.dark else mix(m.sky[0], m.near, 0.35),
    )
    c.shape(
        lambda pen: (pen.box(797, 588, 803, 690), pen.box(724, 552, 876, 578), pen.box(700, 820, 900, 838)),
        mix(m.near, (0, 0, 0), 0.2),
    )
    c.shape(lambda pen: (pen.disc(728, 760, 15), pen.disc(872, 760, 15), pen.box(760, 556, 840, 574)), m.lamp)
    c.glow(800, 770, 230, m.lamp, 0.35)


def railway(c: Canvas) -> None:
    """A train on a stone viaduct across a valley."""
    c.sky(560, 0.6)
    m = c.mood
    for number in range(3):
        c.land(
            c.ridge(430 + number * 75, 90 - number * 16, 0.5),
            mix(mix(m.far, m.near, number * 0.2), m.haze, 0.3 - number * 0.08),
            mix(m.haze, m.far, 0.3),
        )
        c.haze(560 + number * 50, 100, 0.4)
    stone = mix(mix((196, 170, 138), m.near, 0.5 if m.dark else 0.18), m.haze, 0.12)

    def viaduct(pen: Pen) -> None:
        pen.box(0, 520, WIDTH, HEIGHT)
        for number in range(9):
            left = number * 190 - 60
            pen.disc(left + 95, 640, 74, 1.0, fill=0)
            pen.box(left + 21, 640, left + 169, HEIGHT, fill=0)

    mask = c.cut(viaduct)
    c.paint(c.gradient((stone, mix(stone, m.near, 0.55)), 520, 960), mask)
    c.mottle(mask, mix(stone, m.near, 0.55), 0.5, (60, 40))
    c.shape(lambda pen: (pen.box(0, 512, WIDTH, 528), pen.box(0, 548, WIDTH, 553)), mix(stone, m.near, 0.3))
    _train(c, c.random.uniform(120, 420), 512)
    trees(c, c.ridge(905, 44, 0.35), 92, m.near)


def _train(c: Canvas, x: float, rail: float) -> None:
    m = c.mood
    for car in range(5):
        left = x + car * 222
        colour = mix(m.accent, m.near, 0.1 + 0.04 * car)
        nose = 46 if car == 0 else 4
        c.shape(
            lambda pen: pen.polygon(
                [
                    (left + nose, rail - 78),
                    (left + 214, rail - 78),
                    (left + 216, rail - 8),
                    (left, rail - 8),
                    (left + nose * 0.2, rail - 40),
                ]
            ),
            mix(colour, WHITE, 0.1),
            colour,
            (rail - 78, rail),
        )
        c.shape(
            lambda pen: pen.box(left + 56, rail - 64, left + 204, rail - 40),
            m.lamp if m.dark else mix(m.sky[0], WHITE, 0.25),
        )
        c.shape(
            lambda pen: (
                pen.box(left, rail - 28, left + 216, rail - 22),
                [pen.disc(left + k, rail - 5, 9) for k in (34, 64, 152, 182)],
                [pen.box(left + k, rail - 64, left + k + 5, rail - 40) for k in (88, 124, 160)],
            ),
            mix(m.near, (0, 0, 0), 0.2),
        )


def turbines(c: Canvas) -> None:
    """Wind turbines along a ridge."""
    c.sky(640, 0.6)
    m = c.mood
    c.land(c.ridge(560, 60, 0.4), mix(m.far, m.haze, 0.4))
    c.haze(610, 110, 0.5)
    line = c.ridge(690, 36, 0.2)
    for number in range(6):
        x = 130 + number * 265 + c.random.uniform(-60, 60)
        _turbine(c, x, line[round(x / 10) % len(line)][1], 0.55 + (number * 37 % 5) * 0.14)
    grass = mix((104, 128, 82), m.near, 0.6 if m.dark else 0.2)
    mask = c.land(line, mix(grass, m.haze, 0.2), mix(grass, m.near, 0.3))
    c.mottle(mask, mix(grass, m.light, 0.5), 0.5, (12, 20))
    mask = c.land(c.ridge(850, 40, 0.25), mix(grass, m.near, 0.3), m.near)
    c.mottle(mask, grass, 0.4, (24, 22))


def _turbine(c: Canvas, x: float, foot: float, size: float) -> None:
    s = size * 380
    turn = c.random.uniform(0, 2)

    def draw(pen: Pen) -> None:
        pen.polygon(
            [
                (x - s * 0.022, foot + 30),
                (x - s * 0.011, foot - s),
                (x + s * 0.011, foot - s),
                (x + s * 0.022, foot + 30),
            ]
        )
        for blade in range(3):
            a = turn + blade * math.tau / 3
            tip = (x + math.cos(a) * s * 0.62, foot - s + math.sin(a) * s * 0.62)
            side = (math.cos(a + 1.57) * s * 0.024, math.sin(a + 1.57) * s * 0.024)
            root = (x + math.cos(a) * s * 0.1, foot - s + math.sin(a) * s * 0.1)
            pen.polygon([(x, foot - s), (root[0] + side[0], root[1] + side[1]), tip])
        pen.disc(x, foot - s, s * 0.03)

    c.shape(
        draw,
        mix(WHITE, c.mood.near if c.mood.dark else c.mood.haze, 0.35),
        mix(WHITE, c.mood.far, 0.5),
        (foot - s, foot),
    )
