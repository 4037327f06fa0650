"""Links: the right base, no tracking, no detours through redirectors."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections import Counter
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit, urlunsplit

from lxml.html import HtmlElement
from tld import get_fld

from masthead.core.characters import words
from masthead.core.repair.context import EntryContext
from masthead.core.repair.draft import Draft
from masthead.core.types import ParsedEntry
from masthead.core.urls import absolute, host_of

_TRACKING = words(
    "fbclid gclid dclid gclsrc gbraid wbraid gad_source msclkid yclid ysclid twclid ttclid igshid igsh li_fat_id "
    "mc_cid mc_eid"
    " _hsenc _hsmi hsctatracking mkt_tok vero_id vero_conv oly_anon_id oly_enc_id s_cid icid ncid cmpid wt_mc "
    "xtor ref_src"
    " ref_url spm guccounter guce_referrer guce_referrer_sig ns_mchannel ns_source ns_campaign ns_linkname "
    "ns_fee ito ocid"
    " sr_share smid smtyp rb_clickid wickedid _openstat __twitter_impression at_medium at_campaign at_format at_custom1"
    " at_custom2 at_custom3 at_custom4 _ga _gl epik srsltid sfnsn mibextid"
)
_TRACKING_PREFIX = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "stm_")
# Parameters that are harmless elsewhere but mark a visit that came by feed.
_SOURCE_NAMES = words("ref source src from via partner emc cmp campaign feed output medium")
_SOURCE_VALUE = re.compile(r"^(?:rss|feed|atom|newsfeed|feedburner|rss[-_a-z0-9]{0,12})$", re.IGNORECASE)
_TRACKING_FRAGMENT = re.compile(r"^(?:utm_|xtor=|ref=|rss|feed|at_)", re.IGNORECASE)
_REDIRECT_PATH = re.compile(
    r"(?:^|/)(?:url|redir(?:ect)?|out(?:bound)?|click|away|l\.php|goto|go|link|exit|leave|r)(?:\.\w+)?/?$"
)
# A redirector that carries its target as the rest of its path: "/click/https://...", escaped or not.
_IN_PATH = re.compile(
    r"/(?:url|redir(?:ect)?|out(?:bound)?|click|away|goto|go|exit|leave|r|l|link|track)"
    r"(?:/[\w.-]{1,40}){0,2}/(https?(?::|%3a)(?:/|%2f){1,2}.+)$",
    re.IGNORECASE,
)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[\w.!-]*", re.IGNORECASE)
_BASE64 = re.compile(r"^aHR0c[\w+/=-]{10,4000}$")
_BARE_HOST = re.compile(r"^www\.(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?:[/?#:]|$)", re.IGNORECASE)
_REDIRECT_NAME = ("url", "u", "q", "target", "to", "dest", "destination", "redirect", "goto", "link", "r")
_SHORTENERS = words(
    "bit.ly buff.ly cutt.ly dlvr.it fb.me feedproxy.google.com feeds.feedburner.com flip.it goo.gl ift.tt is.gd "
    "j.mp lnkd.in"
    " news.google.com ow.ly rb.gy rebrand.ly s.id shorturl.at t.co t.ly tiny.cc tinyurl.com trib.al tr.im v.gd wp.me"
)


# No report has more: what has is an attack or a mistake.
_MAX_LINKS = 5_000


def is_short_link(url: str) -> bool:
    """Whether an address is that of a link shortener, which says nothing about the host it leads to."""
    return host_of(url).removeprefix("www.") in _SHORTENERS


def registrable_domain(url: str) -> str:
    """The domain that somebody registered ("news.example.co.uk" -> "example.co.uk"); "" when there is none."""
    found = get_fld(url, fail_silently=True)
    if isinstance(found, str):
        return found
    # A suffix that the public list does not know: the last two labels, as for any other.
    labels = host_of(url).split(".")
    return ".".join(labels[-2:]) if len(labels) > 1 and not labels[-1].isdigit() else ""


def without_tracking(url: str) -> str:
    """`url` without the parameters that only tell where a visitor came from. Everything else stays byte for byte."""
    if not any(mark in url for mark in "?#;"):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    pieces = parts.query.split("&") if parts.query else []
    kept = [piece for piece in pieces if not _is_tracking(*_named(piece))]
    query = parts.query if len(kept) == len(pieces) else "&".join(piece for piece in kept if piece)
    fragment = "" if _TRACKING_FRAGMENT.match(parts.fragment) else parts.fragment.partition(":~:")[0]
    return urlunsplit((parts.scheme, parts.netloc, _SESSION.sub("", parts.path), query, fragment))


def _named(piece: str) -> tuple[str, str]:
    """One `name=value` of a query, decoded."""
    name, _, value = piece.partition("=")
    return unquote_plus(name), unquote_plus(value)


def _is_tracking(name: str, value: str) -> bool:
    lowered = name.lower()
    return (
        lowered in _TRACKING
        or lowered.startswith(_TRACKING_PREFIX)
        or (lowered in _SOURCE_NAMES and bool(_SOURCE_VALUE.match(value)))
    )


def unwrapped(url: str) -> str:
    """The target of a redirector whose address carries it; else `url` itself.

    Known by its shape, never by its host: `https://x/url?q=https%3A...`, also in Base64, or `https://x/click/https://...`.
    """
    for _ in range(3):
        try:
            parts = urlsplit(url)
            pairs = parse_qsl(parts.query, max_num_fields=100)
        except ValueError:
            return url
        carried = ""
        if _REDIRECT_PATH.search(parts.path):
            carried = next((found for name, value in pairs if name in _REDIRECT_NAME and (found := _target(value))), "")
        elif in_path := _IN_PATH.search(parts.path):
            carried = unquote(in_path[1]) if "%3" in in_path[1][:9].lower() else _rest(url, in_path[1])
        target = absolute(carried) if carried else ""
        if not target or host_of(target) == host_of(url):
            return url
        url = target
    return url


def _target(value: str) -> str:
    """The address that a parameter's value is, plainly or in Base64; "" when it is none."""
    if re.match(r"https?://", value):
        return value
    if _BASE64.match(value):
        try:
            decoded = urlsafe_b64decode(value.replace("+", "-").replace("/", "_") + "=" * (-len(value) % 4))
            found = decoded.decode("ascii")
        except (binascii.Error, ValueError):
            return ""
        return found if re.match(r"https?://\S+$", found) else ""
    return ""


