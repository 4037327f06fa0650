"""A canvas for layered illustrations: gradients, soft light, cut shapes, water and grain, all from a seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from masthead.demo.pictures.moods import Colour, Mood, mix

WIDTH, HEIGHT = 1600, 1000
FINE = 2  # shapes are drawn this much larger and reduced, so that edges are smooth

Point = tuple[float, float]
Draw = Callable[["Pen"], object]


class Pen:
    """Collects white shapes in canvas coordinates, so that only the part of a mask that they touch is drawn."""

    def __init__(self) -> None:
        self._steps: list[tuple[str, list[Point], int, int]] = []
        self._span = [float(WIDTH), float(HEIGHT), 0.0, 0.0]

    def polygon(self, points: Sequence[Point], fill: int = 255) -> Pen:
        return self._add("polygon", points, fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: int = 255) -> Pen:
        if right > left and bottom > top:
            self._add("rectangle", [(left, top), (right, bottom)], fill)
        return self

    def disc(self, x: float, y: float, radius: float, flat: float = 1.0, fill: int = 255) -> Pen:
        """A disc, or an ellipse whose height is `flat` times its width."""
        tall = radius * flat
        return self._add("ellipse", [(x - radius, y - tall), (x + radius, y + tall)], fill)

    def line(self, points: Sequence[Point], width: float, fill: int = 255) -> Pen:
        return self._add("line", points, fill, width)

    def _add(self, kind: str, points: Sequence[Point], fill: int, width: float = 0) -> Pen:
        self._steps.append((kind, list(points), fill, max(1, round(width * FINE))))
        edge = width + 2
        left, top, right, bottom = self._span
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self._span = [min(left, *xs) - edge, min(top, *ys) - edge, max(right, *xs) + edge, max(bottom, *ys) + edge]
        return self

    def mask(self, margin: float = 0) -> tuple[Image.Image, tuple[int, int]]:
        """The shapes with smooth edges on the smallest mask with `margin` around them, and its place."""
        left, top = (max(0, math.floor(v - margin)) for v in self._span[:2])
        right, bottom = (math.ceil(v + margin) for v in self._span[2:])
        size = (max(1, min(WIDTH, right) - left), max(1, min(HEIGHT, bottom) - top))
        large = Image.new("L", (size[0] * FINE, size[1] * FINE), 0)
        draw = ImageDraw.Draw(large)
        for kind, points, fill, width in self._steps:
            moved = [((x - left) * FINE, (y - top) * FINE) for x, y in points]
            if kind == "line":
                draw.line(moved, fill=fill, width=width, joint="curve")
            else:
                getattr(draw, kind)(moved, fill=fill)
        return large.reduce(FINE), (left, top)


class Canvas:
    """An illustration under way. The same scene, mood and seed give the same picture."""

    def __init__(self, mood: Mood, seed: str) -> None:
        self.mood = mood
        self.random = Random(seed)  # noqa: S311
        self.noise = np.random.default_rng(abs(hash_of(seed)))
        self.image = Image.new("RGB", (WIDTH, HEIGHT), mood.sky[-1])

    # ---- surfaces

    def gradient(self, stops: Sequence[Colour], top: float = 0, bottom: float = HEIGHT) -> Image.Image:
        """A vertical gradient between two heights, its end colours beyond them."""
        rows = np.clip((np.arange(HEIGHT) - top) / max(bottom - top, 1), 0, 1)
        places = np.linspace(0, 1, len(stops))
        channels = [np.interp(rows, places, [stop[c] for stop in stops]) for c in range(3)]
        strip = np.stack(channels, axis=-1)[:, None, :].repeat(4, axis=1)
        strip += self.noise.uniform(-0.9, 0.9, strip.shape)
        return Image.fromarray(strip.clip(0, 255).astype(np.uint8)).resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)

    def clouds_mask(self, scale: tuple[int, int], octaves: int = 4, threshold: float = 0.5) -> Image.Image:
        """Soft fractal noise as a mask; `scale` is the number of large lumps across and down."""
        total = np.zeros((250, 400), dtype=np.float32)
        strength = 1.0
        for octave in range(octaves):
            size = (scale[1] * 2**octave + 2, scale[0] * 2**octave + 2)
            lump = Image.fromarray((self.noise.random(size) * 255).astype(np.uint8))
            total += np.asarray(lump.resize((400, 250), Image.Resampling.BICUBIC), dtype=np.float32) / 255 * strength
            strength /= 2
        total = (total - total.min()) / (total.max() - total.min())
        mask = np.clip((total - threshold) / (1 - threshold), 0, 1) ** 0.8
        return Image.fromarray((mask * 255).astype(np.uint8)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)

    def window(self, heights: Sequence[float], strengths: Sequence[float]) -> Image.Image:
        """A mask that only depends on the height, between 0 and 1 at the heights given."""
        column = np.interp(np.arange(HEIGHT), heights, strengths) * 255
        strip = column.astype(np.uint8)[:, None].repeat(4, axis=1)
        return Image.fromarray(strip).resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)

    # ---- painting

    def paint(self, surface: Image.Image | Colour, mask: Image.Image | None = None) -> None:
        """Lay a surface or a flat colour over the picture where the mask lets it."""
        if not isinstance(surface, Image.Image):
            surface = Image.new("RGB", (WIDTH, HEIGHT), surface)
        self.image = surface if mask is None else Image.composite(surface, self.image, mask)

    def cut(self, draw: Draw, blur: float = 0) -> Image.Image:
        """A mask of the whole picture from shapes, with smooth edges, or soft ones."""
        pen = Pen()
        draw(pen)
        small, place = pen.mask(blur * 3)
        if blur:
            small = small.filter(ImageFilter.GaussianBlur(blur))
        mask = Image.new("L", (WIDTH, HEIGHT), 0)
        mask.paste(small, place)
        return mask

    def shape(
        self, draw: Draw, colour: Colour, foot: Colour | None = None, span: tuple[float, float] = (0, HEIGHT)
    ) -> None:
        """Paint shapes in a colour, or in a gradient to `foot` between two heights."""
        pen = Pen()
        draw(pen)
        mask, place = pen.mask()
        if foot is None:
            self.image.paste(colour, (*place, place[0] + mask.width, place[1] + mask.height), mask)
            return
        surface = self.gradient((colour, foot), *span)
        self.image.paste(surface.crop((*place, place[0] + mask.width, place[1] + mask.height)), place, mask)

    def faint(self, mask: Image.Image, strength: float) -> Image.Image:
        """A mask at a share of its strength."""
        return mask.point([round(value * strength) for value in range(256)])

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """Light that spreads from a point and brightens what is behind it."""
        ys, xs = np.mgrid[0:125, 0:200].astype(np.float32) * 8
        distance = np.hypot(xs - x, ys - y) / radius
        level = np.exp(-(distance**1.6) * 2.2) * strength
        light = (level[..., None] * np.array(colour, dtype=np.float32)).clip(0, 255).astype(np.uint8)
        large = Image.fromarray(light).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        self.image = ImageChops.screen(self.image, large)

    def sky(self, horizon: float = 640, clouds: float = 0.6) -> None:
        """The mood's sky down to the horizon, its sun or moon, and clouds (0: none, 1: overcast)."""
        mood = self.mood
        self.paint(self.gradient(mood.sky, 0, horizon))
        if mood.stars:
            self._stars(horizon)
        x = mood.sun[0] * WIDTH + self.random.uniform(-160, 160)
        y = mood.sun[1] * horizon
        if mood.disc:
            self.glow(x, y, 620, mood.light, 0.5)
            self.glow(x, y, 190, mood.light, 0.55)
            self.paint(mix(mood.light, (255, 255, 255), 0.45), self.cut(lambda pen: pen.disc(x, y, mood.disc)))
        if clouds > 0:
            self._clouds(horizon, clouds)

    def _stars(self, horizon: float) -> None:
        spots = [(self.random.uniform(0, WIDTH), self.random.uniform(0, horizon * 0.9)) for _ in range(240)]

        def draw(pen: Pen) -> None:
            for x, y in spots:
                pen.disc(x, y, self.random.choice((0.6, 0.8, 1.1, 1.7)), fill=self.random.randint(70, 255))

        self.paint(mix(self.mood.light, (255, 255, 255), 0.6), self.cut(draw))

    def _clouds(self, horizon: float, amount: float) -> None:
        mood = self.mood
        mask = self.clouds_mask((3, 9), threshold=0.78 - amount * 0.42)
        veil = self.window([0, horizon * 0.25, horizon * 0.8, horizon], [0.55, 1, 0.75, 0])
        mask = ImageChops.multiply(mask, veil)
        self.paint(mood.cloud_shade, self.faint(ImageChops.offset(mask, 0, 14), 0.55))
        self.paint(mood.cloud, self.faint(mask, 0.85))

    def haze(self, height: float, depth: float, strength: float = 0.6, colour: Colour | None = None) -> None:
        """Mist that is thickest at a height and thins out above and below it."""
        mask = self.window([height - depth, height, height + depth * 0.6], [0, strength, 0])
        self.paint(colour or self.mood.haze, mask)

    def mottle(self, mask: Image.Image, colour: Colour, strength: float, scale: tuple[int, int] = (14, 10)) -> None:
        """Patches of another colour inside a mask, as brush or soil would leave them."""
        patches = self.clouds_mask(scale, threshold=0.45)
        self.paint(colour, self.faint(ImageChops.multiply(mask, patches), strength))

    # ---- lines of land

    def ridge(self, height: float, swing: float, rough: float = 0.5, step: int = 10) -> list[Point]:
        """A line of hills or mountains from left to right; `rough` 0 is dunes, 1 is rock."""
        total = np.zeros(WIDTH // step + 1)
        waves, strength = 2.3, 1.0
        for _ in range(7):
            phase = self.random.uniform(0, 2 * math.pi)
            places = np.arange(len(total)) / len(total) * waves * 2 * math.pi + phase
            wave = np.sin(places)
            if rough > 0.55:
                wave = 1 - 2 * np.abs(np.sin(places / 2 + np.sin(places * 0.37) * 0.8))
            total += wave * strength
            waves *= 1.9 + self.random.uniform(-0.15, 0.2)
            strength *= 0.32 + rough * 0.26
        total /= max(np.abs(total).max(), 0.01)
        return [(index * step, height - value * swing) for index, value in enumerate(total)]

    def land(self, line: Sequence[Point], colour: Colour, foot: Colour | None = None) -> Image.Image:
        """Fill everything below a line and return its mask."""
        top = min(y for _, y in line)
        mask = self.cut(lambda pen: pen.polygon([*line, (WIDTH + 5, HEIGHT), (-5, HEIGHT)]))
        self.paint(self.gradient((colour, foot or colour), top, HEIGHT), mask)
        return mask

    # ---- water

    def water(self, top: float, ripple: float = 1.0, tint: float = 0.45) -> None:
        """Everything below a height becomes water that mirrors what is above it."""
        top = round(top)
        depth = HEIGHT - top
        pixels = np.asarray(self.image)
        rows = np.arange(depth)
        jitter = self.noise.normal(0, 1, depth).cumsum() * 0.4
        jitter -= np.convolve(jitter, np.ones(41) / 41, mode="same")
        stretch = top - 1 - (rows * 0.92 + jitter * ripple * (rows / depth + 0.25) * 5)
        mirrored = pixels[np.clip(stretch, 0, top - 1).astype(int)]
        shifts = (np.sin(rows * 0.9 + self.noise.normal(0, 0.8, depth)) * ripple * (1.5 + rows * 0.035)).astype(int)
        columns = (np.arange(WIDTH)[None, :] + shifts[:, None]) % WIDTH
        mirrored = np.take_along_axis(mirrored, columns[..., None], axis=1)
        out = pixels.copy()
        out[top:] = mirrored
        self.image = Image.fromarray(out).convert("RGB")
        veil = self.window([top - 1, top, HEIGHT], [0, tint * 0.7, min(1.0, tint * 1.45)])
        self.paint(self.gradient(self.mood.sea, top, HEIGHT), veil)
        self._glints(top, ripple)

    def _glints(self, top: float, ripple: float) -> None:
        light = mix(self.mood.light, self.mood.haze, 0.4)

        def draw(pen: Pen) -> None:
            for _ in range(round(260 * ripple)):
                share = self.random.random() ** 1.5
                y = top + 4 + share * (HEIGHT - top)
                length = 8 + share * 90
                x = self.random.uniform(-50, WIDTH)
                pen.line([(x, y), (x + length, y)], 0.6 + share * 2.2, fill=self.random.randint(12, 70))

        self.paint(light, self.cut(draw, blur=0.8))

    # ---- end

    def finish(self) -> Image.Image:
        """Vignette, warmth and grain: what makes the layers one picture."""
        ys, xs = np.mgrid[0:63, 0:100]
        distance = np.hypot((xs - 50) / 50, (ys - 31) / 36)
        shade = (255 - np.clip(distance - 0.55, 0, 1) * 95).astype(np.uint8)
        vignette = Image.fromarray(shade).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        image = ImageChops.multiply(self.image, Image.merge("RGB", (vignette,) * 3))
        grain = self.noise.normal(0, 1, (HEIGHT // 2, WIDTH // 2)).astype(np.float32)
        fine = self.noise.integers(-3, 4, (HEIGHT, WIDTH), dtype=np.int16)
        coarse = Image.fromarray((grain * 7 + 128).clip(0, 255).astype(np.uint8)).resize((WIDTH, HEIGHT))
        speckle = fine + (np.asarray(coarse, dtype=np.int16) - 128) // 2
        out = np.asarray(image, dtype=np.int16) + speckle[..., None]
        return Image.fromarray(out.clip(0, 255).astype(np.uint8))


def hash_of(text: str) -> int:
    """A number for a text that is the same in every process."""
    return int.from_bytes(text.encode()[-24:], "big") % (2**63) ^ sum(map(ord, text))
