"""The programs that are compared: each reads a page and says what it found, in the same terms."""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from masthead.core.extract import extract_page
from masthead.core.plain import plain


@dataclass(frozen=True, slots=True)
class Reading:
    """What a program found on a page; a field is None where it does not look for it."""

    text: str | None = None
    title: str | None = None
    authors: tuple[str, ...] | None = None
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """A program by name, and the package whose version is named beside the figures."""

    name: str
    package: str
    read: Callable[[bytes, str], Reading]

    def version(self) -> str:
        """The installed version; "" for ourselves."""
        return "" if self.package == "masthead" else importlib.metadata.version(self.package)


def _masthead(html: bytes, url: str) -> Reading:
    article = extract_page(html, url)
    date = article.published
    # A date that is known to the month alone names no day.
    day = date.value[:10] if date is not None and date.method != "first-seen" and len(date.value) >= 10 else ""
    return Reading(article.text, article.title, article.byline, day)


def _trafilatura(html: bytes, url: str, *, precise: bool) -> Reading:
    import trafilatura

    found: Any = trafilatura.bare_extraction(
        html, url=url or None, favor_precision=precise, include_comments=False, with_metadata=True
    )
    if found is None:
        return Reading("", "", (), "")
    authors = tuple(part.strip() for part in (found.author or "").split(";") if part.strip())
    return Reading(found.text or "", found.title or "", authors, (found.date or "")[:10])


def _trafilatura_default(html: bytes, url: str) -> Reading:
    return _trafilatura(html, url, precise=False)


def _trafilatura_precision(html: bytes, url: str) -> Reading:
    return _trafilatura(html, url, precise=True)


def _newspaper(html: bytes, url: str) -> Reading:
    import newspaper

    article = newspaper.Article(url or "https://example.invalid/article", fetch_images=False)
    article.download(input_html=html.decode("utf-8", "replace"))
    article.parse()
    published: Any = article.publish_date
    return Reading(
        article.text, article.title, tuple(article.authors), published.date().isoformat() if published else ""
    )


def _readability(html: bytes, url: str) -> Reading:
    import readability

    document = readability.Document(html.decode("utf-8", "replace"), url=url or None)
    return Reading(plain(document.summary(html_partial=True), markup=True), document.short_title())


def _htmldate(html: bytes, url: str) -> Reading:
    import htmldate

    return Reading(day=htmldate.find_date(html.decode("utf-8", "replace"), url=url or None, original_date=True) or "")


READERS = (
    Reader("masthead", "masthead", _masthead),
    Reader("trafilatura", "trafilatura", _trafilatura_default),
    Reader("trafilatura precision", "trafilatura", _trafilatura_precision),
    Reader("newspaper4k", "newspaper4k", _newspaper),
    Reader("readability-lxml", "readability-lxml", _readability),
    Reader("htmldate", "htmldate", _htmldate),
)
_MODULES = {"newspaper4k": "newspaper", "readability-lxml": "readability"}


def present(wanted: list[str]) -> tuple[list[Reader], list[str]]:
    """Those of `wanted` (all when empty) that can be imported, and the names of those that cannot."""
    chosen = [reader for reader in READERS if not wanted or reader.name in wanted]
    here: list[Reader] = []
    missing: list[str] = []
    for reader in chosen:
        try:
            importlib.import_module(_MODULES.get(reader.package, reader.package))
            here.append(reader)
        except ImportError:
            missing.append(reader.name)
    return here, missing


def read(reader: Reader, html: bytes, url: str) -> Reading | None:
    """What `reader` found; None when it failed on the page, which counts as having found nothing."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    try:
        return reader.read(html, url)
    except Exception:  # a peer may fail in any way; the comparison goes on
        if reader.package == "masthead":
            raise
        return None
    finally:
        logging.disable(logging.NOTSET)
