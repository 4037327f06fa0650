"""What a page keeps from view: hidden for good, hidden until a reader opens it, or hidden until a script moves it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from masthead.core.characters import words

_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Whole names: "overflow-hidden" hides no text, "label-hidden" hides another one's label, "md:hidden" not every time.
_NAMES = words(
    "hidden is-hidden u-hidden js-hidden ishidden visually-hidden visuallyhidden visually_hidden u-visually-hidden"
    " sr-only screen-reader screen-reader-text screenreader offscreen"
)
_PANELS = re.compile(r"accordion|collaps|faq|answer|expand", re.IGNORECASE)
_PANEL_ROLES = ("region", "tabpanel")
# React (18 and later) streams late parts as `<div hidden id="S:1">`; its script puts them where `<template id="B:1">`
# is.
_LATE = re.compile(r"S:[0-9a-f]{1,6}")


def is_hidden(element: HtmlElement) -> bool:
    """Whether readers never see an element; a panel that they can open is seen."""
    stated = element.get("hidden") is not None or bool(_STYLE.search(element.get("style") or ""))
    if not stated and element.get("aria-hidden") == "true":
        stated = element.tag not in ("figure", "img", "picture")
    if not stated and _NAMES.isdisjoint((element.get("class") or "").lower().split()):
        return False
    return not _is_panel(element)


def _is_panel(element: HtmlElement) -> bool:
    """Whether a part is closed until a reader opens it: answers to questions, steps, tabs."""
    if element.tag not in ("div", "section", "dd", "article"):
        return False
    if element.get("role") in _PANEL_ROLES and (element.get("aria-labelledby") or element.get("id")):
        return True
    return bool(_PANELS.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def place_late_parts(root: HtmlElement) -> None:
    """Put the parts of a page that came late where its script would put them, in place."""
    late = [element for element in root.iter("div") if _LATE.fullmatch(element.get("id") or "")]
    if not late:
        return
    places = {element.get("id"): element for element in root.iter("template")}
    for element in late:
        if element.get("hidden") is None:
            continue
        del element.attrib["hidden"]
        place = places.get(f"B:{str(element.get('id'))[2:]}")
        if place is not None and element not in place.iterancestors():
            place.addprevious(element)
