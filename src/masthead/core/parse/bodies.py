"""What an entry says: summary and content, wherever its feed puts them. No text is dropped for another."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lxml import etree

from masthead.core.parse.names import Names
from masthead.core.parse.node import Children, children_of, first, html_of, raw_text
from masthead.core.parse.rebase import own_base, rebased

if TYPE_CHECKING:
    from masthead.core.parse.plan import Plan

SUMMARY = ("description", "atom:summary", "summary", "dc:description", "abstract")
CONTENT = ("content:encoded", "atom:content", "content", "xhtml:body", "xhtml:div", "fullitem", "body")
_ELSEWHERE = ("media:description", "itunes:summary", "googleplay:description", "itunes:subtitle", "media:text")
_OF_EPISODES = frozenset(("itunes:summary", "googleplay:description"))
_IN_GROUPS = frozenset(("media:group", "media:content"))
SAYING = _IN_GROUPS | frozenset(_ELSEWHERE)
# A second text that is shorter than this part of the first is a short form of it, not the content.
_SHORT_FORM = 0.5
# One among what podcasts say beside a description that is so many times as long says more than it.
_LONGER = 1.5


def bodies_of(children: Children, names: Names, base: str, plan: Plan) -> tuple[str, str, str]:
    """Summary, content and the base that both resolve against: the content's own where it states one."""
    summary = first(children, *plan.summary)
    content = _content(children) if plan.content else None
    if content is None and summary is not None and len(plan.summary) > 1:
        summary, content = _two_texts(_summaries(children))
    whose = content if content is not None else summary
    target = base if whose is None else own_base(whose, base) or base
    said, whole = html_of(summary), html_of(content)
    if summary is not whose:
        said = rebased(said, own_base(summary, base) or base, target)
    if not whole and plan.said_elsewhere:
        said, whole = _with_what_is_said_elsewhere(children, names, said)
    return said, whole, target


def _summaries(children: Children) -> list[etree._Element]:
    """What may be a summary and is not empty, surest first."""
    return [
        element
        for key in SUMMARY
        for element in children.get(key, ())
        if len(element) or (element.text and not element.text.isspace())
    ]


def _two_texts(summaries: list[etree._Element]) -> tuple[etree._Element, etree._Element | None]:
    """An item with `description` and `summary` and no content: what comes second is the content, or the longer one."""
    one = summaries[0]
    name = str(one.tag).lower()
    others = [other for other in summaries[1:] if str(other.tag).lower() != name]
    if not others or raw_text(others[0]) == raw_text(one):
        return one, None
    two = others[0]
    parent = one.getparent()
    if parent is not None and parent.index(two) < parent.index(one):
        one, two = two, one
    return (two, one) if len(raw_text(two)) < len(raw_text(one)) * _SHORT_FORM else (one, two)


def _content(children: Children) -> etree._Element | None:
    """The fullest content: what is marked as HTML before what is not."""
    candidates = [part for key in CONTENT for part in children.get(key, ()) if len(part) or (part.text or "").strip()]
    for element in candidates:
        if "html" in (element.get("type") or "html"):
            return element
    readable = ("text", "application/octet-stream")
    return next((part for part in candidates if (part.get("type") or "text").lower().startswith(readable)), None)


def _with_what_is_said_elsewhere(children: Children, names: Names, summary: str) -> tuple[str, str]:
    """What podcasts and video sites say of an item: its summary where it has none, its content where it says more.

    What Media RSS says may be the caption of a picture: never the content of an item that says something.
    """
    if not summary:
        inside = children
        if not _IN_GROUPS.isdisjoint(children):
            inside = {key: list(value) for key, value in children.items()}
            for group in (*children.get("media:group", ()), *children.get("media:content", ())):
                for key, value in children_of(group, names).items():
                    inside.setdefault(key, []).extend(value)
        return _first_said(inside, _ELSEWHERE), ""
    said = "" if _OF_EPISODES.isdisjoint(children) else _first_said(children, tuple(_OF_EPISODES))
    return summary, said if len(said) > len(summary) * _LONGER else ""


def _first_said(children: Children, keys: tuple[str, ...]) -> str:
    """The first text of `keys` as HTML; it is plain text unless it says otherwise."""
    element = first(children, *keys)
    if element is None:
        return ""
    text = raw_text(element)
    html = element.get("type") == "html" or "</" in text
    return text if html else escape(text, quote=False).replace("\n", "<br>\n")
