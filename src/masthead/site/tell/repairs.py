"""What was mended, told by its code and what it carries; what could not be mended, told by the engine's sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from masthead.core.types import Repair
from masthead.site.tell.fields import field


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence; `language` is "" when it is in that of the page, "en" where the engine's own had to do."""

    words: str
    language: str = ""


REPAIRS = {
    "appeared-first": _("A line that said where the report appeared first was taken out; the source is kept."),
    "applet-tail": _(
        "A short link, a date and a source that a posting service had written under the text were taken out; each is "
        "kept in its place."
    ),
    "cdata": _("A technical wrapper had been printed as text; it was removed."),
    "computed-still": _(
        "The publisher named no still picture of a film; the one that the film's site keeps for it was taken."
    ),
    "continue-reading": _("A mark for reading on elsewhere was taken out of the text; the link is kept."),
    "curly-attributes": _("Quotation marks within markup had been made typographic; they were made plain again."),
    "cut-date": _("A part of the date had been cut off; it was concluded from what else the report shows."),
    "date-conflict": _("The page states more than one date; the one with the most evidence was taken."),
    "day-of-change": _(
        "The publisher's page names only the day of a change; the report as it stands is of that day and may have "
        "appeared before."
    ),
    "dead-link": _("A link that led to no web address was removed; its words stay."),
    "double-escaped": _("Characters had been encoded twice, so that their code was printed; they were decoded."),
    "e-mail": _("An e-mail address stood with the author's name; it was removed."),
    "footer": _(
        "A line about the site and not of the report, such as its rights or its tags, was taken out of the text."
    ),
    "future-date": _("The date stated lay in the future when we read it; it was left out."),
    "inferred-host": _("A link named no site; it was concluded from the other addresses in the report."),
    "json-escapes": _("Characters had been encoded for another format; they were decoded."),
    "language": _("The language stated is not that of the text; the text was believed."),
    "lazy-image": _("A picture was to be loaded by a program in the page; its real address was taken."),
    "leaked-markup": _("Markup had been printed as text; it was read as markup again, or removed."),
    "link": _("The address of the report was completed, or parts that only track readers were removed."),
    "lost-shortcode": _(
        "A placeholder that only the program of an older site could fill was taken out; what it stood for is not here."
    ),
    "mojibake": _("Letters had been read in the wrong encoding; they were read again in the right one."),
    "no-date": _("The date stated is the zero of a computer's clock; it was left out."),
    "no-title": _("The publisher gave no headline; the first words of the text stand in its place."),
    "page-furniture": _("Lines that belong to the page and not to the report were taken out."),
    "prefixed-tags": _("Markup carried a prefix that browsers do not know; the prefix was removed."),
    "promo": _("A line that advertises or asks readers for something was removed."),
    "related-card": _("A pointer to another report stood in the text; it became a related report below."),
    "relative-link": _("An address named no site; it was completed from the publisher's address."),
    "repeated-title": _("The headline stood once more at the top of the text; it was removed there."),
    "shortcode": _("A placeholder for pictures, a film or a post was replaced by what it stands for."),
    "tracking": _("Parts of a link that only track readers were removed."),
    "tracking-pixel": _("An invisible picture that only counts readers was removed."),
    "wrong-zone": _(
        "The time stated lay in the future when we read it, so its time zone must be wrong; the zone was left out."
    ),
}

# By how the engine's sentence begins. Groups named "field" are told as a field is; all others stand as they are.
WARNINGS = (
    (
        r"Consent: the page asks visitors to prove",
        _("The publisher's page asked us to prove that we are human; its text was not used."),
    ),
    (
        r"Consent: ",
        _("The publisher's page asked for consent and showed no report; its text was not used."),
    ),
    (
        r"Paywall: ",
        _("The publisher's page asks for a subscription or a login; what it shows was not taken for the whole report."),
    ),
    (r"Not an article: ", _("No text was found on the publisher's page.")),
    (r"The date stated could not be read: (?P<raw>.*)", _("The date stated could not be read: %(raw)s")),
    (
        r"Part of the date had been cut off and could not be concluded: (?P<raw>.*)",
        _("A part of the date had been cut off and could not be concluded: %(raw)s"),
    ),
    (
        r"Letters in (?P<field>\S+) had been decoded in the wrong encoding",
        _("%(field)s: letters had been read in the wrong encoding and were lost in part; they stand as received."),
    ),
    (
        r"The publisher gave neither a headline nor a text",
        _("The publisher gave neither a headline nor a text."),
    ),
    (
        r"A gallery names pictures that the archive does not hold",
        _("A gallery names pictures that are not here."),
    ),
    (
        r"Only the first (?P<number>[\d,]+) paragraphs were kept",
        _("Only the first %(number)s paragraphs were kept."),
    ),
    (
        r"Only the first (?P<number>[\d,]+) links were kept",
        _("Only the first %(number)s links were kept."),
    ),
    (
        r"The page was too large or too deep",
        _("The publisher's page was too large; what lies beyond our limits was not read."),
    ),
    (
        r"Live blog: ",
        _("The publisher's page is a live blog; what introduces it was read, not its posts."),
    ),
)


def repair(mend: Repair) -> Told:
    """What was mended, in a sentence."""
    words = REPAIRS.get(mend.code)
    return Told(str(words)) if words is not None else Told(mend.why, "en")


def warning(sentence: str) -> Told:
    """What could not be mended, in a sentence."""
    for pattern, words in WARNINGS:
        if found := re.match(pattern, sentence, re.DOTALL):
            carried = {name: field(value) if name == "field" else value for name, value in found.groupdict().items()}
            return Told(str(words) % carried if carried else str(words))
    return Told(sentence, "en")
