"""Image rows as pictures on our own origin; a drawn one where there is none that may be shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from masthead.articles.models import Image, ImageState
from masthead.core.types import ImageRef
from masthead.pages import addresses, drawn
from masthead.pages.types import Picture, PictureFile


def url_digest(url: str) -> str:
    """The key of `Image.url_digest`: SHA-256 of the address, in hex."""
    return hashlib.sha256(url.encode()).hexdigest()


def drawn_picture(source: int, article: int) -> Picture:
    """Our own drawing for an article, decoration without `alt`."""
    seed = drawn.seed_of(source, article)
    path = addresses.media(f"drawn/{seed}.svg")
    file = PictureFile(path=path, width=drawn.WIDTH, height=drawn.HEIGHT, type="image/svg+xml")
    return Picture(src=path, width=file.width, height=file.height, files=(file,), colour=drawn.colour(seed), drawn=True)


def picture(image: Image | None, *, alt: str = "", caption: str = "", credit: str = "") -> Picture | None:
    """Our copies of `image`, or None when there are none (yet)."""
    if image is None or image.state != ImageState.READY:
        return None
    files = tuple(
        PictureFile(
            path=addresses.media(v["path"]), width=int(v["width"]), height=int(v["height"]), type=str(v["type"])
        )
        for v in image.variants
    )
    if not files:
        return None
    jpegs = [file for file in files if file.type == "image/jpeg"] or list(files)
    widest = max(jpegs, key=lambda file: file.width)
    return Picture(
        src=widest.path,
        width=widest.width,
        height=widest.height,
        files=files,
        alt=alt,
        caption=caption,
        credit=credit,
        colour=image.colour,
    )


def images_at(urls: Iterable[str]) -> dict[str, Image]:
    """The rows of these publishers' addresses, by address: one query, none for no address."""
    digests = {url_digest(url): url for url in urls if url}
    if not digests:
        return {}
    return {digests[row.url_digest]: row for row in Image.objects.filter(url_digest__in=digests)}


def picture_of(reference: ImageRef | None, images: dict[str, Image]) -> Picture | None:
    """The picture that `reference` names, from rows read before with `images_at`."""
    if reference is None:
        return None
    return picture(images.get(reference.src), alt=reference.alt, caption=reference.caption, credit=reference.credit)


def with_caption(shown: Picture, caption: str) -> Picture:
    """The same picture under another caption."""
    return replace(shown, caption=caption)
