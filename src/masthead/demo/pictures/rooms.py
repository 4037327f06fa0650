"""Scenes indoors and in arenas: laboratory, stage, library, press podium, stadium, gallery."""

# ruff: noqa: B023 - a shape is drawn at once, before the loop around it goes on

from __future__ import annotations

import math

from masthead.demo.pictures.canvas import HEIGHT, WIDTH, Canvas, Pen
from masthead.demo.pictures.moods import Colour, mix
from masthead.demo.pictures.nature import WHITE


def laboratory(c: Canvas) -> None:
    """Glassware on a bench by a tall window."""
    m = c.mood
    wall = mix(m.far, m.haze, 0.35)
    c.paint(c.gradient((mix(wall, m.near, 0.35), wall), 0, 760))
    left = 140 + c.random.uniform(0, 120)
    for number in range(3):
        x = left + number * 330
        c.shape(lambda pen: pen.box(x, 60, x + 290, 600), mix(m.sky[-1], WHITE, 0.2), m.sky[0], (600, 60))
        c.shape(lambda pen: (pen.box(x + 140, 60, x + 150, 600), pen.box(x, 320, x + 290, 330)), mix(wall, m.near, 0.3))
    c.glow(left + 400, 320, 640, m.light, 0.35)
    for y in (180, 330, 480):
        c.shape(lambda pen: pen.box(1240, y, 1560, y + 10), mix(m.near, wall, 0.25))
        for k in range(7):
            tint = c.random.choice((m.accent, m.sea[-1], m.sea[0], mix(m.lamp, m.accent, 0.3), m.far))
            x, tall, wide = 1256 + k * 42, c.random.uniform(44, 96), c.random.uniform(22, 34)
            c.shape(
                lambda pen: (
                    pen.box(x, y - tall, x + wide, y),
                    pen.box(x + wide * 0.3, y - tall - 14, x + wide * 0.7, y - tall),
                ),
                mix(tint, wall, 0.25),
            )
    c.shape(lambda pen: pen.box(0, 780, WIDTH, HEIGHT), mix(m.near, wall, 0.22), m.near, (780, HEIGHT))
    c.shape(lambda pen: pen.box(0, 772, WIDTH, 792), mix(m.haze, m.near, 0.25))
    x = 170.0
    for kind in ("flask", "tube", "bottle", "flask", "beaker", "flask"):
        tint = c.random.choice((m.accent, m.sea[-1], (212, 154, 58), (84, 136, 112), (142, 84, 120)))
        _glass(c, kind, x, c.random.uniform(0.85, 1.25), tint)
        x += c.random.uniform(165, 205)
    _microscope(c, 1280, 774)


# Half of each outline, from the foot up: (distance from the axis, height); then how wide and high what is in it stands.
_GLASSES: dict[str, tuple[tuple[tuple[int, int], ...], tuple[int, int, int]]] = {
    "flask": (((70, 0), (18, 130), (18, 210)), (66, 40, 76)),
    "tube": (((20, 0), (20, 260)), (17, 17, 170)),
    "beaker": (((60, 0), (60, 150)), (56, 56, 80)),
    "bottle": (((44, 0), (44, 150), (14, 180), (14, 216)), (40, 40, 118)),
}


def _glass(c: Canvas, kind: str, x: float, s: float, tint: Colour) -> None:
    m, foot = c.mood, 774.0
    half, (bottom, top, height) = _GLASSES[kind]
    outline = [(x - away * s, foot - up * s) for away, up in half]
    outline += [(x + away * s, foot - up * s) for away, up in reversed(half)]
    level = [
        (x - bottom * s, foot - 4),
        (x - top * s, foot - height * s),
        (x + top * s, foot - height * s),
        (x + bottom * s, foot - 4),
    ]
    c.paint(mix(WHITE, m.haze, 0.3), c.faint(c.cut(lambda pen: pen.polygon(outline)), 0.42))
    c.paint(
        c.gradient((mix(tint, WHITE, 0.25), tint), level[1][1], foot),
        c.faint(c.cut(lambda pen: pen.polygon(level)), 0.88),
    )
    c.paint(WHITE, c.faint(c.cut(lambda pen: pen.line([*outline, outline[0]], 2.5)), 0.6))
    c.paint(
        WHITE,
        c.faint(
            c.cut(
                lambda pen: pen.line(
                    [(level[1][0] + 9 * s, level[1][1] + 12), (level[0][0] + 13 * s, foot - 14)], 5 * s
                ),
                2,
            ),
            0.6,
        ),
    )


