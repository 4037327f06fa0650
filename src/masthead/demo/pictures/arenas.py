"""Scenes before an audience: stadium and museum."""

# ruff: noqa: B023 - a shape is drawn at once, before the loop around it goes on

from __future__ import annotations

import math

from masthead.demo.pictures.canvas import HEIGHT, WIDTH, Canvas, Pen
from masthead.demo.pictures.moods import Colour, mix
from masthead.demo.pictures.nature import WHITE


def stadium(c: Canvas) -> None:
    """A pitch under floodlights, full stands around it."""
    c.sky(430, 0.5)
    m = c.mood
    stand = mix(m.near, m.far, 0.3)
    c.shape(
        lambda pen: pen.polygon([(-10, 330), (330, 392), (1270, 392), (1610, 330), (1610, 660), (-10, 660)]),
        stand,
        mix(stand, m.near, 0.4),
        (330, 640),
    )

    _crowd(c)
    _pitch(c)
    _floodlights(c)
    _ball(c, 560.0 + c.random.uniform(0, 480), 912.0)


def _crowd(c: Canvas) -> None:
    m = c.mood

    def crowd(pen: Pen, keep: int) -> None:
        for k in range(5200):
            x, y = c.random.uniform(0, WIDTH), c.random.uniform(400, 606)
            edge = max(0.0, abs(x - 800) - 470) * 0.18
            if k % 3 == keep and y > 410 - edge + 8:
                pen.disc(x, y, 2.2 + (y - 400) / 160, fill=c.random.randint(110, 255))

    for keep, tint in enumerate((m.accent, mix(m.haze, WHITE, 0.3), mix(m.sea[0], m.far, 0.2))):
        c.paint(mix(tint, m.near, 0.18), c.faint(c.cut(lambda pen: crowd(pen, keep)), 0.8))
    c.shape(
        lambda pen: pen.polygon(
            [(-10, 300), (340, 372), (1260, 372), (1610, 300), (1610, 322), (1260, 392), (340, 392), (-10, 322)]
        ),
        mix(WHITE, m.near, 0.4 if m.dark else 0.15),
    )
    c.shape(lambda pen: pen.polygon([(-10, 612), (1610, 612), (1610, 640), (-10, 640)]), mix(m.sea[-1], m.near, 0.2))


def _pitch(c: Canvas) -> None:
    m = c.mood
    grass = mix((74, 124, 62), m.near, 0.18 if m.dark else 0.02)
    c.shape(lambda pen: pen.box(0, 640, WIDTH, HEIGHT), mix(grass, m.haze, 0.12), grass, (640, HEIGHT))
    for k in range(0, 12, 2):
        c.paint(
            mix(grass, m.light, 0.2),
            c.faint(
                c.cut(
                    lambda pen: pen.polygon(
                        [
                            (800 + (k - 6) * 150, 640),
                            (800 + (k - 5) * 150, 640),
                            (800 + (k - 5) * 340, HEIGHT),
                            (800 + (k - 6) * 340, HEIGHT),
                        ]
                    )
                ),
                0.6,
            ),
        )
    chalk = mix(WHITE, grass, 0.15)
    c.shape(
        lambda pen: (
            pen.line([(-10, 700), (1610, 700)], 4),
            pen.line([(470, 700), (330, 850), (1270, 850), (1130, 700)], 5),
            pen.line([(620, 700), (570, 760), (1030, 760), (980, 700)], 4),
            pen.disc(800, 806, 5, 0.6),
        ),
        chalk,
    )
    c.shape(lambda pen: pen.line([(690, 702), (690, 604), (910, 604), (910, 702)], 6), WHITE)
    net = c.cut(
        lambda pen: (
            [pen.line([(694 + k * 15, 606), (700 + k * 14.6, 690)], 1) for k in range(15)],
            [pen.line([(692, 616 + k * 13), (908, 616 + k * 13)], 1) for k in range(6)],
        )
    )
    c.paint(WHITE, c.faint(net, 0.5))


