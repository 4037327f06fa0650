"""Text that was pasted or posted: the visible words of a page, with its headline, furniture and leaked markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape

from masthead.core.characters import one_line, strip_controls
from masthead.core.repair.article import clean_body, finish
from masthead.core.repair.byline import read_names
from masthead.core.repair.dates import build
from masthead.core.repair.draft import Draft
from masthead.core.repair.images import may_lead
from masthead.core.repair.leaks import is_talk
from masthead.core.repair.lines import paragraphs
from masthead.core.repair.links import clean_link
from masthead.core.repair.markup import mend_encoding, mend_line
from masthead.core.repair.partial import read_partial, settle_partial
from masthead.core.repair.standfirst import settle_standfirst
from masthead.core.repair.stills import settle_stills
from masthead.core.repair.vocabulary import BY, CHROME
from masthead.core.types import Block, CleanArticle

# A temperature by itself, as the page's head shows it: "34.1 C", "−4 °C", "☀ 22°", "٣١ درجة مئوية".
_TEMPERATURE = re.compile(
    r"^[\u2600-\u27bf\ufe0f\U0001f300-\U0001faff\s]*(?P<sign>[+−–-]?)\s?(?P<degrees>\d{1,3})(?:[.,٫](?P<tenth>\d))?\s*"
    r"(?:[°º˚]\s*(?P<scale>[CFС])?|(?P<letter>[CF])|℃|(?P<fahrenheit>℉)"
    r"|(?:degrees?|grados?|grad|degr[ée]s?|градус(?:а|ов)?|درجة|درجات)(?:\s+(?:celsius|centígrados|цельсия|مئوية))?)\.?$",
    re.IGNORECASE,
)
_TAG_LINE = re.compile(r"<(?:/?[a-zA-Z][\w-]*)(?:\s[^<>]*)?/?>")
_BYLINE = re.compile(rf"^{BY}\s+(?P<names>\S.{{1,80}})$", re.IGNORECASE)
_LONGEST_TITLE = 250
_SENTENCE = re.compile(r"[.!?…؟。][\"'”’»)]*$")


def clean_text(text: str, url: str = "", seen: datetime | None = None) -> CleanArticle:
    """The article in a pasted text. Never raises.

    `url`: its address where known. `seen`: when it was received (aware). The first line that reads as a headline is the
    title; lines of the page around it (date, temperature, lists) go to `page`; markup is read as markup.
    """
    draft = Draft()
    seen = seen or datetime.now(UTC)
    lines = strip_controls(mend_encoding(text, "body", draft)).expandtabs(4).split("\n")
    lines = _take_header(lines, draft)
    lines = _take_title(lines, draft)
    lines = _take_dateline(lines, draft, seen)
    lines = _take_footer(lines, draft)
    draft.canonical_url = clean_link(url)
    draft.origin("canonical_url", "given" if draft.canonical_url else "none")
    draft.body = clean_body(_to_html(lines, draft), draft.canonical_url, draft, page=False, published_seen=seen)
    draft.body = settle_stills(draft.body, {}, draft)
    draft.origin("body", "text")
    settle_standfirst("", "none", draft)
    _set_lead(draft)
    for name in ("byline", "source", "published"):
        if name not in draft.provenance:
            draft.origin(name, "none")
    return finish(draft)


def _take_header(lines: list[str], draft: Draft) -> list[str]:
    """Leave out what stands above the headline and belongs to the page: temperature, today's date, menu words."""
    index = 0
    while index < len(lines):
        line = one_line(lines[index])
        if found := _TEMPERATURE.match(line):
            draft.page["temperature"] = _temperature(found)
        elif (
            (date := read_partial(line)) and date.year and date.month and (parts := date.filled(date.year, date.month))
        ):
            draft.page["date"] = build(parts, line).value
        elif line and CHROME.match(line):
            draft.page.setdefault("before", []).append(line)
        elif line:
            break
        index += 1
    if draft.page:
        draft.mend(
            "page-furniture",
            "body",
            " / ".join(one_line(line) for line in lines[:index] if line.strip()),
            "",
            "Lines that belong to the page and not to the report were taken out.",
        )
    return lines[index:] if index < len(lines) else []