def _microscope(c: Canvas, x: float, foot: float) -> None:
    m = c.mood
    dark = mix(m.near, (0, 0, 0), 0.25)

    def draw(pen: Pen) -> None:
        pen.box(x - 100, foot - 26, x + 110, foot)
        pen.polygon(
            [
                (x + 40, foot - 20),
                (x + 96, foot - 20),
                (x + 104, foot - 260),
                (x + 60, foot - 310),
                (x + 30, foot - 290),
                (x + 66, foot - 236),
            ]
        )
        pen.box(x - 84, foot - 126, x + 70, foot - 110)
        pen.polygon([(x - 30, foot - 190), (x + 6, foot - 176), (x + 66, foot - 340), (x + 30, foot - 354)])
        pen.polygon([(x - 26, foot - 190), (x - 2, foot - 180), (x - 14, foot - 142), (x - 30, foot - 148)])
        pen.polygon([(x + 34, foot - 350), (x + 62, foot - 340), (x + 84, foot - 396), (x + 54, foot - 408)])
        pen.disc(x + 78, foot - 150, 20)

    c.shape(draw, dark, mix(dark, m.far, 0.3), (foot - 400, foot))
    c.glow(x - 20, foot - 116, 120, m.lamp, 0.7)


def stage(c: Canvas) -> None:
    """A stage with curtains, beams of light and a grand piano."""
    m = c.mood
    cloth = mix(m.accent, (92, 16, 24), 0.5)
    c.paint(c.gradient((mix(m.near, (0, 0, 0), 0.4), mix(m.far, m.near, 0.5)), 0, 780))
    for x, lean, tint in ((430, 150, m.lamp), (800, 0, m.light), (1170, -150, m.lamp)):
        beam = c.cut(
            lambda pen: pen.polygon([(x - 16, -10), (x + 16, -10), (x + lean + 210, 800), (x + lean - 210, 800)]),
            26,
        )
        c.paint(tint, c.faint(beam, 0.3))
    c.shape(
        lambda pen: pen.polygon([(140, 770), (1460, 770), (1700, HEIGHT), (-100, HEIGHT)]),
        mix((150, 104, 66), m.near, 0.35),
        mix((110, 70, 44), m.near, 0.6),
        (770, HEIGHT),
    )
    pool = c.cut(lambda pen: pen.disc(800, 850, 420, 0.2), 30)
    c.paint(m.lamp, c.faint(pool, 0.5))
    _piano(c, 800 + c.random.uniform(-60, 60), 850)
    for side in (0, 1):
        for fold in range(9):
            a = fold * 40 - 10
            left, right = (a, a + 42) if side == 0 else (WIDTH - a - 42, WIDTH - a)
            tint = mix(cloth, m.near, 0.12 + 0.36 * (fold % 2) + fold * 0.02)
            sweep = 60 * math.sin(fold / 3)
            c.shape(
                lambda pen: pen.polygon([(left, 0), (right, 0), (right, 860 + sweep * 0.3), (left, 860 + sweep * 0.3)]),
                mix(tint, m.lamp, 0.08),
                tint,
                (0, 860),
            )
    for fold in range(27):
        x = fold * 62
        tint = mix(cloth, m.near, 0.1 + 0.25 * (fold % 2))
        c.shape(lambda pen: (pen.box(x, 0, x + 63, 110), pen.disc(x + 31, 108, 34, 1.1)), tint)
    heads = [(40 + k * 98 + c.random.uniform(-20, 20), 985 + c.random.uniform(-12, 12)) for k in range(17)]
    c.shape(
        lambda pen: [(pen.disc(x, y - 30, 30, 1.15), pen.disc(x, y + 60, 62, 1.0)) for x, y in heads],
        mix(m.near, (0, 0, 0), 0.6),
    )


