"""Colours that go together: a mood is the light of a scene."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Mood:
    """`sky`: from the zenith to the horizon. `far`/`near`: land at the horizon and at our feet. `sun`: its place as a
    share of width and of the height of the horizon; `disc`: its radius, 0 for none."""

    sky: tuple[Colour, ...]
    haze: Colour
    far: Colour
    near: Colour
    sea: tuple[Colour, ...]
    light: Colour
    lamp: Colour
    accent: Colour
    cloud: Colour
    cloud_shade: Colour
    sun: tuple[float, float] = (0.7, 0.4)
    disc: float = 0
    stars: bool = False
    dark: bool = False


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour between two; `share` 0 is the first."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)


MOODS = {
    "day": Mood(
        sky=((74, 134, 178), (134, 182, 207), (214, 226, 220)),
        haze=(221, 229, 222),
        far=(134, 165, 172),
        near=(38, 66, 70),
        sea=((128, 168, 182), (34, 82, 104)),
        light=(255, 244, 214),
        lamp=(255, 226, 160),
        accent=(200, 75, 49),
        cloud=(247, 246, 239),
        cloud_shade=(168, 193, 206),
        sun=(0.72, 0.28),
    ),
    "dawn": Mood(
        sky=((88, 113, 150), (190, 168, 176), (247, 205, 172), (253, 228, 190)),
        haze=(250, 219, 190),
        far=(171, 150, 163),
        near=(44, 47, 68),
        sea=((236, 197, 178), (72, 88, 118)),
        light=(255, 226, 178),
        lamp=(255, 214, 140),
        accent=(196, 84, 67),
        cloud=(255, 226, 205),
        cloud_shade=(164, 146, 170),
        sun=(0.3, 0.82),
        disc=44,
    ),
    "dusk": Mood(
        sky=((45, 52, 92), (121, 83, 121), (217, 118, 100), (248, 183, 121)),
        haze=(240, 166, 122),
        far=(124, 84, 112),
        near=(26, 24, 46),
        sea=((214, 132, 112), (38, 40, 76)),
        light=(255, 200, 132),
        lamp=(255, 210, 128),
        accent=(231, 111, 81),
        cloud=(240, 152, 122),
        cloud_shade=(92, 66, 108),
        sun=(0.66, 0.86),
        disc=52,
        dark=True,
    ),
    "night": Mood(
        sky=((9, 15, 34), (18, 31, 62), (42, 62, 98)),
        haze=(52, 74, 108),
        far=(36, 52, 84),
        near=(8, 12, 24),
        sea=((34, 54, 88), (8, 14, 30)),
        light=(222, 230, 240),
        lamp=(255, 205, 120),
        accent=(232, 163, 61),
        cloud=(48, 66, 100),
        cloud_shade=(20, 30, 56),
        sun=(0.74, 0.3),
        disc=38,
        stars=True,
        dark=True,
    ),
    "storm": Mood(
        sky=((44, 54, 64), (84, 98, 106), (146, 156, 152), (186, 190, 176)),
        haze=(170, 178, 172),
        far=(104, 118, 122),
        near=(28, 36, 42),
        sea=((118, 134, 138), (32, 48, 58)),
        light=(236, 232, 206),
        lamp=(255, 214, 140),
        accent=(204, 154, 58),
        cloud=(118, 128, 134),
        cloud_shade=(46, 54, 64),
        sun=(0.4, 0.7),
    ),
    "winter": Mood(
        sky=((150, 178, 200), (200, 214, 222), (240, 236, 228)),
        haze=(240, 240, 236),
        far=(176, 194, 206),
        near=(52, 72, 92),
        sea=((190, 208, 216), (82, 112, 134)),
        light=(255, 240, 220),
        lamp=(255, 218, 150),
        accent=(178, 62, 58),
        cloud=(250, 250, 248),
        cloud_shade=(176, 192, 206),
        sun=(0.62, 0.7),
        disc=34,
    ),
    "gold": Mood(
        sky=((96, 140, 160), (190, 198, 178), (244, 220, 160), (250, 214, 134)),
        haze=(246, 218, 152),
        far=(176, 160, 120),
        near=(64, 52, 36),
        sea=((226, 202, 150), (76, 92, 88)),
        light=(255, 232, 160),
        lamp=(255, 224, 150),
        accent=(188, 80, 40),
        cloud=(254, 240, 208),
        cloud_shade=(190, 176, 150),
        sun=(0.34, 0.74),
        disc=46,
    ),
}
