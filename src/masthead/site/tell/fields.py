"""The parts of a report, and what a rights policy means, as readers call them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "title": _("Headline"),
    "standfirst": _("Standfirst"),
    "byline": _("Author"),
    "language": _("Language"),
    "published": _("Date"),
    "modified": _("Date of change"),
    "source": _("Source"),
    "canonical_url": _("Link to the original"),
    "body": _("Text"),
    "text": _("Text"),
    "images": _("Pictures"),
    "lead_image": _("Main picture"),
    "related": _("Related reports"),
    "links": _("Links"),
    "short_links": _("Short links"),
    "categories": _("Keywords"),
    "quotes": _("Quotations"),
    "license": _("Licence"),
    "page": _("Surroundings of the text"),
}

POLICIES = {
    "full": _("This publisher lets us show its reports in full."),
    "excerpt": _("We show the beginning of each report; the whole of it is at the publisher's."),
    "link": _("We show headlines only; the reports are at the publisher's."),
}


def field(name: str) -> str:
    """A field of an article as readers call it."""
    return str(FIELDS.get(name, name.replace("_", " ")))


def policy(value: str) -> str:
    """A rights policy in a sentence."""
    return str(POLICIES.get(value, value))
