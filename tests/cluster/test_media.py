"""Pictures in a bucket, kept and served through a real server that speaks S3 (moto's, on loopback)."""

from __future__ import annotations

import dataclasses
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from django.test import Client
from PIL import Image as Pixels

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from cluster import services
from masthead.articles.raster import Encoded, Raw, encode, keep
from masthead.options import OptionError
from masthead.serve import archive, examine
from masthead.store import media

BUCKET, PREFIX = "courier", "pictures"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, services.Service]]:
    with services.s3(tmp_path_factory.mktemp("s3")) as found:
        yield found


@pytest.fixture
def bucket(
    server: tuple[str, services.Service], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SimpleNamespace:
    """The site with its pictures in a bucket; `stop()` and `start()` for its server."""
    address, service = server
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    url = f"s3://{BUCKET}/{PREFIX}?endpoint_url={address}&region_name=us-east-1&addressing_style=path"
    settings.MASTHEAD = dataclasses.replace(settings.MASTHEAD, media=url)
    settings.STORAGES = {**settings.STORAGES, "default": media.storage(url)}
    settings.MEDIA_ROOT = tmp_path / "media"
    return SimpleNamespace(client=client, stop=service.stop, start=service.start, root=tmp_path / "media")


def picture() -> Encoded:
    out = io.BytesIO()
    Pixels.new("RGB", (400, 300), (20, 90, 160)).save(out, "PNG")
    return encode(Raw(out.getvalue(), (320,)))


def test_a_picture_goes_to_the_bucket_and_readers_get_it_with_the_same_headers(
    bucket: SimpleNamespace, client: Client
) -> None:
    variants = keep(picture(), media.write)
    kept = bucket.client.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert {one["Key"] for one in kept} == {f"{PREFIX}/{variant['path']}" for variant in variants}
    head = bucket.client.head_object(Bucket=BUCKET, Key=f"{PREFIX}/{variants[1]['path']}")
    assert head["ContentType"] == variants[1]["type"] and "immutable" in head["CacheControl"]
    assert not bucket.root.exists()
    assert media.holds(variants[0]["path"]) and not media.holds("images/ab/none.webp")

    first = client.get(f"/media/{variants[0]['path']}")
    body = bucket.client.get_object(Bucket=BUCKET, Key=f"{PREFIX}/{variants[0]['path']}")["Body"].read()
    assert first.status_code == 200 and b"".join(first.streaming_content) == body
    assert first["Content-Type"] == variants[0]["type"] and first["X-Content-Type-Options"] == "nosniff"
    assert first["Content-Security-Policy"] == "default-src 'none'; sandbox" and "immutable" in first["Cache-Control"]
    # Another machine answers with the same ETag, so that a balancer in front spoils no conditional request.
    (bucket.root / variants[0]["path"]).unlink()
    assert client.get(f"/media/{variants[0]['path']}")["ETag"] == first["ETag"]
    again = client.get(f"/media/{variants[0]['path']}", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_what_was_asked_for_once_is_served_while_the_bucket_is_away(bucket: SimpleNamespace, client: Client) -> None:
    variants = keep(picture(), media.write)
    here, not_here = variants[0]["path"], variants[1]["path"]
    assert client.get(f"/media/{here}").status_code == 200
    assert client.get(f"/media/images/ab/{'ab' * 16}-320.webp").status_code == 404
    bucket.stop()
    try:
        assert client.get(f"/media/{here}").status_code == 200
        assert client.get(f"/media/{not_here}").status_code == 503
        # No name of ours: the bucket is not even asked.
        assert client.get("/media/plain.png").status_code == 404
        with pytest.raises(OSError, match="does not take"):
            media.write("icons/ab/x.webp", b"x")
        [finding] = examine.pictures()
        assert finding.state == examine.WRONG and "does not answer" in finding.what
    finally:
        bucket.start()


def test_doctor_and_backup_say_where_pictures_are(bucket: SimpleNamespace, tmp_path: Path, client: Client) -> None:
    [variant, *_] = keep(picture(), media.write)
    assert client.get(f"/media/{variant['path']}").status_code == 200
    [finding] = examine.pictures()
    assert finding.state == examine.OK and finding.what == f"kept in s3://{BUCKET}/{PREFIX}"
    # The copy of a file of the bucket is no part of a backup.
    assert (bucket.root / variant["path"]).is_file() and archive.content(tmp_path) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://s3.example/courier", "is wanted"),
        ("s3:///prefix", "is wanted"),
        ("s3://courier?access_key=abc", "there is no access_key"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_with_the_cure(url: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        media.storage(url)