def _piano(c: Canvas, x: float, foot: float) -> None:
    black = mix(c.mood.near, (0, 0, 0), 0.55)

    def draw(pen: Pen) -> None:
        pen.polygon(
            [
                (x - 230, foot - 150),
                (x + 190, foot - 150),
                (x + 250, foot - 120),
                (x + 250, foot - 92),
                (x - 230, foot - 92),
            ]
        )
        pen.polygon([(x - 150, foot - 150), (x + 236, foot - 150), (x + 120, foot - 330), (x - 60, foot - 290)])
        for leg in (-205, 40, 222):
            pen.polygon(
                [(x + leg - 13, foot - 92), (x + leg + 13, foot - 92), (x + leg + 6, foot), (x + leg - 6, foot)]
            )
        pen.box(x - 360, foot - 72, x - 270, foot - 58)
        pen.box(x - 350, foot - 60, x - 342, foot)
        pen.box(x - 288, foot - 60, x - 280, foot)

    c.shape(draw, black)
    c.paint(
        c.mood.lamp,
        c.faint(
            c.cut(lambda pen: pen.line([(x - 58, foot - 288), (x + 118, foot - 326), (x + 232, foot - 152)], 4), 1), 0.7
        ),
    )
    c.shape(lambda pen: pen.box(x - 240, foot - 122, x - 150, foot - 112), WHITE)


def library(c: Canvas) -> None:
    """Tall shelves in a hall, an arched window at its end, reading lamps."""
    m = c.mood
    wood = mix((112, 74, 48), m.near, 0.4 if m.dark else 0.15)
    c.paint(c.gradient((mix(wood, m.near, 0.4), mix(wood, m.haze, 0.25)), 0, HEIGHT))
    arch = c.cut(lambda pen: (pen.disc(800, 300, 150), pen.box(650, 300, 950, 640)))
    c.paint(c.gradient((m.sky[0], m.sky[-1], mix(m.light, WHITE, 0.3)), 150, 640), arch)
    c.shape(
        lambda pen: (
            [pen.box(x, 150, x + 6, 640) for x in (722, 797, 872)],
            [pen.box(650, y, 950, y + 6) for y in (300, 400, 500)],
        ),
        mix(wood, m.near, 0.4),
    )
    c.glow(800, 400, 520, m.light, 0.5)
    spines: tuple[Colour, ...] = (
        (142, 58, 48),
        (62, 84, 98),
        (176, 132, 72),
        (70, 92, 70),
        (112, 66, 84),
        (190, 170, 136),
        (52, 56, 76),
    )
    for side in (0, 1):
        for bay in range(4):
            near, far = 640 * (0.66**bay), 640 * (0.66 ** (bay + 1))
            _bay(c, side, near, far, wood, spines)
    c.shape(
        lambda pen: pen.polygon([(650, 700), (950, 700), (1500, HEIGHT), (100, HEIGHT)]),
        mix(m.accent, m.near, 0.5),
        mix(m.accent, m.near, 0.75),
        (700, HEIGHT),
    )
    for x in (520, 800, 1080):
        c.shape(lambda pen: (pen.line([(x, 800), (x, 900)], 7), pen.disc(x, 905, 44, 0.2)), (150, 116, 60))
        c.shape(lambda pen: pen.polygon([(x - 52, 806), (x - 34, 772), (x + 34, 772), (x + 52, 806)]), (60, 112, 88))
        c.glow(x, 830, 150, m.lamp, 0.6)


