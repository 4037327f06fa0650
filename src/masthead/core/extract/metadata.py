# ruff: noqa: E501 (tables of words and phrases)
"""What a page says about itself: JSON-LD, OpenGraph, meta elements, `time` elements; each value with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from masthead.core.characters import one_line, strip_controls, words

_TYPES = words(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "ReviewNewsArticle"
    " AskPublicNewsArticle BlogPosting LiveBlogPosting Report SocialMediaPosting TechArticle ScholarlyArticle"
    " AdvertiserContentArticle MedicalScholarlyArticle SatiricalArticle VideoObject"
)
_MAX_SCRIPT = 500_000
_MAX_OBJECTS = 300


@dataclass(slots=True)
class PageMeta:
    """Candidates for each field as (value, place), the most trustworthy first."""

    title: list[tuple[str, str]] = field(default_factory=list)
    description: list[tuple[str, str]] = field(default_factory=list)
    authors: list[tuple[str, str]] = field(default_factory=list)
    published: list[tuple[str, str]] = field(default_factory=list)
    modified: list[tuple[str, str]] = field(default_factory=list)
    image: list[tuple[str, str]] = field(default_factory=list)
    site: list[tuple[str, str]] = field(default_factory=list)
    canonical: list[tuple[str, str]] = field(default_factory=list)
    language: list[tuple[str, str]] = field(default_factory=list)
    license: list[tuple[str, str]] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    body: str = ""
    free: bool | None = None
    image_alt: str = ""

    def add(self, name: str, value: object, place: str) -> None:
        """Add a candidate, when it is text that says something."""
        if isinstance(value, str) and (text := one_line(value)) and (text, place) not in getattr(self, name):
            getattr(self, name).append((text[:3000], place))


_META = {
    "og:title": "title", "twitter:title": "title", "dc.title": "title", "headline": "title", "sailthru.title": "title",
    "og:description": "description", "description": "description", "twitter:description": "description", "dc.description": "description",
    "author": "authors", "article:author": "authors", "dc.creator": "authors", "byl": "authors", "sailthru.author": "authors",
    "parsely-author": "authors", "dcterms.creator": "authors", "cxenseparse:author": "authors",
    "article:published_time": "published", "og:published_time": "published", "datepublished": "published", "date": "published",
    "dc.date": "published", "dc.date.issued": "published", "dcterms.created": "published", "pubdate": "published",
    "publishdate": "published", "publish-date": "published", "parsely-pub-date": "published", "sailthru.date": "published",
    "article.published": "published", "cxenseparse:recs:publishtime": "published", "publication_date": "published", "dcterms.date": "published",
    "article:modified_time": "modified", "og:updated_time": "modified", "datemodified": "modified", "last-modified": "modified",
    "dcterms.modified": "modified", "article.updated": "modified",
    "og:image": "image", "og:image:url": "image", "twitter:image": "image", "twitter:image:src": "image",
    "og:site_name": "site", "application-name": "site", "dc.publisher": "site",
    "og:url": "canonical", "og:locale": "language", "content-language": "language", "dc.language": "language",
}  # fmt: skip


def read_metadata(root: HtmlElement) -> PageMeta:
    """Everything a page states about its article. `root` is the whole document."""
    meta = PageMeta()
    for thing in _json_ld(root):
        _from_json_ld(thing, meta)
    _from_meta(root, meta)
    _from_microdata(root, meta)
    for heading in root.iter("h1"):
        meta.add("title", str(heading.text_content())[:500], "page:h1")
        break
    title = root.find(".//title")
    if title is not None:
        meta.add("title", str(title.text_content()), "page:title-element")
    return meta


def _json_ld(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects in the page's JSON-LD, nested graphs included; broken scripts are mended where that is plain."""
    for script in root.xpath("//script[contains(translate(@type,'LDJSON','ldjson'),'ld+json')]"):
        text = str(script.text or "")[:_MAX_SCRIPT]
        text = (
            re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*;?\s*$", "", text)
            .strip()
            .rstrip(";")
        )
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            try:
                data = json.loads(re.sub(r",\s*([\]}])", r"\1", strip_controls(text).replace("\n", " ")), strict=False)
            except (ValueError, RecursionError):
                continue
        yield from _objects(data)