def _floodlights(c: Canvas) -> None:
    m = c.mood
    for mast, lean in ((110, 16), (1490, -16)):
        c.shape(
            lambda pen: (
                pen.line([(mast - lean, 340), (mast, 90)], 9),
                pen.polygon([(mast - 74, 36), (mast + 74, 36), (mast + 66, 116), (mast - 66, 116)]),
            ),
            mix(m.near, (0, 0, 0), 0.2),
        )
        c.shape(lambda pen: [pen.disc(mast - 52 + k % 5 * 26, 54 + k // 5 * 22, 9) for k in range(15)], (255, 250, 232))
        c.glow(mast, 76, 330, (255, 246, 220), 0.75 if m.dark else 0.35)


def _ball(c: Canvas, x: float, y: float) -> None:
    m = c.mood
    c.paint(m.near, c.faint(c.cut(lambda pen: pen.disc(x + 6, y + 25, 34, 0.24), 5), 0.6))
    c.shape(lambda pen: pen.disc(x, y, 26), WHITE, (172, 176, 176), (y - 10, y + 28))
    c.shape(
        lambda pen: (
            pen.disc(x - 2, y - 2, 8),
            pen.disc(x - 19, y + 10, 5),
            pen.disc(x + 17, y + 11, 5),
            pen.disc(x + 8, y - 20, 5, 0.6),
        ),
        m.near,
    )


def gallery(c: Canvas) -> None:
    """A museum room: framed paintings, a bench, light from above."""
    m = c.mood
    wall = mix(mix(m.far, (132, 66, 58), 0.45), m.near, 0.12)
    c.paint(c.gradient((mix(wall, m.light, 0.25), wall), 0, 780))
    c.shape(
        lambda pen: pen.polygon([(-10, 780), (1610, 780), (1610, HEIGHT), (-10, HEIGHT)]),
        mix((160, 120, 82), m.near, 0.15),
        mix((110, 78, 52), m.near, 0.35),
        (780, HEIGHT),
    )
    for k in range(-12, 13):
        c.paint(m.near, c.faint(c.cut(lambda pen: pen.line([(800 + k * 110, 780), (800 + k * 260, HEIGHT)], 2)), 0.3))
    c.shape(lambda pen: pen.box(0, 744, WIDTH, 782), mix(wall, m.near, 0.5))
    for x, y, wide, tall in ((120, 210, 330, 420), (540, 150, 540, 470), (1170, 240, 310, 380)):
        c.glow(x + wide / 2, y - 30, 360, m.lamp, 0.32)
        c.shape(
            lambda pen: pen.box(x + 10, y + 18, x + wide + 14, y + tall + 22),
            mix(wall, m.near, 0.65),
        )
        c.shape(
            lambda pen: pen.box(x, y, x + wide, y + tall),
            (196, 156, 84),
            (128, 92, 44),
            (y, y + tall),
        )
        c.shape(lambda pen: pen.box(x + 12, y + 12, x + wide - 12, y + tall - 12), (84, 60, 32))
        _painting(c, x + 20, y + 20, wide - 40, tall - 40)
    c.shape(
        lambda pen: (pen.box(560, 862, 1040, 892), pen.box(600, 892, 622, 950), pen.box(978, 892, 1000, 950)),
        mix(m.near, (0, 0, 0), 0.2),
    )
    c.shape(
        lambda pen: (
            pen.disc(1330, 560, 26, 1.15),
            pen.polygon([(1290, 600), (1370, 600), (1392, 790), (1362, 950), (1300, 950), (1270, 790)]),
        ),
        mix(m.near, (0, 0, 0), 0.3),
    )


def _painting(c: Canvas, x: float, y: float, wide: float, tall: float) -> None:
    """A small picture within the picture: a sky, a sun, hills."""
    tints: tuple[Colour, ...] = c.random.choice(
        (
            ((240, 206, 150), (206, 118, 84), (96, 60, 84)),
            ((190, 212, 214), (92, 132, 140), (34, 62, 78)),
            ((232, 224, 200), (168, 160, 96), (74, 92, 62)),
        )
    )
    c.shape(lambda pen: pen.box(x, y, x + wide, y + tall), mix(tints[0], tints[1], 0.35), tints[0], (y, y + tall * 0.7))
    c.shape(lambda pen: pen.disc(x + wide * 0.66, y + tall * 0.34, wide * 0.09), mix(tints[0], WHITE, 0.6))
    for level, tint in enumerate((mix(tints[0], tints[1], 0.6), tints[1], tints[2])):
        phase = c.random.uniform(0, 6)
        line = [
            (x + wide * k / 30, y + tall * (0.52 + level * 0.15) + math.sin(k / 4 + phase) * tall * 0.05)
            for k in range(31)
        ]
        c.shape(
            lambda pen: pen.polygon([*line, (x + wide, y + tall), (x, y + tall)]),
            tint,
            mix(tint, tints[2], 0.4),
            (y + tall * 0.5, y + tall),
        )
