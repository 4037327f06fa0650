from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pixels

from masthead.articles import pictures
from masthead.articles.models import Image, ImageState
from masthead.articles.raster import Encoded, Raw, encode, keep
from masthead.core.pixels import NotAPicture
from masthead.core.types import FetchResult
from masthead.store import files
from masthead.store.workers import run as workers


def encoded(size: tuple[int, int], form: str = "JPEG", **extra: Any) -> bytes:
    out = io.BytesIO()
    Pixels.new("RGB", size, (200, 40, 40)).save(out, form, **extra)
    return out.getvalue()


def answer(body: bytes = b"", status: int = 200, error: str | None = None) -> FetchResult:
    return FetchResult("u", "u", status, {}, body, datetime(2024, 1, 1, tzinfo=UTC), 0.1, error=error)


def render(data: bytes, folder: Path, widths: tuple[int, ...]) -> tuple[Encoded, list[dict[str, Any]]]:
    found = encode(Raw(data, widths))
    return found, keep(found, lambda name, data: files.write(folder / name, data))


def test_a_picture_is_kept_in_widths_that_it_has(tmp_path: Path) -> None:
    found, variants = render(encoded((1000, 500)), tmp_path, (320, 640, 1280))
    assert sorted({variant["width"] for variant in variants}) == [320, 640]
    assert {variant["type"] for variant in variants} == {"image/avif", "image/webp", "image/jpeg"}
    assert all((tmp_path / variant["path"]).is_file() for variant in variants)
    assert not list(tmp_path.rglob(".new-*"))
    red, green, blue = (int(found.colour[at : at + 2], 16) for at in (1, 3, 5))
    assert red > 150 > green and blue < 100


def test_orientation_is_applied_and_metadata_dropped(tmp_path: Path) -> None:
    exif = Pixels.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at home"
    found, variants = render(encoded((400, 200), exif=exif), tmp_path, (100,))
    assert (found.width, found.height) == (200, 400)
    written = next(variant for variant in variants if variant["type"] == "image/jpeg")
    assert b"taken at home" not in (tmp_path / written["path"]).read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff broken",
        b"%PDF-1.4",
        b"",
        encoded((600, 400), "TIFF"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert encode(Raw(data, (320,))).refusal


@pytest.mark.parametrize(
    "changed",
    [
        {"path": "../../settings.py"},
        {"path": "/etc/cron.d/x"},
        {"type": "text/html"},
        {"width": 321},
    ],
)
def test_a_worker_that_was_taken_over_writes_no_file_of_its_choice(changed: dict[str, Any], tmp_path: Path) -> None:
    good = encode(Raw(encoded((400, 300)), (320,)))

    def refused(name: str, data: bytes) -> None:
        files.write(tmp_path / name, data)

    with pytest.raises(NotAPicture):
        keep(replace(good, variants=(replace(good.variants[0], **changed),)), refused)
    with pytest.raises(NotAPicture):
        keep(replace(good, digest="../" + good.digest[3:]), refused)
    assert list(tmp_path.rglob("*")) == []


def test_icons_and_bombs_are_refused() -> None:
    assert "icon" in encode(Raw(encoded((32, 32)), (320,))).refusal
    bomb = io.BytesIO()
    Pixels.new("1", (8_000, 8_000)).save(bomb, "PNG")
    assert "too many" in encode(Raw(bomb.getvalue(), (320,))).refusal


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("word", "reason"), [("spin", "processor time"), ("eat", "MB of memory"), ("segfault", "SIGSEGV")]
)
def test_a_picture_that_breaks_its_worker_is_not_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, word: str, reason: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(pictures, "ENCODE", workers.Task("breaking:encode", Raw, Encoded, seconds=0.5))
    bad = Image.objects.create(url="https://a.example/1.jpg", url_digest="1")
    good = Image.objects.create(url="https://a.example/2.jpg", url_digest="2")
    assert not pictures.record(bad, answer(b"do " + word.encode()))
    assert pictures.record(good, answer(encoded((400, 300))))
    bad.refresh_from_db()
    assert bad.state == ImageState.FAILED and reason in bad.error


def test_the_largest_picture_that_is_taken_fits_into_a_worker() -> None:
    """Transparent, 40 million pixels: the most memory that a picture can take."""
    large = io.BytesIO()
    Pixels.new("RGBA", (8_000, 5_000), (1, 2, 3, 4)).save(large, "PNG", compress_level=1)
    found = workers.call(pictures.ENCODE, Raw(large.getvalue(), (320, 640, 1280)))
    assert found.refusal == "" and len(found.variants) == 9


@pytest.mark.django_db
def test_a_dead_picture_ends_failed_and_a_busy_server_is_asked_again() -> None:
    gone = Image.objects.create(url="https://a.example/1.jpg", url_digest="1")
    busy = Image.objects.create(url="https://a.example/2.jpg", url_digest="2")
    assert not pictures.record(gone, answer(status=404))
    assert not pictures.record(busy, answer(status=503))
    gone.refresh_from_db()
    busy.refresh_from_db()
    assert gone.state == ImageState.FAILED and "404" in gone.error
    assert busy.state == ImageState.WANTED and busy.tries == 1 and busy.due_at is not None


@pytest.mark.django_db
def test_a_picture_becomes_ready(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = Image.objects.create(url="https://a.example/1.jpg", url_digest="1")
    assert pictures.record(row, answer(encoded((400, 300))))
    row.refresh_from_db()
    assert row.state == ImageState.READY and row.width == 400 and row.variants
