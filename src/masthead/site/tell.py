"""What the machine knows, told to a reader: where a field came from, what a policy means."""

from __future__ import annotations

from django.utils.translation import gettext as _


def field(name: str) -> str:
    """A field of an article as readers call it."""
    return {
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
        "license": _("Licence"),
        "page": _("Surroundings of the text"),
    }.get(name, name.replace("_", " "))


def origin(value: str) -> str:
    """A `Provenance.origin` in words: "feed:title" is "the publisher's feed (title)"."""
    place, _colon, detail = value.partition(":")
    known = {
        "feed": _("the publisher's feed"),
        "page": _("the publisher's page"),
        "text": _("the text itself"),
        "url": _("the address of the report"),
        "clock": _("our clock when we first saw it"),
        "editor": _("an editor of this site"),
        "none": _("not stated"),
    }.get(place)
    if known is None:
        return value
    return f"{known} ({detail})" if detail else known


def policy(value: str) -> str:
    """A rights policy in a sentence."""
    return {
        "full": _("This publisher lets us show its reports in full."),
        "excerpt": _("We show the beginning of each report; the whole of it is at the publisher's."),
        "link": _("We show headlines only; the reports are at the publisher's."),
    }.get(value, value)
