"""Pictures: their real address, size, alt, caption and credit; pixels, icons and emoji are none."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from lxml.html import HtmlElement

from masthead.core.characters import one_line
from masthead.core.repair.draft import Draft
from masthead.core.repair.markup import mend_line
from masthead.core.sanitize import candidates
from masthead.core.types import ImageRef
from masthead.core.urls import absolute

_LAZY = (
    "data-src data-original data-lazy-src data-lazy data-original-src data-full-src data-hi-res-src data-img-src "
    "data-image"
    " data-url data-large-file data-orig-file data-echo data-defer-src"
)
_LAZY_NAMES = tuple(_LAZY.split())
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set", "data-sizes-srcset")
_BLANK = re.compile(
    (
        r"^data:|(?:^|[/_.-])(?:blank|spacer|transparent|placeholder|lazy(?:load)?|loading|grey|gray|1x1"
        r"|pixel)[^/]*\.(?:gif|png|svg|jpe?g|webp)"
    ),
    re.IGNORECASE,
)
_PIXEL = re.compile(
    r"(?:^|[/_.-])(?:pixel|beacon|1x1|spacer|blank|clear|transparent|tracker|piwik|matomo|wtrack"
    r"|count(?:er)?)\.(?:gif|png|php|aspx?|jpg)(?:$|\?)|(?:^|[/_.-])[bpt]\.gif(?:$|\?)"
    r"|/~(?:r|ff|4)/|[/.]doubleclick\.|/(?:pixel|beacon|track(?:ing)?|collect|impression|__imp|hit)s?(?:/|\?|$)"
    r"|[?&](?:tid|cid)=UA-",
    re.IGNORECASE,
)
_DECORATION = re.compile(
    (
        r"(?:^|[\s_/-])(?:emoji|smil(?:ey|ie)s?|wp-smiley|avatar|gravatar|icons?|logo|sprite|badge|share|button)(?:$"
        r"|[\s_./-])"
    ),
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top|right|text-indent)\s*:\s*-\d{3,}(?:\.\d+)?(?:px|em|rem)|(?:^|;)\s*(?:width|height)\s*:\s*[0-3](?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
_PICTURE_FILE = re.compile(
    r"^[^\s{}\[\]\"'<>]{1,2000}\.(?:jpe?g|png|webp|avif|gif)(?:\?[^\s{}\"'<>]*)?$", re.IGNORECASE
)
SMALLEST = 4  # pixels: anything below is a counter, not a picture
SMALLEST_LEAD = 100
_LARGEST = 2000
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)([wx])(?!\w)")

_CREDIT = re.compile(
    r"(?:^|(?<=[\s.(\[|–—-]))(?:©|\(c\)|copyright:?|(?:photo(?:graph)?|picture|image|illustration"
    r"|foto(?:graf[íi]a)?|bild|imagen|cr[ée]dit(?:s|o)?(?:[ -]photo)?|credits?|фото|автор фото|снимок|تصوير"
    r"|الصورة|صورة)"
    r"(?:\s+(?:credit|courtesy(?: of)?|by|von|de|par|cr[ée]dit))?\s*(?::|by|/|©)|(?:photo|foto|image) (?:by"
    r"|courtesy of|de|von)|courtesy(?: of)?:?)\s*(?P<name>[^\n]{2,120}?)\s*[)\].]*$",
    re.IGNORECASE,
)
_AGENCY_TAIL = re.compile(
    r"[\s.–—|-]*[(\[](?P<name>[^()\[\]]{0,60}\b(?:AP|AFP|Reuters|REUTERS|EPA|EFE|DPA|dpa|ANSA|TASS|ТАСС|РИА "
    r"Новости|Getty Images|Xinhua|KEYSTONE|IMAGO|imago|picture[ -]alliance|Shutterstock|Alamy|PA(?: Wire)?|أ ف ب"
    r"|رويترز)\b[^()\[\]]{0,60})[)\]]\s*\.?$"
)


def split_credit(text: str) -> tuple[str, str]:
    """A caption or alt text without its credit, and the credit ("" when it names none)."""
    found = _CREDIT.search(text) or _AGENCY_TAIL.search(text)
    if found is None:
        return text, ""
    return text[: found.start()].rstrip(" .|–—-([").strip() + _full_stop(text, found.start()), found["name"].strip(
        " .:/©"
    )


def _full_stop(text: str, end: int) -> str:
    return "." if re.search(r"\.\s*[(\[|–—-]*\s*$", text[:end]) else ""


def best_of_srcset(value: str, base: str) -> str:
    """The address of the widest candidate up to 2,000 pixels (else the narrowest), absolute; "" when there is none."""
    found: list[tuple[float, str]] = []
    for written, described in candidates(value):
        if url := absolute(written, base):
            size = _SIZE.match(described)
            found.append((float(size[1]) * (1 if size[2] == "w" else 600) if size else 600.0, url))
    fitting = [pair for pair in found if pair[0] <= _LARGEST]
    if fitting:
        return max(fitting)[1]
    return min(found)[1] if found else ""


def size_of(value: str | None) -> int | None:
    """A `width` or `height` attribute in CSS pixels; None when it states none (absent, percent, words)."""
    found = re.match(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$", value or "")
    return int(found[1]) if found else None


def read_image(element: HtmlElement, base: str, draft: Draft) -> ImageRef | None:
    """The picture that an `img` element stands for; None for a pixel, an icon, an emoji, or one without address."""
    width, height = size_of(element.get("width")), size_of(element.get("height"))
    src = _address(element, base, draft)
    counter = absolute(element.get("src") or "", base)
    if counter and (not src or src == counter) and _is_pixel(element, counter, width, height):
        src = counter
    elif not src:
        return None
    if _is_pixel(element, src, width, height):
        draft.mend("tracking-pixel", "images", src, "", "An invisible picture that only counts readers was removed.")
        return None
    if _DECORATION.search(element.get("class") or "") or (width and width <= 40) or (height and height <= 40):
        return None
    alt, credit = split_credit(mend_line(element.get("alt") or "", "images", draft))
    if re.search(r"\.(?:jpe?g|png|gif|webp)$", alt, re.IGNORECASE) or re.fullmatch(r"[\w-]*\d[\w-]*", alt):
        alt = ""
    credit = credit or one_line(element.get("data-credit") or element.get("data-copyright") or "")
    if width and height and (width > 20_000 or height > 20_000):
        width = height = None
    return ImageRef(src=src, alt=alt, credit=credit, width=width, height=height)


def _address(element: HtmlElement, base: str, draft: Draft) -> str:
    raw = (element.get("src") or "").strip()
    lazy = next(
        (
            value
            for name in _LAZY_NAMES
            if (value := (element.get(name) or "").strip()) and not value.startswith(("data:", "{", "["))
        ),
        "",
    )
    stated = "" if not raw or _BLANK.search(raw) else absolute(raw, base)
    if not stated and not lazy:
        lazy = _any_lazy(element)
    for name in ("srcset", *_LAZY_SETS):
        value = element.get(name) or ""
        if value and not value.startswith("data:") and (found := best_of_srcset(value, base)):
            if name != "srcset":
                draft.mend(
                    "lazy-image",
                    "images",
                    raw,
                    found,
                    "The picture was to be loaded by a script; its real address was taken.",
                )
            return found
    if lazy and (found := absolute(lazy, base)):
        draft.mend(
            "lazy-image", "images", raw, found, "The picture was to be loaded by a script; its real address was taken."
        )
        return found
    # libxml2 does not know that `source` is empty, and nests what follows in it.
    picture = next((found for found in element.iterancestors("picture", "p", "figure", "div", "td")), None)
    if picture is not None and picture.tag == "picture":
        for source in picture.iter("source"):
            if found := best_of_srcset(source.get("srcset") or source.get("data-srcset") or "", base):
                return found
    if stated and not re.match(r"(?i)https?:", raw):
        draft.mend(
            "relative-link",
            "images",
            raw,
            stated,
            "The picture's address named no host; it was completed from the publisher's address.",
        )
    return stated


def _any_lazy(element: HtmlElement) -> str:
    """The address of a picture in any attribute that a script might read, when the known ones hold none."""
    for name, value in element.attrib.items():
        if str(name).startswith("data-") and _PICTURE_FILE.search(str(value).strip()):
            return str(value).strip()
    return ""


def _is_pixel(element: HtmlElement, src: str, width: int | None, height: int | None) -> bool:
    tiny = (width is not None and width < SMALLEST) or (height is not None and height < SMALLEST)
    if width is not None and height is not None and min(width, height) >= SMALLEST_LEAD:
        return False
    return tiny or bool(_PIXEL.search(src)) or bool(_HIDDEN.search(element.get("style") or ""))


def is_unseen(element: HtmlElement) -> bool:
    """Whether a frame is made so that nobody sees it: hidden, or smaller than anything that can be read."""
    sizes = [size for name in ("width", "height") if (size := size_of(element.get(name))) is not None]
    return any(size < SMALLEST for size in sizes) or bool(_HIDDEN.search(element.get("style") or ""))


def with_caption(image: ImageRef, caption: str) -> ImageRef:
    """`image` with a figure's caption, its credit parted off; a caption that repeats the alt replaces it."""
    words, credit = split_credit(one_line(unescape(caption) if "&" in caption else caption))
    alt = image.alt
    return replace(image, caption=words, credit=credit or image.credit, alt=alt or words)


def may_lead(image: ImageRef) -> bool:
    """Whether a picture may stand above an article: not an icon, logo or banner by its own claims."""
    if _DECORATION.search(image.src.rpartition("/")[2]) or image.src.endswith(".svg"):
        return False
    if (image.width and image.width < SMALLEST_LEAD) or (image.height and image.height < SMALLEST_LEAD):
        return False
    return not (image.width and image.height and image.width > 5 * image.height)
