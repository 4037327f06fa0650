"""Make the fonts that the site ships, from the variable WOFF2 files of their publishers.

    python bench/fonts.py FOLDER

FOLDER holds the unpacked packages `source-serif-4`, `source-sans-3` and `markazi-text` (each with its `files/`).
Every file is narrowed to the axes that the style sheets use, cut to the characters that its `unicode-range` names,
and renamed: "Source" is a reserved font name of the SIL Open Font License, so a changed font must not carry it.
Printed at the end: size of each file, and the metrics for the fallback faces of `fonts.css`.
Needs `fonttools[woff]`.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

Axes = dict[str, "float | tuple[float, float]"]

TARGET = Path(__file__).resolve().parents[1] / "src/masthead/site/static/site/fonts"

BASIC = [*range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, 0x178, 0x2BC, 0x2C6, 0x2DA, 0x2DC]
BASIC += [*range(0x2010, 0x2016), *range(0x2018, 0x201F), 0x2020, 0x2022, 0x2026, 0x202F, 0x2030, 0x2032, 0x2033]
BASIC += [0x2039, 0x203A, 0x2044, 0x20AC, 0x2116, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2215, 0xFFFD]
LATIN_EXT = [
    *range(0x100, 0x131),
    *range(0x132, 0x152),
    *range(0x154, 0x178),
    *range(0x179, 0x180),
    0x218,
    0x219,
    0x21A,
]
LATIN_EXT += [0x21B, 0x1E9E, 0x2C7, 0x2D8, 0x2D9, 0x2DB, 0x2DD]
CYRILLIC = [0x301, *range(0x400, 0x460), 0x490, 0x491, 0x4B0, 0x4B1, 0x2116]
ARABIC = [0x60C, 0x61B, 0x61F, *range(0x621, 0x63B), *range(0x640, 0x656), *range(0x660, 0x66E), 0x670]
ARABIC += [0x67E, 0x686, 0x698, 0x6A9, 0x6AF, 0x6CC, 0x200C, 0x200D]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "liga", "calt", "rlig", "init", "medi", "fina"]

TEXT = {"wght": 400, "opsz": 16}
BOLD = {"wght": 700, "opsz": 16}
DISPLAY = {"wght": 600, "opsz": 36}
WEIGHTS = {"wght": (400, 700)}
SCRIPTS = {"latin": BASIC, "latin-ext": LATIN_EXT, "cyrillic": CYRILLIC}

# target, package, kind of its files, place or range on each axis, family
CUTS: list[tuple[str, str, str, Axes, str]] = [
    ("serif", "source-serif-4", "opsz-normal", TEXT, "Serif"),
    ("serif-bold", "source-serif-4", "opsz-normal", BOLD, "Serif"),
    ("serif-italic", "source-serif-4", "opsz-italic", TEXT, "Serif"),
    ("display", "source-serif-4", "opsz-normal", DISPLAY, "Display"),
    ("sans", "source-sans-3", "wght-normal", WEIGHTS, "Sans"),
]


def rename(font: TTFont, family: str) -> None:
    """Give the font the name under which it is shipped; licence and copyright records stay."""
    names = font["name"]
    for record in list(names.names):
        if record.nameID in (1, 16):
            record.string = family
        elif record.nameID in (3, 4, 6, 25):
            record.string = family.replace(" ", "")
        elif record.nameID > 25 and "Source" in record.toUnicode():
            names.removeNames(nameID=record.nameID)


def make(target: str, package: Path, name: str, axes: Axes, characters: list[int], family: str) -> Path:
    """Write one face and return its path."""
    font = TTFont(package / "files" / f"{package.name}-{name}.woff2")
    limits = {axis.axisTag: axes.get(axis.axisTag, axis.defaultValue) for axis in font["fvar"].axes}
    narrowed = io.BytesIO()
    instancer.instantiateVariableFont(font, limits).save(narrowed)
    # Read again: the cutter does not know the glyphs whose variations the instancer found empty.
    font = TTFont(narrowed)
    options = subset.Options(layout_features=FEATURES, flavor="woff2", hinting=False, desubroutinize=True)
    options.name_IDs = ["*"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    rename(font, f"Masthead {family}")
    font.flavor = "woff2"
    path = TARGET / f"{target}.woff2"
    font.save(path)
    return path


def average_width(font: TTFont, text: str) -> float:
    """Mean advance of the characters of `text`, in em."""
    best, metrics = font.getBestCmap(), font["hmtx"]
    return sum(metrics[best[ord(c)]][0] for c in text) / len(text) / font["head"].unitsPerEm


def fallback(path: Path, system: Path, text: str) -> str:
    """The descriptors that make a system font stand in for ours without moving a line."""
    ours, theirs = TTFont(path), TTFont(system)
    size = average_width(ours, text) / average_width(theirs, text)
    em, line = ours["head"].unitsPerEm, ours["hhea"]
    gap = max(line.lineGap, 0)
    return (
        f"size-adjust: {size:.2%}; ascent-override: {line.ascent / em / size:.2%}; "
        f"descent-override: {-line.descent / em / size:.2%}; line-gap-override: {gap / em / size:.2%};"
    )


def main() -> None:
    """Make all faces."""
    packages = Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    faces = [
        (f"{target}-{script}", package, f"{script}-{kind}", axes, characters, family)
        for target, package, kind, axes, family in CUTS
        for script, characters in SCRIPTS.items()
    ]
    faces.append(("naskh-arabic", "markazi-text", "arabic-wght-normal", WEIGHTS, ARABIC, "Naskh"))
    for target, package, name, axes, characters, family in faces:
        path = make(target, packages / package, name, axes, characters, family)
        print(f"{path.stat().st_size:7,} {path.name}")
    english = "the quick measures of a newspaper are set in lines that people read every day without a thought " * 2
    system = Path("/usr/share/fonts/truetype/liberation")
    for face, other in (
        ("serif-latin", "LiberationSerif-Regular.ttf"),
        ("display-latin", "LiberationSerif-Bold.ttf"),
        ("sans-latin", "LiberationSans-Regular.ttf"),
    ):
        print(face, fallback(TARGET / f"{face}.woff2", system / other, english))


if __name__ == "__main__":
    main()
