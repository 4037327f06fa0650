"""Everything on the pages is said in all six languages, and what is compiled is what is written."""

from __future__ import annotations

import io
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from masthead.site import messages

FIELD = re.compile(r"%\((\w+)\)[sd]")


def said(catalogue: Catalog) -> dict[str, object]:
    return {str(m.id): m.string for m in catalogue if m.id}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_nothing_is_untranslated(language: str) -> None:
    assert messages.missing(messages.stored(language)) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_compiled_is_what_is_written(language: str) -> None:
    written = [m.id for m in messages.stored(language) if m.id]
    path = messages.folder(language) / "django.mo"
    with path.open("rb") as source:
        compiled = said(read_mo(source))
    again = said(read_mo(io.BytesIO(messages.compiled(messages.stored(language)))))
    assert len(compiled) == len(written)
    assert compiled == again


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_form_keeps_the_fields_of_the_message(language: str) -> None:
    for message in messages.stored(language):
        if not message.id:
            continue
        plural = not isinstance(message.id, str)
        wanted = set(FIELD.findall(message.id[-1] if plural else message.id))
        forms = message.string if plural else (message.string,)
        for form in forms:
            used = set(FIELD.findall(form))
            assert used <= wanted, form
            assert plural or used == wanted, form
        assert not plural or set(FIELD.findall(forms[-1])) == wanted
