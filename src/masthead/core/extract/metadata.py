# ruff: noqa: E501 (tables of words and phrases)
"""What a page says about itself in its head and its marks: each value with its place."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from masthead.core.characters import one_line
from masthead.core.extract.headings import add_headings, first_headings
from masthead.core.extract.jsonld import read_things
from masthead.core.extract.page_meta import PageMeta
from masthead.core.extract.structured import add_structured

__all__ = ["PageMeta", "read_metadata"]

# OpenGraph, Twitter, Dublin Core, Highwire (scholarly), Parse.ly, Sailthru and the plain names that systems write.
_META = {
    "og:title": "title", "twitter:title": "title", "dc.title": "title", "dcterms.title": "title", "headline": "title",
    "sailthru.title": "title", "citation_title": "title", "parsely-title": "title",
    "og:description": "description", "description": "description", "twitter:description": "description",
    "dc.description": "description", "dcterms.abstract": "description",
    "author": "authors", "article:author": "authors", "article:author_name": "authors", "dc.creator": "authors",
    "dcterms.creator": "authors", "byl": "authors", "sailthru.author": "authors", "parsely-author": "authors",
    "cxenseparse:author": "authors", "citation_author": "authors", "og:article:author": "authors", "authors": "authors",
    "article:published_time": "published", "og:published_time": "published", "og:article:published_time": "published",
    "article:published": "published", "article.published": "published", "datepublished": "published",
    "date": "published", "dc.date": "published", "dc.date.issued": "published", "dcterms.date": "published",
    "dcterms.created": "created", "dc.date.created": "created", "dcterms.issued": "published", "dcterms.available": "published",
    "pubdate": "published", "publishdate": "published", "publish-date": "published", "publish_date": "published",
    "published": "published", "published-date": "published", "publisheddate": "published", "published_at": "published",
    "publication_date": "published", "publication-date": "published", "parsely-pub-date": "published",
    "sailthru.date": "published", "cxenseparse:recs:publishtime": "published", "cxenseparse:publishtime": "published",
    "citation_publication_date": "published", "citation_online_date": "published", "citation_date": "published",
    "originalpublicationdate": "published", "displaydate": "published", "cludo:date": "published", "datecreated": "created",
    "article:modified_time": "modified", "og:updated_time": "modified", "og:modified_time": "modified",
    "datemodified": "modified", "last-modified": "modified", "lastmod": "modified", "last_modified": "modified",
    "dcterms.modified": "modified", "dc.date.modified": "modified", "article.updated": "modified", "updated": "modified",
    "modified": "modified", "revised": "modified", "article:modified": "modified",
    "og:image": "image", "og:image:url": "image", "og:image:secure_url": "image", "twitter:image": "image",
    "twitter:image:src": "image",
    "og:site_name": "site", "application-name": "site", "dc.publisher": "site", "dcterms.publisher": "site",
    "citation_journal_title": "site",
    "og:url": "canonical", "og:locale": "language", "content-language": "language", "dc.language": "language",
    "dcterms.language": "language",
}  # fmt: skip
_WRITTEN_BY = re.compile(
    r"written by|verfasst von|geschrieben von|escrito por|écrit par|scritto da|автор|написано|كُتب|كتب|geschreven door|"
    r"skrevet av|skriven av|napisane przez|yazan|by\b|author|kirjoittanut|napsal",
    re.IGNORECASE,
)
_MAX_FILMS = 20
_FILMS = ("og:video", "og:video:url", "og:video:secure_url", "twitter:player")
_KEYWORDS = ("keywords", "news_keywords", "article:tag")


def read_metadata(root: HtmlElement, url: str = "") -> PageMeta:
    """Everything a page states about its article. `root` is the whole document, `url` its address where known."""
    head = PageMeta()
    _from_meta(root, head)
    _written_by(root, head)
    _from_links(root, head)
    own = [value for value, place in head.title if place == "page:meta:og:title"]
    meta = PageMeta()
    names = own + first_headings(root)
    add_structured(read_things(root), names, [url, *(value for value, _ in head.canonical)], meta)
    _join(meta, head)
    _from_microdata(root, meta)
    add_headings(root, url, meta)
    return meta


def _join(meta: PageMeta, head: PageMeta) -> None:
    for name in ("title", "description", "authors", "published", "modified", "image", "site", "license"):
        getattr(meta, name).extend(getattr(head, name))
    # A page's own address and language are stated best where HTML has a place for them.
    meta.canonical = head.canonical + meta.canonical
    meta.language = head.language + meta.language
    meta.keywords, meta.image_alt = head.keywords, head.image_alt
    # A page that names a film for those who share it names the film's still beside it.
    still = next((value for value, place in head.image if place.startswith("page:meta:og:")), "")
    meta.films += [(url, still, "") for url, _, _ in head.films[:_MAX_FILMS] if still]


def _from_meta(root: HtmlElement, meta: PageMeta) -> None:
    for element in root.iter("meta"):
        stated = (element.get(name) for name in ("property", "name", "itemprop", "http-equiv"))
        name = next((value for value in stated if value), "").strip().lower()
        content = element.get("content") or element.get("value") or ""
        wanted = _META.get(name) or _META.get(name.replace("dc:", "dc.").replace("dcterms:", "dcterms."))
        if wanted == "created":
            meta.add("published", content, f"page:created:{name}")
        elif wanted is not None:
            meta.add(wanted, content, f"page:meta:{name}")
        elif name in _KEYWORDS:
            meta.keywords += [word for part in content[:2000].split(",") if (word := one_line(part))]
        elif name in _FILMS:
            meta.films.append((content, "", ""))
        elif name in ("og:image:alt", "twitter:image:alt"):
            meta.image_alt = meta.image_alt or one_line(content)


def _written_by(root: HtmlElement, meta: PageMeta) -> None:
    """Cards for other services carry the author as a pair: twitter:label1 "Written by", twitter:data1 the name."""
    pairs = {(element.get("name") or "").lower(): element.get("content") or "" for element in root.iter("meta")}
    for number in ("1", "2"):
        if _WRITTEN_BY.match(pairs.get(f"twitter:label{number}", "")):
            meta.add("authors", pairs.get(f"twitter:data{number}"), "page:meta:twitter:data")


def _from_links(root: HtmlElement, meta: PageMeta) -> None:
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
    for element in root.xpath(
        "//*[not(self::meta)][contains(@itemprop,'datePublished') or contains(@itemprop,'dateModified')]"
    )[:8]:
        names = (element.get("itemprop") or "").split()
        stated = element.get("datetime") or element.get("content") or str(element.text_content())
        for name, wanted in (("datePublished", "published"), ("dateModified", "modified")):
            if name in names:
                meta.add(wanted, stated[:200], "page:microdata")
    for element in root.xpath("//meta[contains(@itemprop,' ')]")[:8]:
        if "datePublished" in (element.get("itemprop") or "").split():
            meta.add("published", element.get("content"), "page:microdata")
    for element in root.xpath("//time[@datetime][@pubdate]")[:2]:
        meta.add("published", element.get("datetime"), "page:time-pubdate")
    body = root.find(".//body")
    if body is not None and (stated := body.get("data-pubdate")):
        meta.add("published", stated, "page:data-pubdate")
