"""Scenes on a square: parliament and market."""

# ruff: noqa: B023 - a shape is drawn at once, before the loop around it goes on

from __future__ import annotations

import math

from masthead.demo.pictures.canvas import HEIGHT, WIDTH, Canvas
from masthead.demo.pictures.moods import Colour, mix
from masthead.demo.pictures.nature import WHITE
from masthead.demo.pictures.town import house, towers


def parliament(c: Canvas) -> None:
    """A columned hall with a dome and flags on a wide stair."""
    c.sky(680, 0.7)
    m = c.mood
    towers(c, 660, 150, mix(m.far, m.haze, 0.35), 0.1, 80)
    c.haze(660, 120, 0.45)
    stone = mix(mix((224, 212, 190), m.near, 0.5 if m.dark else 0.04), m.haze, 0.15)
    dark = mix(stone, m.near, 0.55)
    c.shape(
        lambda pen: (pen.disc(800, 330, 130, 0.95), pen.box(670, 330, 930, 400), pen.box(788, 160, 812, 220)),
        mix(stone, m.sea[-1], 0.35),
        mix(dark, m.sea[-1], 0.4),
        (200, 400),
    )
    c.shape(lambda pen: [pen.box(684 + k * 34, 338, 702 + k * 34, 396) for k in range(7)], dark)
    c.shape(
        lambda pen: (pen.box(300, 470, 1300, 780), pen.polygon([(540, 474), (800, 384), (1060, 474)])),
        stone,
        mix(stone, m.near, 0.25),
        (400, 800),
    )
    c.shape(lambda pen: pen.polygon([(604, 464), (800, 398), (996, 464)]), mix(stone, m.near, 0.22))
    c.shape(lambda pen: pen.box(320, 510, 1280, 770), dark)
    if m.dark:
        c.glow(800, 640, 420, m.lamp, 0.5)
    for number in range(15):
        x = 322 + number * 66.5
        c.shape(
            lambda pen: (
                pen.box(x, 520, x + 30, 760),
                pen.box(x - 6, 506, x + 36, 522),
                pen.box(x - 7, 756, x + 37, 774),
            ),
            mix(stone, m.light, 0.3),
        )
        c.paint(dark, c.faint(c.cut(lambda pen: pen.box(x + 19, 522, x + 30, 756)), 0.45))
    for step in range(9):
        c.shape(
            lambda pen: pen.box(270 - step * 42, 774 + step * 15, 1330 + step * 42, 791 + step * 15),
            mix(mix(stone, m.near, 0.12 + (step % 2) * 0.16), m.near, step * 0.03),
        )
    c.shape(
        lambda pen: pen.box(0, 908, WIDTH, HEIGHT), mix(stone, m.near, 0.5), mix(stone, m.near, 0.75), (908, HEIGHT)
    )
    for x, colour in ((196, m.accent), (1404, m.sea[-1])):
        c.shape(lambda pen: pen.line([(x, 910), (x, 330)], 6), dark)
        wave = [(x + 4 + k * 8, 340 + math.sin(k / 3) * 9) for k in range(18)]
        c.shape(lambda pen: pen.polygon([*wave, *[(px, py + 86) for px, py in reversed(wave)]]), colour)


def market(c: Canvas) -> None:
    """Stalls with striped awnings and crates of fruit before old houses."""
    c.sky(420, 0.5)
    m = c.mood
    x = -20.0
    while x < WIDTH:
        wide = c.random.uniform(150, 240)
        wall = mix(
            mix(c.random.choice(((214, 178, 130), (196, 132, 108), (222, 206, 176), (150, 158, 150))), m.haze, 0.35),
            m.near,
            0.5 if m.dark else 0,
        )
        house(c, x, wide, 230 + c.random.uniform(-70, 70), 700, wall)
        x += wide
    c.haze(620, 260, 0.45)
    c.shape(lambda pen: pen.box(0, 690, WIDTH, HEIGHT), mix(m.far, m.near, 0.35), m.near, (690, HEIGHT))
    fruit: tuple[Colour, ...] = (
        (206, 74, 52),
        (226, 148, 58),
        (112, 140, 66),
        (222, 188, 84),
        (138, 60, 84),
        (86, 112, 60),
    )
    for number in range(4):
        left = -40 + number * 430 + c.random.uniform(-20, 20)
        colour = (m.accent, m.sea[-1], (190, 140, 64), (92, 118, 84))[(number + c.random.randint(0, 3)) % 4]
        _stall(c, left, 390, colour, fruit)


def _stall(c: Canvas, left: float, wide: float, colour: Colour, fruit: tuple[Colour, ...]) -> None:
    m = c.mood
    c.shape(
        lambda pen: (pen.box(left + 12, 520, left + 22, 930), pen.box(left + wide - 22, 520, left + wide - 12, 930)),
        mix(m.near, (90, 64, 40), 0.4),
    )
    c.shape(
        lambda pen: pen.box(left + 6, 770, left + wide - 6, 950),
        mix((126, 92, 60), m.near, 0.35),
        mix(m.near, (60, 40, 26), 0.3),
        (770, 950),
    )
    for row in range(2):
        for crate in range(4):
            x, y, tint = left + 16 + crate * (wide - 30) / 4, 716 + row * 44, c.random.choice(fruit)
            span = (wide - 30) / 4 - 8
            spots = [(x + c.random.uniform(8, span - 8), y + c.random.uniform(-9, 12)) for _ in range(26)]
            c.shape(
                lambda pen: [pen.disc(px, py, 11) for px, py in spots],
                mix(tint, m.near, 0.4 if m.dark else 0.12),
            )
            c.paint(
                mix(tint, WHITE, 0.45),
                c.faint(c.cut(lambda pen: [pen.disc(px - 3, py - 4, 4) for px, py in spots[::2]]), 0.6),
            )
            c.shape(lambda pen: pen.box(x, y + 8, x + span, y + 36), mix((168, 128, 84), m.near, 0.25))
    stripe = wide / 10
    for number in range(10):
        tint = colour if number % 2 == 0 else mix(WHITE, m.haze, 0.4)
        tint = mix(tint, m.near, 0.35) if m.dark else tint
        a, b = left + number * stripe, left + (number + 1) * stripe
        c.shape(
            lambda pen: (
                pen.polygon([(a + 12, 500), (b + 8, 500), (b, 590), (a, 590)]),
                pen.disc((a + b) / 2, 590, stripe / 2, 0.7),
            ),
            tint,
            mix(tint, m.near, 0.3),
            (500, 620),
        )
    if m.dark:
        c.glow(left + wide / 2, 660, 240, m.lamp, 0.5)
