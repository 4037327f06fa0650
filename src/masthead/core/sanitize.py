"""The one gate through which foreign HTML passes before anybody sees it.

An allow-list (nh3, the ammonia library) with absolute http(s) addresses. Nothing that acts, loads, submits or
styles gets through: no script, style, form, frame, SVG or MathML, no event handler, no class, no id.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator

import nh3

from masthead.core.bounded import bounded
from masthead.core.characters import strip_controls, words
from masthead.core.plain import plain
from masthead.core.unclosed import without_unclosed
from masthead.core.urls import absolute

TAGS = words(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption figure h1 h2 h3"
    " h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp small source span strong sub sup table"
    " tbody td tfoot th thead time tr u ul var wbr"
)
INLINE_TAGS = words(
    "a abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small strong sub sup time u var wbr"
)
# Dropped with all they hold: what they hold was never meant to be read as text.
_DROPPED = words(
    "applet audio button canvas embed iframe math noembed noframes noscript object option script select style svg"
    " template textarea title video"
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "hreflang"},
    "blockquote": {"cite"},
    "bdo": {"dir"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "img": {"alt", "height", "src", "srcset", "sizes", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "source": {"media", "sizes", "srcset", "type", "height", "width"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
}
_NUMBERS = frozenset({"height", "width", "colspan", "rowspan", "span", "start", "value"})
# "nofollow": these links are the publisher's choice, not the site's; whoever can write into a feed must not
# be able to spend the site's standing with search engines. Referrers are withheld by the site's policy header.
LINK_REL = "noopener nofollow"
_MAX_SPAN = 1000
_MOST_PASSES = 8

_ADDRESSES = frozenset(("href", "src", "cite"))
# An address that `absolute` gives back as it is: it has a path, and nothing in it wants encoding.
_PLAIN_ADDRESS = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?){1,10}/[!$&'()*+,\-./0-9:;=@A-Z_a-z~%]{0,2000}"
    r"(?:\?[!$&'()*+,\-./0-9:;=?@A-Z_a-z~%]{1,1500})?(?:#[!$&'()*+,\-./0-9:;=?@A-Z_a-z~%]{1,200})?\Z"
)

_context = threading.local()


def _filter(tag: str, name: str, value: str) -> str | None:
    """An attribute's value as it may stand, or None to drop it."""
    if name in _ADDRESSES and _PLAIN_ADDRESS.match(value):
        return value
    base: str = getattr(_context, "base", "")
    value = strip_controls(value)
    if name in ("href", "cite"):
        return absolute(value, base, mail=name == "href") or None
    if name == "src":
        return absolute(value, base) or None
    if name == "srcset":
        return absolute_srcset(value, base) or None
    if name in _NUMBERS:
        return _number(name, value)
    return value


def _number(name: str, value: str) -> str | None:
    found = re.match(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$", value)
    if found is None:
        return None
    limit = _MAX_SPAN if "span" in name else 100_000
    return str(min(int(found[1]), limit))


# An address reaches to white space, what describes it to a comma; one that ends in a comma is described by nothing.
_CANDIDATE = re.compile(r"[\s,]*+(\S*+)(?:(?<=,)|([^,]*+))")
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,9})?[wx])?(?:\s++\d{1,6}h)?\Z")
_LONGEST_SRCSET = 20_000


def candidates(srcset: str) -> Iterator[tuple[str, str]]:
    """What a `srcset` offers, in time linear in its length: addresses as written, and what describes each."""
    for found in _CANDIDATE.finditer(srcset[:_LONGEST_SRCSET]):
        if url := found[1].rstrip(","):
            yield url, (found[2] or "").strip()


def absolute_srcset(value: str, base: str) -> str:
    """A `srcset` with absolute addresses; candidates that cannot be loaded are left out (WHATWG HTML 4.8.4.2.1)."""
    kept: list[str] = []
    for written, described in candidates(value):
        size = _SIZE.match(described)
        if size is not None and (url := absolute(written, base)):
            kept.append(f"{url.replace(',', '%2C')} {size[1] or ''}".strip())
    return ", ".join(kept)


def _cleaner(tags: frozenset[str], filter: Callable[[str, str, str], str | None] | None = _filter) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags=set(_DROPPED),
        attributes={name: set(allowed) for name, allowed in _ATTRIBUTES.items() if name == "*" or name in tags},
        attribute_filter=filter,
        strip_comments=True,
        link_rel=LINK_REL,
        generic_attribute_prefixes=None,
        url_schemes={"http", "https", "mailto"},
    )


_BLOCKS = _cleaner(TAGS)
_INLINE = _cleaner(INLINE_TAGS)
# For markup whose attributes were filtered: they are as they may be, and filtering costs more than all the rest.
_AGAIN = {_BLOCKS: _cleaner(TAGS, None), _INLINE: _cleaner(INLINE_TAGS, None)}


def sanitize(html: str, base: str = "") -> str:
    """`html` with only allowed elements, attributes and absolute http(s) addresses (resolved against `base`).

    Never raises, whatever the input; a second pass over the result changes nothing. Elements that are not allowed
    are unwrapped, their text kept; those that were never text (script, style, frames, ...) go with their content.
    """
    return _run(_BLOCKS, html, base)


def sanitize_inline(html: str, base: str = "") -> str:
    """Like `sanitize`, keeping only what may stand inside a line of text: links, emphasis, breaks."""
    return _run(_INLINE, html, base).strip()


def _run(cleaner: nh3.Cleaner, html: str, base: str) -> str:
    if "<" not in html and "&" not in html:
        return strip_controls(html).replace(">", "&gt;").replace("\xa0", "&nbsp;")
    _context.base = base
    clean = strip_controls(cleaner.clean(bounded(without_unclosed(strip_controls(html)))))
    # Misnested markup (links in tables) may be read differently once more: what goes out must read as it was checked.
    for _ in range(_MOST_PASSES):
        again = strip_controls(_AGAIN[cleaner].clean(bounded(clean)))
        if again == clean:
            break
        clean = again
    return clean


def to_text(html: str) -> str:
    """The words of `html`, entities decoded once; a blank line between blocks, a new line for `<br>` and list items."""
    if "<" not in html and "&" not in html:
        return plain(strip_controls(html))
    return plain(strip_controls(html), markup=True)
