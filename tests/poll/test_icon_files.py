"""Icons as pixels: which of an ICO is taken, what keeps its transparency, what is padded."""

from __future__ import annotations

import io

import pytest
from PIL import Image as Pixels
from PIL import ImageDraw

from masthead.feeds.icons.raster import Raw, encode


def sent(picture: Pixels.Image, form: str = "PNG", **extra: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **extra)
    return out.getvalue()


def made(data: bytes, offered: bool = True) -> list[Pixels.Image]:
    found = encode(Raw(data, offered))
    assert found.refusal == ""
    return [Pixels.open(io.BytesIO(drawn.data)).convert("RGBA") for drawn in found.drawn]


def pixel(picture: Pixels.Image, x: int, y: int) -> tuple[int, ...]:
    found = picture.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def disc(colour: str, ground: str = "#0000") -> Pixels.Image:
    picture = Pixels.new("RGBA", (96, 96), ground)
    ImageDraw.Draw(picture).ellipse((8, 8, 88, 88), fill=colour)
    return picture


@pytest.mark.parametrize(
    ("colour", "corner"),
    [
        ("#d22", (0, 0, 0, 0)),  # seen on light and dark: its transparency stays
        ("#000", (255, 255, 255, 255)),
        ("#fff", (22, 32, 43, 255)),
    ],
)
def test_what_would_be_lost_on_light_or_dark_pages_gets_a_ground(colour: str, corner: tuple[int, ...]) -> None:
    [picture] = made(sent(disc(colour)))
    found = pixel(picture, 0, 0)
    assert found[3] == corner[3] and (not corner[3] or max(abs(a - b) for a, b in zip(found, corner, strict=True)) < 6)


def test_an_opaque_icon_stays_as_it_is() -> None:
    [picture] = made(sent(disc("#000", "#fff")))
    assert min(pixel(picture, 0, 0)) > 250 and max(pixel(picture, 32, 32)[:3]) < 5


@pytest.mark.parametrize("bitmap", ["bmp", "png"])
def test_the_largest_image_of_an_ico_is_taken(bitmap: str) -> None:
    large = Pixels.new("RGBA", (64, 64), "#28c")
    data = sent(large, "ICO", sizes=[(16, 16), (32, 32), (64, 64)], bitmap_format=bitmap)
    [picture] = made(data)
    assert picture.size == (64, 64) and pixel(picture, 30, 30)[3] == 255
    assert max(abs(a - b) for a, b in zip(pixel(picture, 30, 30), (34, 136, 204, 255), strict=True)) < 4


@pytest.mark.parametrize("form", ["JPEG", "GIF", "WEBP", "AVIF"])
def test_other_forms_become_ours(form: str) -> None:
    assert [picture.size for picture in made(sent(Pixels.new("RGB", (300, 300), "#28c"), form))] == [
        (64, 64),
        (128, 128),
    ]


def test_an_oblong_icon_is_padded_and_a_banner_refused() -> None:
    [picture] = made(sent(Pixels.new("RGB", (80, 64), "#28c")))
    assert picture.size == (64, 64) and pixel(picture, 32, 0)[3] == 0 and pixel(picture, 32, 32)[3] == 255
    assert "no icon" in encode(Raw(sent(Pixels.new("RGB", (80, 64), "#28c")), offered=False)).refusal
    assert "no icon" in encode(Raw(sent(Pixels.new("RGB", (400, 64), "#28c")))).refusal


def test_a_photograph_is_small_and_its_metadata_gone() -> None:
    noise = Pixels.effect_noise((512, 512), 90).convert("RGB")
    exif = Pixels.Exif()
    exif[0x010E] = "taken at home"
    found = encode(Raw(sent(noise, "JPEG", exif=exif)))
    assert all(len(drawn.data) < 16_000 and b"taken at home" not in drawn.data for drawn in found.drawn)


@pytest.mark.parametrize("cut", [7, 22, 30, 60, 61, 62, 63, 100, 1000])
def test_a_cut_ico_is_no_error(cut: int) -> None:
    data = sent(Pixels.new("RGBA", (64, 64), "#28c"), "ICO", sizes=[(64, 64)], bitmap_format="bmp")
    assert encode(Raw(data[:cut])).refusal


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "ICO"])
def test_whatever_is_damaged_is_an_icon_or_refused(form: str) -> None:
    whole = sent(Pixels.effect_noise((40, 40), 80), form)
    outcomes = set()
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        for damage in (b"\0", b"\xff"):
            outcomes.add(bool(encode(Raw(whole[:at] + damage + whole[at + 1 :])).refusal))
    assert outcomes == {True, False}
