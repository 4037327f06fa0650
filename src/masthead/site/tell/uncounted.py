"""Why a request is no reading (`audience.agents.REASONS`), as readers are told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REASONS = {
    "crawler": _("Programs that search engines, archives and others send through the web, by a list that many keep."),
    "preview": _("Previews that other sites and messengers make of a link."),
    "monitor": _("Services that watch whether this site is up."),
    "program": _("Other programs that are no browser."),
    "no-agent": _("Requests that do not say which program makes them."),
    "prefetch": _("Pages that a browser loads in advance and may never show."),
    "prerender": _("Pages that a browser loads and draws in advance and may never show."),
    "head": _("Requests for the head of a page alone."),
    "range": _("Requests for a part of a page."),
    "method": _("Requests that do not ask to read."),
    "repeat": _("The same reader opening the same report again within 30 seconds."),
    "desk": _("Our own editors."),
    "forged": _("Requests that claim to be passed on for somebody else, by a machine that we do not know."),
    "error": _("Requests that were answered with an error."),
    "moved": _("Requests at an old address of a report; they are sent on, and count at the new one."),
    "unknown": _("Reports that were gone when the count was written."),
}


def reason(name: str) -> str:
    """Why such requests are not counted."""
    return str(REASONS.get(name, name))
