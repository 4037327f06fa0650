"""Two editors have one form open: neither undoes what the other saved."""

from __future__ import annotations

import re
import threading
import time
from html import unescape
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from masthead.accounts.models import Act
from masthead.desk.forms import SectionForm, SourceForm
from masthead.feeds.models import Source
from masthead.pages.models import Section

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str) -> dict[str, str]:
    """The form of a page, as a browser would send it back."""
    page = client.get(address).content.decode()
    form = next(part for part in re.findall(r"<form.*?</form>", page, re.S) if 'name="seen"' in part)
    values: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r' name="([^"]*)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            values[name[1]] = unescape(value[1]) if value else "on" if 'type="checkbox"' in tag else ""
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        values[name] = unescape(text).strip().replace("\n", "\r\n")
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name] = unescape(chosen[1]) if chosen else ""
    values.pop("csrfmiddlewaretoken", None)
    return values


def test_what_the_other_changed_stays(chief: Client, source: Source) -> None:
    address = reverse("desk:source", args=[source.pk])
    first, second = shown(chief, address), shown(chief, address)
    del second["show_images"]
    assert chief.post(address, first | {"country": "AT", "description": "One\r\ntwo"}).status_code == 302
    assert chief.post(address, second | {"weight": "2"}).status_code == 302
    source.refresh_from_db()
    assert (source.country, source.weight, source.show_images) == ("AT", 2, False)
    assert source.description.splitlines() == ["One", "two"]
    noted = [set(act.note.split(", ")) for act in Act.objects.filter(verb="changed source").order_by("id")]
    assert noted == [{"country", "description"}, {"weight", "show_images"}], "each act names what its editor changed"


def test_what_both_changed_is_told_and_saved_at_the_second_try(chief: Client, source: Source) -> None:
    address = reverse("desk:source", args=[source.pk])
    first, second = shown(chief, address), shown(chief, address)
    chief.post(address, first | {"country": "AT"})
    answer = chief.post(address, second | {"country": "CH", "weight": "1"})
    assert answer.status_code == 200 and "Somebody else has changed this to “AT”" in answer.content.decode()
    source.refresh_from_db()
    assert (source.country, source.weight) == ("AT", 0), "nothing of it is saved"
    again = answer.context["form"].data
    assert (again["country"], again["weight"]) == ("CH", "1"), "and nothing that was typed is lost"
    assert chief.post(address, again).status_code == 302
    source.refresh_from_db()
    assert (source.country, source.weight) == ("CH", 1)


def test_a_tick_that_the_other_took_away_stays_away(chief: Client, source: Source) -> None:
    address = reverse("desk:source", args=[source.pk])
    first, second = shown(chief, address), shown(chief, address)
    first.pop("show_images")
    chief.post(address, first)
    chief.post(address, second | {"weight": "1"})
    source.refresh_from_db()
    assert (source.weight, source.show_images) == (1, False)


def test_lines_of_a_section_and_a_new_one(chief: Client, section: Section) -> None:
    address = reverse("desk:section", args=[section.pk])
    first, second = shown(chief, address), shown(chief, address)
    chief.post(address, first | {"names_text": "de: Hafen\r\nfr: Port"})
    chief.post(address, second | {"position": "7"})
    section.refresh_from_db()
    assert (section.position, section.names) == (7, {"de": "Hafen", "fr": "Port"})
    assert 'name="seen"' not in chief.get(reverse("desk:new-section")).content.decode()


@pytest.mark.parametrize(("before", "after"), [(0, 2), (2, 0)])
def test_nought_is_a_value(chief: Client, source: Source, before: int, after: int) -> None:
    Source.objects.filter(pk=source.pk).update(weight=before, embargo_minutes=before)
    address = reverse("desk:source", args=[source.pk])
    first, second = shown(chief, address), shown(chief, address)
    chief.post(address, first | {"weight": str(after), "embargo_minutes": str(after)})
    assert chief.post(address, second | {"country": "AT"}).status_code == 302
    source.refresh_from_db()
    assert (source.weight, source.embargo_minutes, source.country) == (after, after, "AT")


@pytest.mark.parametrize("seen", ["", "[1]", "{", '{"weight": 3}', "null"])
def test_marks_that_are_none_break_nothing(chief: Client, source: Source, seen: str) -> None:
    """A form without its marks, of a program say, is taken as it is; marks of nothing are a conflict."""
    address = reverse("desk:source", args=[source.pk])
    answer = chief.post(address, shown(chief, address) | {"weight": "3", "seen": seen})
    source.refresh_from_db()
    assert (answer.status_code, source.weight) == ((200, 0) if "weight" in seen else (302, 3))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", ["source", "section"])
def test_two_who_save_at_the_same_moment(
    chief: Client, source: Source, section: Section, screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second waits until the first has saved, and sees it."""
    row, form = (source, SourceForm) if screen == "source" else (section, SectionForm)
    one, other = ("country", "AT"), ("weight", "3")
    if screen == "section":
        one, other = ("position", "7"), ("half_life_hours", "9")
    address = reverse(f"desk:{screen}", args=[row.pk])
    page = shown(chief, address)
    saving, let = threading.Event(), threading.Event()
    save = form.save

    def slowly(self: Any, commit: bool = True) -> Any:
        if not saving.is_set():
            saving.set()
            let.wait(10)
        return save(self, commit)

    monkeypatch.setattr(form, "save", slowly)
    answers: list[int] = []

    def post(name: str, value: str) -> None:
        own = Client()
        own.cookies.update(chief.cookies)
        answers.append(own.post(address, page | {name: value}).status_code)
        connections.close_all()

    editors = [threading.Thread(target=post, args=pair) for pair in (one, other)]
    editors[0].start()
    assert saving.wait(10)
    editors[1].start()
    time.sleep(0.3)  # the second has read by now, or waits
    let.set()
    for editor in editors:
        editor.join(20)
    assert answers == [302, 302]
    row.refresh_from_db()
    assert [str(getattr(row, name)) for name, _ in (one, other)] == [one[1], other[1]]
