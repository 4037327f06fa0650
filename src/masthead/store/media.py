"""Where pictures and icons are kept: the folder `media` of the home, or a bucket that speaks S3.

A bucket is a store as the database is, and belongs to the site. What is written to it goes there alone; a web process
that is asked for a file copies it into its home first, and serves it from there for ever, as names hold the digest of
what they stand for. So a reader waits for the bucket once at most, and the same headers are sent whatever the store.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from masthead.options import OptionError
from masthead.store import files

_TYPES = {".avif": "image/avif", ".webp": "image/webp", ".jpg": "image/jpeg"}
_FOR_EVER = "public, max-age=31536000, immutable"
_OPTIONS = ("endpoint_url", "region_name", "addressing_style", "signature_version")
EXAMPLE = "s3://bucket/prefix?endpoint_url=https://s3.example&region_name=eu-1"


def storage(url: str) -> dict[str, Any]:
    """`STORAGES["default"]` for the setting `media`. Raises `OptionError` for one that cannot be used."""
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise OptionError(f"MASTHEAD_MEDIA={url!r} cannot be used: {EXAMPLE} is wanted, or nothing for the home")
    asked = dict(parse_qsl(parts.query))
    if unknown := sorted(asked.keys() - set(_OPTIONS)):
        raise OptionError(f"MASTHEAD_MEDIA: there is no {', '.join(unknown)}; there are {', '.join(_OPTIONS)}")
    try:
        from botocore.config import Config
        from storages.backends import s3  # noqa: F401
    except ImportError as error:
        raise OptionError("MASTHEAD_MEDIA needs django-storages: pip install 'masthead[s3]'") from error
    config = Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"total_max_attempts": 2, "mode": "standard"},
        signature_version=asked.pop("signature_version", "s3v4"),
        s3={"addressing_style": asked.pop("addressing_style", "auto")},
    )
    options: Mapping[str, Any] = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "file_overwrite": True,
        "default_acl": None,
        "querystring_auth": False,
        "client_config": config,
        "object_parameters": {"CacheControl": _FOR_EVER},
        **asked,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def in_bucket() -> bool:
    """Whether pictures are kept in a bucket."""
    return bool(settings.MASTHEAD.media)


def write(name: str, data: bytes) -> None:
    """Keep a file under its name. Nobody ever reads half of one. Raises OSError."""
    if not in_bucket():
        files.write(Path(settings.MEDIA_ROOT) / name, data)
        return
    content = ContentFile(data, name=name)
    content.content_type = _TYPES.get(Path(name).suffix, "application/octet-stream")  # type: ignore[attr-defined]
    try:
        default_storage.save(name, content)
    except Exception as error:
        raise OSError(f"the bucket does not take {name}: {error}") from error


def holds(name: str) -> bool:
    """Whether a file is kept. Raises OSError."""
    if not in_bucket():
        return (Path(settings.MEDIA_ROOT) / name).is_file()
    try:
        return bool(default_storage.exists(name))
    except Exception as error:
        raise OSError(f"the bucket does not say whether it holds {name}: {error}") from error


def bring(name: str) -> bool:
    """Copy a file of the bucket into the home; whether it is there. Raises OSError when the bucket does not answer.

    The copy has the bucket's time, so that all machines answer with one ETag.
    """
    path = Path(settings.MEDIA_ROOT) / name
    client, bucket, key = _object(name)
    body = io.BytesIO()
    try:
        head = client.get_object(Bucket=bucket, Key=key)
        body.write(head["Body"].read())
        modified = head["LastModified"].timestamp()
    except client.exceptions.NoSuchKey:
        return False
    except Exception as error:
        status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status in (403, 404):  # S3 says 403 for what is not there where listing is not allowed
            return False
        raise OSError(f"the bucket does not answer: {error}") from error
    files.write(path, body.getvalue())
    os.utime(path, (modified, modified))
    return True


def _object(name: str) -> tuple[Any, str, str]:
    """The client of this thread, the bucket, and the key of a file in it."""
    kept: Any = default_storage
    key = "/".join(part for part in (kept.location, name) if part)
    return kept.connection.meta.client, str(kept.bucket_name), key


def trouble() -> str:
    """Why nothing can be kept in the bucket, in words; "" when it answers. For `masthead doctor`."""
    try:
        client, bucket, _ = _object("")
        client.head_bucket(Bucket=bucket)
    except Exception as error:
        return f"the bucket of the setting media does not answer: {error}"
    return ""
