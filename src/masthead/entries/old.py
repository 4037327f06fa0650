"""Addresses that items had on another site, in one form: however an old link is written, it is found. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from masthead.core.repair.links import without_tracking

# What blog programs hang on a post's address for other forms of the same post.
_FORMS = re.compile(r"/(?:amp|feed(?:/\w{1,8})?|trackback|embed|comment-page-\d{1,5}|page/\d{1,4}|\d{1,3})$")

# Sizes of a picture that blog programs make beside the one that was sent in.
_SIZED = re.compile(r"(?:-\d{1,5}x\d{1,5}|-scaled|-rotated)?(\.(?:jpe?g|png|gif|webp|avif))$")


def normal(address: str) -> str:
    """Path and query of an address, to be compared; "" for a front page and for what is no address.

    Host, fragment, case, final slash, tracking parameters and the order of parameters do not count.
    """
    try:
        parts = urlsplit(without_tracking(address.strip()))
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return ""
    path = _path(parts.path)
    query = urlencode(sorted(pairs)).casefold()
    found = f"{path}?{query}" if query else path
    return found if len(found) <= 2000 else ""


def _path(path: str) -> str:
    plain = unicodedata.normalize("NFC", unquote(path).replace("\x00", "")).encode("utf-8", "replace").decode()
    plain = re.sub(r"/{2,}", "/", f"/{plain}").rstrip("/").casefold()
    return "" if plain == "/index.php" else plain


def digest_of(address: str) -> str:
    """The SHA-256 by which a normal address is kept, in hexadecimal."""
    return hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()


def candidates(path: str, query: str = "") -> Iterator[str]:
    """The normal addresses that a request may mean, best first: as asked, without its query, without a form's ending.

    `path` as the browser wrote it or decoded; a query alone ("/?p=12") is never left out of a front page's address.
    """
    whole = normal(f"{path}?{query}" if query else path)
    if whole:
        yield whole
    bare = _path(path)
    if bare and bare != whole:
        yield bare
    if sized := _SIZED.sub(r"\1", bare):
        for form in (sized, _SIZED.sub(r"-scaled\1", bare)):
            if form not in (bare, whole):
                yield form
    if bare and (shorter := _FORMS.sub("", bare)) and shorter != bare:
        yield shorter