def _objects(data: object) -> Iterator[dict[str, Any]]:
    queue: list[object] = [data]
    seen = 0
    while queue and seen < _MAX_OBJECTS:
        thing = queue.pop(0)
        seen += 1
        if isinstance(thing, list):
            queue[:0] = thing
        elif isinstance(thing, dict):
            yield thing
            queue += [
                thing[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement")
                if isinstance(thing.get(key), (dict, list))
            ]


def _types(thing: dict[str, Any]) -> set[str]:
    stated = thing.get("@type")
    listed = stated if isinstance(stated, list) else [stated]
    return {str(name).rpartition("/")[2] for name in listed if name}


def _from_json_ld(thing: dict[str, Any], meta: PageMeta) -> None:
    place = "page:json-ld"
    types = _types(thing)
    if not types & _TYPES or ("VideoObject" in types and (meta.title or meta.published)):
        if types & {"WebSite", "NewsMediaOrganization", "Organization"}:
            meta.add("site", thing.get("name"), "page:json-ld-site")
        return
    if "VideoObject" in types:
        return
    meta.add("title", thing.get("headline") or thing.get("name"), place)
    meta.add("description", thing.get("description"), place)
    for name in _names(thing.get("author")) or _names(thing.get("creator")):
        meta.add("authors", name, place)
    meta.add("published", thing.get("datePublished") or thing.get("dateCreated"), place)
    meta.add("modified", thing.get("dateModified"), place)
    for url in _addresses(thing.get("image")):
        meta.add("image", url, place)
    for name in _names(thing.get("publisher")):
        meta.add("site", name, place)
    meta.add("language", thing.get("inLanguage"), place)
    meta.add("license", thing.get("license"), place)
    meta.add("canonical", thing.get("url"), place)
    if isinstance(body := thing.get("articleBody"), str) and len(body) > len(meta.body):
        meta.body = body
    free = thing.get("isAccessibleForFree")
    if isinstance(free, bool) or str(free).lower() in ("true", "false"):
        meta.free = str(free).lower() == "true"


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return [] if value.startswith("http") else [value]
    if isinstance(value, dict):
        return _names(value.get("name"))
    if isinstance(value, list):
        return [name for item in value[:20] for name in _names(item)]
    return []


def _addresses(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _addresses(value.get("url") or value.get("contentUrl") or value.get("@id"))
    if isinstance(value, list):
        return [url for item in value[:5] for url in _addresses(item)]
    return []


def _from_meta(root: HtmlElement, meta: PageMeta) -> None:
    for element in root.iter("meta"):
        name = (
            (
                element.get("property")
                or element.get("name")
                or element.get("itemprop")
                or element.get("http-equiv")
                or ""
            )
            .strip()
            .lower()
        )
        content = element.get("content") or ""
        if (wanted := _META.get(name)) is not None:
            meta.add(wanted, content, f"page:meta:{name}")
        elif name in ("keywords", "news_keywords", "article:tag"):
            meta.keywords += [word for part in content[:2000].split(",") if (word := one_line(part))]
        elif name in ("og:image:alt", "twitter:image:alt"):
            meta.image_alt = meta.image_alt or one_line(content)
    for link in root.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        if "canonical" in rel:
            meta.canonical.insert(0, (one_line(link.get("href") or ""), "page:link-canonical"))
        elif "license" in rel:
            meta.add("license", link.get("href"), "page:link-license")
    html = root if root.tag == "html" else root.find(".//html")
    if html is not None:
        meta.language.insert(0, (one_line(html.get("lang") or html.get("xml:lang") or ""), "page:html-lang"))
    meta.language = [pair for pair in meta.language if pair[0]]
    meta.canonical = [pair for pair in meta.canonical if pair[0]]


def _from_microdata(root: HtmlElement, meta: PageMeta) -> None:
    for element in root.xpath("//*[@itemprop='datePublished' or @itemprop='dateModified']")[:6]:
        name = "published" if element.get("itemprop") == "datePublished" else "modified"
        meta.add(
            name,
            element.get("datetime") or element.get("content") or element.text_content(),
            f"page:{element.tag}-itemprop",
        )
    times = root.xpath("//time[@datetime]")
    for element in [time for time in times if time.get("pubdate") is not None][:2]:
        meta.add("published", element.get("datetime"), "page:time-pubdate")
    in_article = root.xpath("(//article//time[@datetime] | //header//time[@datetime] | //main//time[@datetime])")
    for element in (in_article or times)[:1]:
        meta.add("published", element.get("datetime"), "page:time")
    for element in root.xpath(
        "//*[@rel='author' or @itemprop='author' or contains(concat(' ',@class,' '),' author ') or "
        "contains(concat(' ',@class,' '),' byline ')]"
    )[:3]:
        words_of = one_line(str(element.text_content()))
        if 2 < len(words_of) < 100:
            meta.add("authors", words_of, "page:byline-element")
