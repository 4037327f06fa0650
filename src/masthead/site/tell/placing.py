"""Why a report stands where it stands on the front page, and in its section, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from masthead.core.rank import Reason
from masthead.site import words


def reasons(found: Iterable[Reason], language: str) -> list[str]:
    """The reasons of a place, each a short clause, in the language that is active; `language` for the numbers."""
    known = list(found)
    undated = any(reason.code == "undated" for reason in known)
    told = [_reason(reason, language) for reason in known if not (undated and reason.code.startswith("age-"))]
    return [clause for clause in told if clause]


def _reason(reason: Reason, language: str) -> str:
    n = int(reason.value)
    count = {"n": words.number(n, language)}
    if reason.code == "weight":
        return _("the desk gives its source more weight") if n > 0 else _("the desk gives its source less weight")
    counted = {
        "age-hours": ngettext("published within the last hour", "published within the last %(n)s hours", n),
        "age-days": ngettext("published a day ago", "published %(n)s days ago", n),
        "sources": ngettext("reported independently by %(n)s source", "reported independently by %(n)s sources", n),
        "readers": ngettext("opened at least %(n)s time in a day", "opened at least %(n)s times in a day", n),
        "undated": _("its day is not stated, so it counts for less than half and does not lead"),
        "picture": _("has a picture"),
        "editor": _("placed here by an editor"),
        "held": _("kept its place: nothing is clearly stronger"),
        "variety": _("here for variety: what is stronger is of a source, section or topic that has its share already"),
    }
    return counted.get(reason.code, "") % count


def section_found(origin: str, evidence: str) -> str:
    """How the section of a report was found, as a clause; "" for an origin without words."""
    found = {
        "feed": _("its feed is one of this section"),
        "category": _("its publisher files it under “%(evidence)s”"),
        "text": _("by its words, since its publisher names no section that is known here: %(evidence)s"),
        "editor": _("put there by an editor"),
        "default": _("its publisher names no section that is known here"),
    }
    return found.get(origin, "") % {"evidence": evidence}
