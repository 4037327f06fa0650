"""The structured data of a page (JSON-LD): found in graphs and arrays, mended where broken, references followed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from masthead.core.characters import strip_controls, words

ARTICLE_TYPES = words(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle"
    " ReviewNewsArticle AskPublicNewsArticle BlogPosting LiveBlogPosting Report SocialMediaPosting TechArticle"
    " ScholarlyArticle AdvertiserContentArticle MedicalScholarlyArticle SatiricalArticle Review CreativeWork"
)
PAGE_TYPES = words("WebPage ItemPage MedicalWebPage FAQPage QAPage Blog HowTo Recipe")
SITE_TYPES = words("WebSite NewsMediaOrganization Organization Corporation")
_MAX_SCRIPT = 500_000
_SCRIPTS = "//script[contains(translate(@type,'LDJSON','ldjson'),'ld+json')]"
_MAX_OBJECTS = 400
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "isPartOf", "hasPart", "subjectOf")
_COMMENT = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",\s*([\]}])")
# What can still be read from a script that no mending makes JSON.
_PAIR = re.compile(
    r'"(headline|datePublished|dateModified|dateCreated|description|inLanguage|@type)"\s*:\s*"((?:[^"\\\n]|\\.){1,1000})"'
)
_AUTHOR = re.compile(r'"author"\s*:\s*[\[{][^\]}]{0,300}?"name"\s*:\s*"((?:[^"\\\n]|\\.){1,200})"')

Thing = dict[str, Any]


def read_things(root: HtmlElement) -> list[Thing]:
    """Every object of the page's JSON-LD, outermost first; {"@id": ...} alone is replaced by what it points to."""
    found: list[Thing] = []
    texts = [str(script.text or "") for script in root.xpath(_SCRIPTS)[:40]]
    # Some frameworks print the script as a meta element.
    texts += [str(content) for content in root.xpath("//meta[@name='script:ld+json']/@content")[:5]]
    for text in texts:
        for document in _documents(text[:_MAX_SCRIPT]):
            found += _objects(document)
    named = {str(thing["@id"]): thing for thing in reversed(found) if thing.get("@id") and len(thing) > 1}
    return [_linked(thing, named) for thing in found[:_MAX_OBJECTS]]


def types_of(thing: Thing) -> set[str]:
    """The names of a thing's types, without their vocabulary."""
    stated = thing.get("@type")
    listed = stated if isinstance(stated, list) else [stated]
    return {re.split(r"[/#:]", str(name))[-1] for name in listed if name}


def text_of(value: object) -> str:
    """A property as text: itself, its "@value" or "name", or the first of a list; "" when it is none."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return text_of(value.get("@value") or value.get("name"))
    if isinstance(value, list):
        return next((text for item in value[:5] if (text := text_of(item))), "")
    return ""


def _documents(text: str) -> Iterator[object]:
    """The JSON values in a script. What is broken is mended where that is plain, else read pair by pair."""
    text = _COMMENT.sub("", text).strip().rstrip(";")
    if text.startswith(("{&quot;", "[{&quot;")):
        text = unescape(text)
    if not text:
        return
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", strip_controls(text).replace("\n", " ").replace("\t", " "))):
        try:
            yield from _several(attempt)
        except (ValueError, RecursionError):
            continue
        return
    pairs: Thing = {}
    for name, value in _PAIR.findall(text):
        pairs.setdefault(name, unescape(value.replace('\\"', '"').replace("\\/", "/")))
    if found := _AUTHOR.findall(text):
        pairs["author"] = found[:5]
    if pairs:
        yield pairs


def _several(text: str) -> list[object]:
    """The values of a text that holds one or more JSON documents one after the other."""
    decoder = json.JSONDecoder(strict=False)
    found = []
    position = 0
    while position < len(text):
        value, position = decoder.raw_decode(text, position)
        found.append(value)
        position += len(text[position:]) - len(text[position:].lstrip(" \n\r\t,;"))
    return found


def _objects(data: object) -> list[Thing]:
    queue: list[object] = [data]
    found: list[Thing] = []
    seen = 0
    while queue and seen < _MAX_OBJECTS:
        thing = queue.pop(0)
        seen += 1
        if isinstance(thing, list):
            queue[:0] = thing[:_MAX_OBJECTS]
        elif isinstance(thing, dict):
            found.append(thing)
            queue += [thing[key] for key in _NESTED if isinstance(thing.get(key), (dict, list))]
            # Some publishers wrap each object in another that has no type.
            if not thing.get("@type"):
                queue += [value for key, value in thing.items() if isinstance(value, dict) and key not in _NESTED]
    return found


def _linked(thing: Thing, named: dict[str, Thing]) -> Thing:
    """`thing` with its authors, publisher and picture in place of references to them."""
    linked = dict(thing)
    for key in ("author", "creator", "publisher", "image"):
        value = linked.get(key)
        if isinstance(value, list):
            linked[key] = [_followed(item, named) for item in value[:30]]
        elif value is not None:
            linked[key] = _followed(value, named)
    return linked


def _followed(value: object, named: dict[str, Thing]) -> object:
    if isinstance(value, dict) and not (value.get("name") or value.get("url") or value.get("contentUrl")):
        return named.get(str(value.get("@id")), value)
    return value