def _temperature(found: re.Match[str]) -> str:
    """As "-4 °C" in plain digits; degrees without a scale stay without one."""
    number = str(int(found["degrees"])) + (f".{int(found['tenth'])}" if found["tenth"] else "")
    stated = found["scale"] or found["letter"] or ("F" if found["fahrenheit"] else "")
    known = stated or not found[0].rstrip().endswith(("°", "º", "˚"))
    scale = ("F" if stated.upper() == "F" else "C") if known else ""
    return f"{'-' if found['sign'] in ('-', '−', '–') else ''}{number} °{scale}"


def _take_title(lines: list[str], draft: Draft) -> list[str]:
    """The first line is the headline when it reads as one: short, no sentence end, set apart from the text."""
    if not lines:
        draft.origin("title", "none")
        return lines
    first = one_line(lines[0])
    apart = len(lines) < 2 or not lines[1].strip() or len(one_line(lines[1])) > 1.5 * len(first)
    if (
        len(first) <= _LONGEST_TITLE
        and apart
        and not _SENTENCE.search(first.rstrip("?!؟"))
        and not _TAG_LINE.search(first)
        and len(lines) > 1
    ):
        draft.title = mend_line(re.sub(r"^#+\s*", "", first), "title", draft)
        draft.origin("title", "text:first-line", method="inferred", confidence=0.9)
        return lines[1:]
    return lines


def _take_dateline(lines: list[str], draft: Draft, seen: datetime) -> list[str]:
    """A line directly under the headline that is only a byline or only a date."""
    kept = list(lines)
    for _ in range(3):
        index = next((number for number, line in enumerate(kept) if line.strip()), None)
        if index is None:
            break
        line = one_line(kept[index])
        if (
            (found := _BYLINE.match(line))
            and not _SENTENCE.search(line)
            and (names := read_names([found["names"]], "", draft))
        ):
            draft.byline = names
            draft.origin("byline", "text:byline", confidence=0.9)
        elif draft.published is None and (date := read_partial(line)) and date.year and date.month:
            settle_partial(date, line, [], draft, seen)
        else:
            break
        del kept[index]
    return kept


def _take_footer(lines: list[str], draft: Draft) -> list[str]:
    """Leave out headings of page lists at the end ("Most popular"), with what hangs on them."""
    last = max((number for number, line in enumerate(lines) if len(one_line(line)) > 120), default=0)
    for number in range(last + 1, len(lines)):
        if CHROME.match(one_line(lines[number])):
            removed = [one_line(line) for line in lines[number:] if line.strip()]
            draft.page.setdefault("after", []).extend(removed)
            draft.mend(
                "page-furniture",
                "body",
                " / ".join(removed),
                "",
                "Lines that belong to the page and not to the report were taken out.",
            )
            return lines[:number]
    return lines


def _to_html(lines: list[str], draft: Draft) -> str:
    """HTML of lines: a line of text is a paragraph, lines of markup are markup, lines of a block stay together."""
    parts: list[str] = []
    run: list[str] = []
    leaked: list[str] = []
    for line in [*lines, ""]:
        stripped = line.strip()
        if stripped and _is_markup(stripped):
            leaked.append(stripped)
            parts += paragraphs([escape(text, quote=False) for text in run])
            run = []
            parts.append(stripped)
        elif stripped:
            run.append(stripped)
        else:
            parts += paragraphs([escape(text, quote=False) for text in run])
            run = []
    if leaked:
        draft.mend(
            "leaked-markup",
            "body",
            " ".join(leaked),
            "",
            "Markup had been printed as text; it was read as markup again.",
        )
    return "\n".join(parts)


def _is_markup(line: str) -> bool:
    """Whether a line holds tags that are not only spoken of."""
    return _TAG_LINE.search(line) is not None and not is_talk(line)


def _set_lead(draft: Draft) -> None:
    taken = {card.image.src for card in draft.related if card.image}
    figures: list[Block] = [block for block in draft.body[:2] if block.type == "figure"]
    for block in figures:
        if block.image and block.image.src not in taken and may_lead(block.image):
            draft.lead_image = block.image
            draft.body.remove(block)
            draft.origin("lead_image", "body:first-figure")
            return
    draft.origin("lead_image", "none")
