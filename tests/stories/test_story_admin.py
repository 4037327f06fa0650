"""What an operator does with stories in /admin counts as an editor's decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from masthead.stories.group import group
from masthead.stories.models import Member, Story

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAM = "The old dam above the town of Alfeld broke on {} and {} people fled from the flood that followed."


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def settle() -> None:
    while group(50).more:
        pass


def story_of(article: Any) -> Story:
    return Member.objects.select_related("story").get(article=article).story


def two_stories(newsroom: Any) -> tuple[Any, Any]:
    dam = newsroom.article("Dam breaks above Alfeld", DAM.format("Monday", "many"), source="A")
    strike = newsroom.article("Nurses strike in Gerbach", "Nurses of the hospital in Gerbach struck.", source="B")
    settle()
    return dam, strike


def fields(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back from this form."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for inline in context.get("inline_admin_formsets", ()):
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent: dict[str, Any] = {}
    for form in forms:
        for name in form.fields:
            value = form[name].value()
            if isinstance(value, datetime):
                date, time = f"{value:%Y-%m-%d}", f"{value:%H:%M:%S}"
                sent |= {f"{form.add_prefix(name)}_0": date, f"{form.add_prefix(name)}_1": time}
            else:
                sent[form.add_prefix(name)] = "" if value is None else value
    return sent


def change(client: Client, row: Story | Member, **values: Any) -> None:
    kind = type(row).__name__.lower()
    address = reverse(f"admin:stories_{kind}_change", args=[row.pk])
    answer = client.post(address, fields(client, address) | values)
    assert answer.status_code == 302, answer.context["errors"]


def test_a_story_merged_in_admin_takes_its_reports_along_for_good(newsroom: Any, admin_client: Client) -> None:
    dam, strike = two_stories(newsroom)
    gone, into = story_of(strike), story_of(dam)
    change(admin_client, gone, merged_into=into.pk)
    assert story_of(strike) == into
    assert set(Member.objects.values_list("origin", flat=True)) == {"editor"}
    into.refresh_from_db()
    gone.refresh_from_db()
    assert (into.articles, into.sources, gone.merged_into, gone.articles) == (2, 2, into, 0)
    assert newsroom.article("Alfeld dam breaks", DAM.format("Monday", "a thousand"), source="C")
    settle()
    assert story_of(strike) == into  # no late evidence parts what was merged by hand


def test_a_report_moved_in_a_storys_list_stays(newsroom: Any, admin_client: Client) -> None:
    dam, strike = two_stories(newsroom)
    story, left = story_of(dam), story_of(strike)
    change(admin_client, Member.objects.get(article=strike), story=story.pk)
    left.refresh_from_db()
    assert Member.objects.get(article=strike).origin == Member.Origin.EDITOR
    assert (story_of(strike), left.merged_into) == (story, story)
    story.refresh_from_db()
    assert story.articles == 2


def test_a_member_changed_in_the_inline_form_is_the_editors(newsroom: Any, admin_client: Client) -> None:
    dam, strike = two_stories(newsroom)
    change(admin_client, story_of(dam), **{"members-0-similarity": "0.5"})
    assert Member.objects.get(article=dam).origin == Member.Origin.EDITOR
    assert Member.objects.get(article=strike).origin == Member.Origin.MACHINE


def test_saving_a_story_unchanged_decides_nothing(newsroom: Any, admin_client: Client) -> None:
    dam, _ = two_stories(newsroom)
    change(admin_client, story_of(dam))
    assert set(Member.objects.values_list("origin", flat=True)) == {"machine"}


def test_a_story_cannot_be_merged_into_one_that_leads_back_to_it(newsroom: Any, admin_client: Client) -> None:
    dam, strike = two_stories(newsroom)
    gone, into = story_of(strike), story_of(dam)
    change(admin_client, gone, merged_into=into.pk)
    address = reverse("admin:stories_story_change", args=[into.pk])
    for wrong in (into.pk, gone.pk):
        answer = admin_client.post(address, fields(admin_client, address) | {"merged_into": wrong})
        assert answer.status_code == 200
        assert "itself" in answer.content.decode()
    into.refresh_from_db()
    assert into.merged_into is None
    settle()
    newsroom.article("Alfeld dam breaks", DAM.format("Monday", "a thousand"), source="C", at=NOON + timedelta(hours=1))
    settle()
    assert story_of(dam) == into
