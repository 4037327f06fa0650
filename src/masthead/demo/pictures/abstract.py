"""Scenes of knowledge: a market chart, a contour map, a planet, an observatory under the stars."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageChops

from masthead.demo.pictures.canvas import HEIGHT, WIDTH, Canvas, Pen
from masthead.demo.pictures.moods import mix
from masthead.demo.pictures.nature import WHITE, trees


def chart(c: Canvas) -> None:
    """A printed chart: bars, two curves, a grid, paper with a fold."""
    m = c.mood
    paper = mix((244, 236, 220), m.near, 0.86) if m.dark else mix((244, 236, 220), m.haze, 0.3)
    ink = mix(m.haze, WHITE, 0.2) if m.dark else m.near
    c.paint(c.gradient((paper, mix(paper, m.far, 0.18)), 0, HEIGHT))
    grid = c.cut(
        lambda pen: (
            [pen.line([(120, y), (1500, y)], 1.2) for y in range(160, 900, 92)],
            [pen.line([(x, 130), (x, 860)], 0.8, fill=120) for x in range(120, 1501, 115)],
        )
    )
    c.paint(ink, c.faint(grid, 0.25))
    drift = c.random.choice((-1, 1))
    values = [0.5]
    for _ in range(92):
        values.append(min(0.95, max(0.08, values[-1] + c.random.gauss(0.0035 * drift, 0.026))))
    low, high = min(values), max(values)
    values = [0.22 + (value - low) / (high - low) * 0.72 for value in values]
    places = [(120 + k * 15, 850 - value * 640) for k, value in enumerate(values)]
    bars = [(120 + k * 46, c.random.uniform(0.08, 0.28) + values[k * 3] * 0.2) for k in range(30)]
    c.paint(
        mix(m.far, paper, 0.25),
        c.faint(c.cut(lambda pen: [pen.box(x + 5, 850 - h * 640, x + 38, 850) for x, h in bars]), 0.75),
    )
    area = c.cut(lambda pen: pen.polygon([*places, (places[-1][0], 850), (120, 850)]))
    fade = ImageChops.multiply(area, c.window([200, 850], [0.75, 0.05]))
    c.paint(m.accent, c.faint(fade, 0.6))
    calm = np.convolve([y for _, y in places], np.ones(13) / 13, mode="valid")
    c.shape(
        lambda pen: pen.line([(210 + k * 15, float(y) + 34) for k, y in enumerate(calm)], 4),
        m.sea[-1] if not m.dark else m.sea[0],
    )
    c.shape(lambda pen: pen.line(places, 7), m.accent)
    end = places[-1]
    c.glow(end[0], end[1], 130, m.accent, 0.35)
    c.shape(lambda pen: pen.disc(end[0], end[1], 15), m.accent)
    c.shape(lambda pen: pen.disc(end[0], end[1], 7), paper)
    c.shape(
        lambda pen: (
            pen.line([(120, 120), (120, 851), (1520, 851)], 3),
            [pen.line([(x, 851), (x, 864)], 2) for x in range(120, 1501, 115)],
        ),
        ink,
    )
    c.paint(
        mix(paper, m.near, 0.5),
        c.faint(c.cut(lambda pen: pen.polygon([(980, 0), (1060, 0), (1010, HEIGHT), (930, HEIGHT)]), 38), 0.3),
    )


def map(c: Canvas) -> None:
    """A relief map: contour lines of an island coast, a route with stations."""
    m = c.mood
    mask = c.clouds_mask((4, 3), octaves=5, threshold=0.0)
    field = np.asarray(mask.resize((400, 250)), dtype=np.float32) / 255
    stops = (
        m.sea[-1],
        mix(m.sea[-1], m.sea[0], 0.4),
        m.sea[0],
        (226, 212, 176),
        (178, 182, 126),
        (140, 152, 104),
        (168, 138, 100),
        (232, 226, 214),
    )
    edges = np.array([0, 0.2, 0.34, 0.455, 0.5, 0.62, 0.76, 0.9])
    large = (
        np.asarray(Image.fromarray((field * 255).astype(np.float32)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))
        / 255
    )
    channels = [np.interp(np.floor(large * 22) / 22, edges, [stop[k] for stop in stops]) for k in range(3)]
    relief = np.clip((large - np.roll(large, (3, 3), (0, 1))) * 1500, -26, 26)
    lines = (np.abs((large * 22) % 1 - 0.5) > 0.475) * 22.0
    pixels = np.stack(channels, axis=-1) + np.where(large > 0.455, relief, relief * 0.35)[..., None] - lines[..., None]
    if m.dark:
        pixels = pixels * 0.55 + np.array(m.near) * 0.3
    c.paint(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)))
    grid = c.cut(
        lambda pen: (
            [pen.line([(x, 0), (x, HEIGHT)], 1) for x in range(100, WIDTH, 200)],
            [pen.line([(0, y), (WIDTH, y)], 1) for y in range(100, HEIGHT, 200)],
        )
    )
    c.paint(WHITE, c.faint(grid, 0.28))
    stations = [
        (180 + k * 260 + c.random.uniform(-60, 60), 500 + math.sin(k * 1.3 + c.random.random()) * 260) for k in range(6)
    ]
    route = [_between(stations, t / 40) for t in range(40 * (len(stations) - 1) + 1)]
    c.paint(m.near, c.faint(c.cut(lambda pen: pen.line([(x + 4, y + 7) for x, y in route], 12), 4), 0.5))
    c.shape(lambda pen: pen.line(route, 9), m.accent)
    c.shape(lambda pen: [pen.disc(x, y, 19) for x, y in stations], m.accent)
    c.shape(lambda pen: [pen.disc(x, y, 11) for x, y in stations], WHITE)


def _between(points: list[tuple[float, float]], t: float) -> tuple[float, float]:
    """A point on the smooth curve through points (Catmull-Rom); the whole part of `t` is the number of the point."""
    k = min(int(t), len(points) - 2)
    u = t - k
    p0, p1, p2, p3 = points[max(k - 1, 0)], points[k], points[k + 1], points[min(k + 2, len(points) - 1)]

    def axis(n: int) -> float:
        a, b, d, e = p0[n], p1[n], p2[n], p3[n]
        return 0.5 * (2 * b + (d - a) * u + (2 * a - 5 * b + 4 * d - e) * u**2 + (3 * b - a - 3 * d + e) * u**3)

    return axis(0), axis(1)


def space(c: Canvas) -> None:
    """A ringed planet, its moon, and the light of a far sun."""
    m = c.mood
    deep = (10, 14, 30)
    c.paint(c.gradient((deep, mix(deep, m.sky[0], 0.35)), 0, HEIGHT))
    c.mottle(Image.new("L", (WIDTH, HEIGHT), 255), mix(m.accent, m.sky[0], 0.4), 0.35, (4, 3))
    c.mottle(Image.new("L", (WIDTH, HEIGHT), 255), mix(m.sea[-1], m.sky[0], 0.5), 0.45, (5, 4))
    spots = [
        (c.random.uniform(0, WIDTH), c.random.uniform(0, HEIGHT), c.random.choice((0.7, 0.9, 1.2, 2.0)))
        for _ in range(520)
    ]
    c.shape(lambda pen: [pen.disc(*spot, fill=c.random.randint(60, 255)) for spot in spots], (240, 240, 250))
    x, y, radius = 900 + c.random.uniform(-160, 160), 520.0, 270.0
    ball = c.cut(lambda pen: pen.disc(x, y, radius))
    base = mix(m.light, m.accent, 0.42)
    c.glow(x, y, radius * 2.1, base, 0.3)
    back = c.cut(lambda pen: _ring(pen, x, y, radius, upper=True))
    c.paint(mix(base, WHITE, 0.3), c.faint(back, 0.55))
    c.paint(base, ball)
    bands = c.clouds_mask((2, 22), octaves=3, threshold=0.3)
    c.paint(mix(base, m.near, 0.5), c.faint(ImageChops.multiply(ball, bands), 0.65))
    c.paint(mix(base, WHITE, 0.6), c.faint(ImageChops.multiply(ball, c.clouds_mask((2, 30), threshold=0.55)), 0.6))
    shade = c.cut(lambda pen: pen.disc(x - 130, y - 90, radius * 1.02), 70)
    c.paint(deep, c.faint(ImageChops.multiply(ball, ImageChops.invert(shade)), 0.94))
    c.paint(mix(base, WHITE, 0.4), c.faint(c.cut(lambda pen: _ring(pen, x, y, radius, upper=False)), 0.8))
    c.shape(lambda pen: pen.disc(x - 560, y - 250, 46), mix(m.haze, WHITE, 0.2))
    c.paint(deep, c.faint(c.cut(lambda pen: pen.disc(x - 538, y - 236, 44), 8), 0.55))


def _ring(pen: Pen, x: float, y: float, radius: float, *, upper: bool) -> None:
    tilt = -0.3
    for inner, outer, fill in ((1.28, 1.5, 200), (1.54, 1.8, 255), (1.84, 1.95, 130)):
        angles = [math.pi + k * math.pi / 60 for k in range(61)] if upper else [k * math.pi / 60 for k in range(61)]
        edge = [(math.cos(a) * radius * outer, math.sin(a) * radius * outer * 0.22) for a in angles]
        hole = [(math.cos(a) * radius * inner, math.sin(a) * radius * inner * 0.22) for a in reversed(angles)]
        turned = [
            (x + px * math.cos(tilt) - py * math.sin(tilt), y + px * math.sin(tilt) + py * math.cos(tilt))
            for px, py in edge + hole
        ]
        pen.polygon(turned, fill=fill)


def observatory(c: Canvas) -> None:
    """A dome on a hill under the Milky Way."""
    m = c.mood
    c.sky(720, 0.0)
    if m.dark:
        band = c.cut(lambda pen: pen.polygon([(200, 760), (560, 760), (1500, -40), (1120, -40)]), 90)
        c.paint(
            mix(m.light, m.sea[0], 0.3), c.faint(ImageChops.multiply(band, c.clouds_mask((9, 7), threshold=0.2)), 0.4)
        )
        spots = [
            (200 + t * 1000 + c.random.gauss(180, 110), 740 - t * 780 + c.random.gauss(0, 60))
            for t in (c.random.random() for _ in range(620))
        ]
        c.shape(
            lambda pen: [
                pen.disc(x, y, c.random.choice((0.6, 0.8, 1.4)), fill=c.random.randint(60, 240)) for x, y in spots
            ],
            WHITE,
        )
    c.land(c.ridge(700, 90, 0.7, 6), mix(m.far, m.near, 0.25), mix(m.haze, m.far, 0.4))
    c.haze(790, 110, 0.45)
    x = 980 + c.random.uniform(-160, 200)
    hill = [
        (px, 810 - 120 * math.exp(-(((px - x) / 380) ** 2)) + math.sin(px / 60) * 4)
        for px in range(-10, WIDTH + 20, 10)
    ]
    c.land(hill, mix(m.far, m.near, 0.8), m.near)
    wall = mix(mix(WHITE, m.far, 0.35), m.near, 0.4 if m.dark else 0.05)
    c.shape(
        lambda pen: (pen.disc(x, 590, 150), pen.box(x - 150, 590, x + 150, 600)),
        wall,
        mix(wall, m.near, 0.5),
        (440, 620),
    )
    c.paint(m.near, c.faint(c.cut(lambda pen: pen.disc(x + 70, 610, 130), 24), 0.0))
    c.shape(
        lambda pen: pen.polygon([(x - 8, 442), (x + 44, 448), (x + 62, 590), (x + 6, 590)]), mix(m.near, (0, 0, 0), 0.4)
    )
    c.shape(lambda pen: pen.polygon([(x + 16, 470), (x + 40, 462), (x + 52, 590), (x + 18, 590)]), m.lamp)
    c.shape(
        lambda pen: pen.box(x - 140, 598, x + 140, 716), mix(wall, m.near, 0.2), mix(wall, m.near, 0.55), (598, 716)
    )
    c.shape(
        lambda pen: (pen.box(x - 150, 588, x + 150, 602), pen.box(x - 20, 650, x + 14, 716)), mix(wall, m.near, 0.6)
    )
    c.shape(lambda pen: [pen.box(x + k, 640, x + k + 22, 668) for k in (-100, 60)], m.lamp)
    c.glow(x + 30, 540, 220, m.lamp, 0.5)
    trees(c, c.ridge(925, 26, 0.4), 56, mix(m.near, (0, 0, 0), 0.2))