def _rest(url: str, carried: str) -> str:
    """What `url` holds from the address in its path on: its query and fragment are the target's."""
    return url[url.index(carried) :]


def clean_link(url: str, base: str = "", *, mail: bool = False) -> str:
    """`url` absolute against `base`, out of its redirector, without tracking; "" when it is no web address."""
    url = url.strip()
    if _BARE_HOST.match(url):
        url = f"https://{url}"
    if "&amp;" in url:
        url = url.replace("&amp;", "&")
    found = absolute(url, base, mail=mail)
    return found if found.startswith("mailto:") or not found else without_tracking(unwrapped(found))


def base_of(entry: ParsedEntry, context: EntryContext) -> tuple[str, str]:
    """What an entry's relative addresses resolve against, and where that was taken from.

    A base that the document states comes first. Then the item's own link: publishers write relative links for the page,
    not for the feed, which is often served from another host. A shortener is never a base.
    """
    candidates = (
        (entry.base if entry.base != context.feed_url else "", "feed:base"),
        (entry.link, "feed:link"),
        (context.feed_link, "feed:home"),
        (context.source_url, "source:home"),
        (entry.base or context.feed_url, "feed:url"),
    )
    for candidate, origin in candidates:
        found = clean_link(candidate)
        if found and not is_short_link(found):
            return found, origin
    return "", ""


def infer_base(root: HtmlElement, not_of: str = "") -> tuple[str, str]:
    """The home that an article without known address most probably belongs to, and the address that says so.

    Publishers serve pictures from their own domain; so the domain of most absolute pictures, else of most links.
    `not_of`: an address whose domain is known not to be it.
    """
    other = registrable_domain(not_of)
    for path, name in (("//img", "src"), ("//a", "href")):
        urls = [absolute(str(element.get(name) or "")) for element in root.xpath(f".{path}")]
        found = [(registrable_domain(url), url) for url in urls if url and not is_short_link(url)]
        counted = Counter(domain for domain, _ in found if domain and domain != other)
        if counted:
            domain = counted.most_common(1)[0][0]
            return f"https://{domain}/", next(url for known, url in found if known == domain)
    return "", ""


def resolve(root: HtmlElement, base: str, draft: Draft, *, inferred_from: str = "") -> frozenset[str]:
    """Make every link of the tree absolute and clean, in place; what cannot become a web address loses its link.

    Returns the addresses whose host was not stated but concluded, which `inferred_from` explains.
    """
    inferred: set[str] = set()
    for number, anchor in enumerate(root.iter("a")):
        raw = (anchor.get("href") or "").strip()
        if not raw:
            continue
        if number >= _MAX_LINKS:
            del anchor.attrib["href"]
            draft.warn(f"Only the first {_MAX_LINKS:,} links were kept.")
            continue
        url = clean_link(raw, base, mail=True)
        if not url:
            del anchor.attrib["href"]
            draft.mend("dead-link", "body", raw, "", "A link that led to no web address was removed; its words stay.")
            continue
        anchor.set("href", url)
        if not re.match(r"(?i)https?:|mailto:", raw):
            if inferred_from:
                inferred.add(url)
                draft.mend(
                    "inferred-host", "body", raw, url, f"The link named no host; it was concluded from {inferred_from}."
                )
            else:
                draft.mend(
                    "relative-link",
                    "body",
                    raw,
                    url,
                    "The link named no host; it was completed from the publisher's address.",
                )
        elif unquote(absolute(raw)) != unquote(url):
            draft.mend("tracking", "body", raw, url, "Parts of the link that only track readers were removed.")
    return frozenset(inferred)
