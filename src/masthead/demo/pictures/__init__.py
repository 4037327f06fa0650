"""Illustrations for the sample newsroom, drawn from a scene, a mood and a seed, and kept on disk."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from masthead.demo.pictures import abstract, arenas, nature, rooms, squares, town, waters
from masthead.demo.pictures.canvas import Canvas
from masthead.demo.pictures.moods import MOODS

SCENES: dict[str, Callable[[Canvas], None]] = {
    name: getattr(module, name)
    for module, names in (
        (nature, ("mountain", "coast", "fields", "river", "forest", "dunes")),
        (waters, ("glacier", "sea")),
        (town, ("harbour", "skyline", "bridge", "street", "railway", "turbines")),
        (squares, ("parliament", "market")),
        (rooms, ("laboratory", "stage", "library", "podium")),
        (arenas, ("stadium", "gallery")),
        (abstract, ("chart", "map", "space", "observatory")),
    )
    for name in names
}
_EDITION = 1  # part of the file names, so that better drawings replace those on disk


def draw(scene: str, seed: str) -> Image.Image:
    """The illustration of a scene ("harbour dusk": what, and in which light), 1600 by 1000 pixels.

    Raises `KeyError` for a scene or mood that is not known.
    """
    name, _, mood = scene.partition(" ")
    canvas = Canvas(MOODS[mood or "day"], seed)
    SCENES[name](canvas)
    return canvas.finish()


def cached(folder: Path, scene: str, seed: str, width: int) -> bytes:
    """The illustration as JPEG in a width, from the folder or drawn now and put there."""
    digest = hashlib.sha256(f"{_EDITION}/{scene}/{seed}".encode()).hexdigest()[:24]
    path = folder / f"{digest}-{width}.jpg"
    if path.is_file():
        return path.read_bytes()
    image = draw(scene, seed)
    if width != image.width:
        image = image.resize((width, image.height * width // image.width), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=86, optimize=True)
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(buffer.getvalue())
    part.replace(path)
    return buffer.getvalue()