def _bay(c: Canvas, side: int, near: float, far: float, wood: Colour, spines: tuple[Colour, ...]) -> None:
    """One bay of shelves in perspective; `near` and `far`: distances of its ends from the middle of the picture."""
    m = c.mood

    def place(distance: float, height: float) -> tuple[float, float]:
        outward = 150 + distance
        x = 800 - outward if side == 0 else 800 + outward
        return x, 470 + height * (0.32 + distance / 640 * 1.05)

    depth = near / 640
    c.shape(
        lambda pen: pen.polygon([place(near, -420), place(far, -420), place(far, 420), place(near, 420)]),
        mix(mix(wood, m.near, 0.35), m.haze, (1 - depth) * 0.2),
    )
    for shelf in range(7):
        top, foot = -400 + shelf * 114, -400 + shelf * 114 + 98
        books = 15
        for book in range(books):
            a = near + (far - near) * (0.05 + book / books * 0.9)
            b = near + (far - near) * (0.05 + (book + 0.86) / books * 0.9)
            rise = c.random.uniform(0, 30)
            tint = mix(mix(c.random.choice(spines), m.near, 0.3 if m.dark else 0.1), m.light, (1 - depth) * 0.22)
            corners = [place(a, top + rise), place(b, top + rise), place(b, foot), place(a, foot)]
            c.shape(lambda pen: pen.polygon(corners), tint)


def podium(c: Canvas) -> None:
    """A lectern with microphones before flags and a curtain."""
    m = c.mood
    cloth = mix(m.sea[-1], m.near, 0.25)
    c.paint(c.gradient((mix(cloth, m.near, 0.4), cloth), 0, HEIGHT))
    for fold in range(27):
        x = fold * 62 + c.random.uniform(-8, 8)
        mask = c.cut(lambda pen: pen.box(x, 0, x + 30, HEIGHT), 13)
        c.paint(mix(cloth, m.light, 0.22), c.faint(mask, 0.55))
    c.glow(800, 330, 640, m.light, 0.42)
    for x, tint, other in ((250, m.accent, WHITE), (1350, mix(m.lamp, m.accent, 0.2), m.sea[0])):
        c.shape(lambda pen: (pen.line([(x, 60), (x, HEIGHT)], 8), pen.disc(x, 54, 13)), (176, 140, 74))
        flag = [(x, 90), (x + 120, 150), (x + 86, 430), (x + 130, 700), (x + 20, 730), (x + 34, 420)]
        c.shape(lambda pen: pen.polygon(flag), mix(tint, m.near, 0.15), mix(tint, m.near, 0.5), (90, 730))
        c.shape(
            lambda pen: pen.polygon(
                [(x + 52, 118), (x + 82, 132), (x + 62, 430), (x + 84, 712), (x + 56, 720), (x + 44, 420)]
            ),
            mix(other, m.near, 0.3),
        )
    wood = mix((138, 92, 58), m.near, 0.25)
    c.shape(
        lambda pen: pen.polygon([(560, 690), (1040, 690), (1010, HEIGHT), (590, HEIGHT)]),
        mix(wood, m.light, 0.1),
        mix(wood, m.near, 0.5),
        (690, HEIGHT),
    )
    c.shape(lambda pen: pen.polygon([(520, 690), (1080, 690), (1050, 640), (550, 640)]), mix(wood, m.light, 0.28))
    c.shape(lambda pen: (pen.disc(800, 850, 74),), mix((196, 160, 92), m.near, 0.15))
    c.shape(lambda pen: (pen.disc(800, 850, 60),), mix(wood, m.near, 0.25))
    c.shape(
        lambda pen: pen.polygon(
            [
                (
                    800 + math.cos(k * math.pi / 5 - 1.57) * (48 if k % 2 == 0 else 20),
                    850 + math.sin(k * math.pi / 5 - 1.57) * (48 if k % 2 == 0 else 20),
                )
                for k in range(10)
            ]
        ),
        (206, 172, 104),
    )
    dark = mix(m.near, (0, 0, 0), 0.4)
    for k, x in enumerate((640, 706, 772, 838, 904, 966)):
        tip = (x + (800 - x) * 0.42, 470 + c.random.uniform(-26, 40))
        c.shape(lambda pen: pen.line([(x, 660), (x + (tip[0] - x) * 0.3, 560), tip], 6), dark)
        tint = (m.accent, dark, m.sea[0], dark, (196, 150, 60), dark)[k]
        c.shape(lambda pen: (pen.disc(tip[0], tip[1] - 18, 24, 1.25),), mix(tint, dark, 0.15))
        c.shape(lambda pen: pen.box(tip[0] - 21, tip[1] + 2, tip[0] + 21, tip[1] + 22), mix(dark, m.far, 0.25))
