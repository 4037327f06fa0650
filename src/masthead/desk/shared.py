"""Forms of rows that two editors may have open at once: neither undoes what the other saved.

A form carries the marks of the values that it was shown with. What the other changed meanwhile, and this editor left as
it was, stays changed; where both changed one field, the second is told and decides.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar, cast

from django import forms
from django.db.models import Model

Row = TypeVar("Row", bound=Model)
SEEN = "seen"


class _Marks(forms.CharField):
    """What the form showed. It is no value of the row."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Never: it says nothing of what the editor changed."""
        return False


class SharedForm(forms.ModelForm[Row]):
    """A form of a row as several editors see it."""

    seen = _Marks(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            del self.fields[SEEN]

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What a field shows; the marks are of all the others."""
        return json.dumps(self._marks()) if field_name == SEEN else super().get_initial_for_field(field, field_name)

    def full_clean(self) -> None:
        """Take over what others changed meanwhile before anything is judged."""
        told = self._take_over() if self.is_bound and SEEN in self.fields else {}
        super().full_clean()
        for name, value in told.items():
            done = f"changed this to “{value}”" if value else "emptied this"
            self.add_error(name, f"Somebody else has {done} meanwhile. Save again to have it as it stands here.")

    def _take_over(self) -> dict[str, str]:
        """Have the form say what others changed and this editor did not; what both changed, with their value."""
        shown, now = self._shown(), self._marks()
        posted = cast(Any, self.data).copy()
        told: dict[str, str] = {}
        for name in now.keys() & shown.keys():
            if shown[name] == now[name]:
                continue
            here = self[name]
            theirs = here.field.prepare_value(here.initial)
            if _mark(here.data) == shown[name]:
                _put(posted, here, theirs)
            elif _mark(here.data) != now[name]:
                told[name] = "" if _empty(theirs) else str(theirs)[:200]
        posted[self.add_prefix(SEEN)] = json.dumps(now)
        self.data = posted
        return told

    def _marks(self) -> dict[str, str]:
        """The marks of the values that the row has now."""
        names = [name for name in self.fields if name != SEEN]
        return {name: _mark(self[name].field.prepare_value(self[name].initial)) for name in names}

    def _shown(self) -> dict[str, str]:
        try:
            told = json.loads(self.data.get(self.add_prefix(SEEN)) or "{}")
        except ValueError:
            return {}
        return {str(name): str(mark) for name, mark in told.items()} if isinstance(told, dict) else {}


def _empty(value: Any) -> bool:
    """No value, or a box that is not ticked. Nought is one."""
    return value is None or value is False


def _mark(value: Any) -> str:
    """A value as it stands in a form, and as it comes back."""
    words = "" if _empty(value) else "\n".join(str(value).splitlines()).strip()
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _put(posted: Any, field: forms.BoundField, value: Any) -> None:
    """Have the form say `value` there; a box that is not ticked is not sent."""
    if _empty(value):
        posted.pop(field.html_name, None)
    else:
        posted[field.html_name] = value
