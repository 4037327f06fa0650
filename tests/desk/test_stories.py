"""Editors place, separate and merge reports; who did it when is told, it can be undone, and it stands in the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from masthead.accounts.models import Act, Role, User
from masthead.articles import search
from masthead.articles.models import Article, Revision
from masthead.core.records import to_builtins
from masthead.core.types import CleanArticle
from masthead.entries.models import Entry
from masthead.feeds.models import Feed, Source
from masthead.stories import facts
from masthead.stories.models import Decision, Member, Story


@pytest.fixture
def newsroom(db: None) -> dict[str, Article]:
    """Two stories of two reports, and one report alone; the index of the search holds them."""
    made: dict[str, Article] = {}
    now = timezone.now()
    for name, title in (
        ("dam one", "Dam breaks above Alfeld"),
        ("dam two", "Alfeld flooded after dam breaks"),
        ("strike one", "Nurses strike in Gerbach"),
        ("strike two", "Gerbach nurses walk out"),
        ("carnival", "Carnival begins in Norwin"),
    ):
        source, _ = Source.objects.get_or_create(slug=name.split()[-1], defaults={"name": name.split()[-1]})
        feed, _ = Feed.objects.get_or_create(source=source, url=f"http://{source.slug}.invalid/feed")
        entry = Entry.objects.create(feed=feed, source=source, key=name, first_seen_at=now, last_seen_at=now)
        article = Article.objects.create(
            entry=entry, source=source, slug=name.replace(" ", "-"), title=title, first_seen_at=now, language="en",
            sort_at=now - timedelta(minutes=len(made)),
        )  # fmt: skip
        document = to_builtins(CleanArticle(title=title, text=f"{title}.", language="en"))
        article.revision = Revision.objects.create(article=article, number=1, made_at=now, document=document, digest="")
        article.save()
        made[name] = article
    for names in (("dam one", "dam two"), ("strike one", "strike two"), ("carnival",)):
        story = Story.objects.create(slug=names[0], title="T", language="en", first_at=now, last_at=now)
        for name in names:
            Member.objects.create(story=story, article=made[name], at=made[name].sort_at)
        facts.refresh([story.pk])
    search.index([article.pk for article in made.values()])
    return made


def story_of(article: Article) -> Story:
    return Member.objects.select_related("story").get(article=article).story


def test_a_report_is_placed_by_words_and_the_way_back_is_one_click(newsroom: Any, as_role: Any) -> None:
    editor = as_role(Role.EDITOR)
    carnival, dam = newsroom["carnival"], story_of(newsroom["dam one"])
    before = story_of(carnival)
    screen = reverse("desk:belongs", args=[carnival.pk])
    found = editor.get(screen, {"q": "Alfeld"}).content.decode()
    assert f'name="story" value="{dam.pk}"' in found
    assert "Gerbach" not in found
    editor.post(screen, {"story": dam.pk})
    assert story_of(carnival) == dam and dam.articles == 2
    user = User.objects.get()
    told = editor.get(reverse("desk:article", args=[carnival.pk])).content.decode()
    assert f"decided by {user}" in told and "The machine leaves it there." in told
    act = Act.objects.get()
    assert (act.verb, act.object_id, act.user) == ("placed report in story", str(carnival.pk), user)
    assert str(dam.pk) in act.note
    shown = editor.get(reverse("desk:story", args=[dam.pk])).content.decode()
    undo = reverse("desk:undo", args=[Decision.objects.get().pk])
    assert undo in shown and "an editor" in shown
    editor.post(undo)
    assert story_of(carnival) == before
    assert Member.objects.get(article=carnival).origin == "machine"
    shown = editor.get(reverse("desk:story", args=[dam.pk])).content.decode()
    assert undo not in shown and f"by {user}" in shown
    assert Act.objects.first().verb == "undid a decision on stories"


def test_a_report_becomes_a_story_of_its_own(newsroom: Any, as_role: Any) -> None:
    editor = as_role(Role.EDITOR)
    old = story_of(newsroom["dam two"])
    editor.post(reverse("desk:separate", args=[newsroom["dam two"].pk]))
    assert story_of(newsroom["dam two"]) != old
    assert Act.objects.get().verb == "made report a story of its own"


def test_stories_are_merged_and_parted_again(newsroom: Any, as_role: Any) -> None:
    editor = as_role(Role.EDITOR)
    dam, strike = story_of(newsroom["dam one"]), story_of(newsroom["strike one"])
    screen = reverse("desk:story", args=[strike.pk])
    found = editor.get(screen, {"q": "flooded"}).content.decode()
    assert f'name="story" value="{dam.pk}"' in found
    editor.post(reverse("desk:merge", args=[strike.pk]), {"story": f"https://site.example/story/{dam.pk}-dam/"})
    assert story_of(newsroom["strike two"]) == dam
    assert "Its address leads to" in editor.get(screen).content.decode()
    editor.post(reverse("desk:undo", args=[Decision.objects.get().pk]))
    assert story_of(newsroom["strike two"]) == strike
    assert set(Member.objects.values_list("origin", flat=True)) == {"machine"}


def test_what_cannot_be_is_said_and_nothing_is_written(newsroom: Any, as_role: Any) -> None:
    editor = as_role(Role.EDITOR)
    dam = story_of(newsroom["dam one"])
    merge, place = reverse("desk:merge", args=[dam.pk]), reverse("desk:belongs", args=[newsroom["carnival"].pk])
    for path, typed, words in (
        (merge, "", "Choose the story"),
        (merge, str(dam.pk), "cannot be merged into itself"),
        (place, "no such", "Choose a story"),
        (place, "999999", "Choose a story"),
    ):
        answer = editor.post(path, {"story": typed}, follow=True)
        assert words in answer.content.decode()
    Story.objects.filter(pk=dam.pk).update(language="de")
    assert "has one language" in editor.post(place, {"story": dam.pk}, follow=True).content.decode()
    assert not Decision.objects.exists() and not Act.objects.exists()


@pytest.mark.parametrize(
    "typed", ["{pk}", "/story/{pk}-slug/", "https://a.example/story/{pk}", "/article/{article}-x/"]
)
def test_a_story_is_found_by_number_and_address(newsroom: Any, as_role: Any, typed: str) -> None:
    story, article = story_of(newsroom["strike one"]), newsroom["strike two"]
    page = as_role(Role.EDITOR).get("/desk/stories/", {"q": typed.format(pk=story.pk, article=article.pk)})
    assert [row.pk for row in page.context["page"]] == [story.pk]


def test_the_list_holds_the_stories_of_several_sources_at_a_constant_cost(
    newsroom: Any, as_role: Any, django_assert_max_num_queries: Any
) -> None:
    editor = as_role(Role.EDITOR)
    with django_assert_max_num_queries(8):  # one of them: does this login still live?
        page = editor.get("/desk/stories/")
    assert {row.pk for row in page.context["page"]} == {story_of(newsroom[n]).pk for n in ("dam one", "strike one")}
    with django_assert_max_num_queries(13):
        editor.get(reverse("desk:story", args=[story_of(newsroom["dam one"]).pk]), {"q": "nurses"})
