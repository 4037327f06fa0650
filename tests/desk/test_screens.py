"""What each screen does to the newsroom, and that nothing from outside is active on it."""

from __future__ import annotations

from datetime import timedelta

import lxml.html
import pytest
from django.urls import reverse
from django.utils import timezone

from masthead.accounts.models import Act, Role, User
from masthead.articles.models import Revision
from masthead.audience.models import Exclusion, ViewCount
from masthead.core.records import to_builtins
from masthead.core.types import Block, CleanArticle
from masthead.feeds.models import Feed, FeedState, Source, SourceIcon
from masthead.pages.models import Placement, Section, Slot
from masthead.store import generation

LISTS = ["overview", "articles", "stories", "sources", "feeds", "front", "sections", "readers", "log"]


def assert_inert(html: str) -> None:
    """Nothing that came from outside became markup: no foreign script, image or handler."""
    tree = lxml.html.document_fromstring(html)
    for script in tree.iter("script"):
        assert script.get("src", "").startswith("/static/") and not (script.text or "").strip()
    assert not tree.xpath("//img")
    assert not [a for e in tree.iter() if isinstance(e.tag, str) for a in e.attrib if a.startswith("on")]


@pytest.mark.parametrize("name", LISTS)
def test_lists_empty_and_hostile(name, chief, request):
    assert chief.get(reverse(f"desk:{name}")).status_code == 200
    request.getfixturevalue("article")
    Act.objects.create(at=timezone.now(), verb="<b>", label="<script>x</script>", note="<img src=x onerror=y>")
    response = chief.get(reverse(f"desk:{name}"))
    assert response.status_code == 200
    assert_inert(response.content.decode())


def test_screens_of_one_thing_are_inert(chief, article, feed, source, section, decision):
    things = [("article", article), ("belongs", article), ("feed", feed), ("source", source), ("section", section)]
    for name, thing in [*things, ("story", decision.story)]:
        response = chief.get(reverse(f"desk:{name}", args=[thing.pk]))
        assert response.status_code == 200
        assert_inert(response.content.decode())


def test_the_article_list_costs_the_same_for_one_and_for_many(chief, article, feed, django_assert_max_num_queries):
    from masthead.articles.models import Article
    from masthead.entries.models import Entry

    now = timezone.now()
    for n in range(30):
        entry = Entry.objects.create(feed=feed, source=feed.source, key=f"n{n}", first_seen_at=now, last_seen_at=now)
        Article.objects.create(
            entry=entry, source=feed.source, slug=f"a{n}", title=f"a{n}", first_seen_at=now, sort_at=now
        )
    with django_assert_max_num_queries(9):  # one of them: does this login still live?
        response = chief.get("/desk/articles/?q=a2")
    assert response.content.decode().count("/desk/articles/") >= 11


def test_take_down_and_put_back(chief, article, django_capture_on_commit_callbacks):
    before = generation.current()
    with django_capture_on_commit_callbacks(execute=True):
        chief.post(reverse("desk:withdraw", args=[article.pk]), {"reason": "A court order"})
    article.refresh_from_db()
    assert (article.state, article.state_reason) == ("withdrawn", "A court order")
    assert generation.current()[1] > before[1], "readers must not see it for another second"
    assert Act.objects.get(verb="took down article").note == "A court order"
    chief.post(reverse("desk:restore", args=[article.pk]))
    article.refresh_from_db()
    assert article.state == "published"


def test_a_takedown_needs_a_reason(chief, article):
    chief.post(reverse("desk:withdraw", args=[article.pk]), {"reason": " "})
    article.refresh_from_db()
    assert article.state == "published" and not Act.objects.exists()


def test_an_editor_cannot_put_back_what_a_chief_took_down(chief, as_role, article):
    chief.post(reverse("desk:withdraw", args=[article.pk]), {"reason": "A court order"})
    as_role(Role.EDITOR).post(reverse("desk:restore", args=[article.pk]))
    article.refresh_from_db()
    assert article.state == "withdrawn"


def test_move_and_pin(chief, article, section):
    chief.post(reverse("desk:move", args=[article.pk]), {"section": section.slug})
    assert Placement.objects.get(article=article).origin == "editor"
    chief.post(reverse("desk:pin", args=[article.pk]), {"area": "lead", "hours": "6"})
    slot = Slot.objects.get(area="lead")
    assert slot.article == article and slot.pinned_until > timezone.now() + timedelta(hours=5)
    chief.post(reverse("desk:pin", args=[article.pk]), {"area": "second", "hours": "6"})
    assert [s.area for s in Slot.objects.filter(article=article)] == ["second"], "never twice on one page"
    chief.post(reverse("desk:unpin", args=[article.pk]))
    assert Slot.objects.get(article=article).pinned_until is None


@pytest.mark.parametrize(
    "bad", [{"area": "lead", "hours": "0"}, {"area": "lead", "hours": "x"}, {"area": "brief", "hours": "6"}]
)
def test_a_pin_that_makes_no_sense_is_refused(bad, chief, article):
    response = chief.post(reverse("desk:pin", args=[article.pk]), bad, follow=True)
    assert "Choose a place" in response.content.decode()
    assert not Slot.objects.exists()


def test_subscribe_sets_it_due_and_fetches_nothing(chief, db):
    response = chief.post("/desk/feeds/new/", {"url": "https://www.gazette.invalid/feed.xml"}, follow=True)
    feed = Feed.objects.get()
    assert response.status_code == 200 and feed.due_at <= timezone.now() and feed.fetched_at is None
    assert "gazette" in feed.source.name
    again = chief.post("/desk/feeds/new/", {"url": "https://www.gazette.invalid/feed.xml"})
    assert "subscribed already" in again.content.decode() and Feed.objects.count() == 1


@pytest.mark.parametrize("url", ["ftp://gazette.invalid/f", "javascript:alert(1)", "file:///etc/passwd", "no address"])
def test_an_address_that_is_none_is_refused(url, chief, db):
    assert chief.post("/desk/feeds/new/", {"url": url}).status_code == 200
    assert not Feed.objects.exists() and not Source.objects.exists()


def test_pause_and_resume(chief, feed):
    chief.post(reverse("desk:pause", args=[feed.pk]), {"reason": "too loud"})
    feed.refresh_from_db()
    assert (feed.state, feed.reason) == (FeedState.PAUSED, "too loud")
    assert feed.due_at is None
    chief.post(reverse("desk:poll", args=[feed.pk]))
    feed.refresh_from_db()
    assert feed.state == FeedState.ACTIVE and feed.due_at is not None


def test_saving_a_feed_leaves_its_schedule_alone(chief, feed, section):
    Feed.objects.filter(pk=feed.pk).update(etag='"abc"', failures=3)
    chief.post(reverse("desk:feed", args=[feed.pk]), {"title": "T", "section": section.slug, "full_text": "on"})
    feed.refresh_from_db()
    assert (feed.title, feed.section, feed.full_text, feed.etag, feed.failures) == ("T", "harbour", "on", '"abc"', 3)


def test_a_change_of_rights_is_seen_at_once(chief, source, article, django_capture_on_commit_callbacks):
    before = generation.current()
    form = {"name": "Hill Gazette", "slug": "hill-gazette", "policy": "link", "embargo_minutes": 0, "weight": 0}
    with django_capture_on_commit_callbacks(execute=True):
        response = chief.post(reverse("desk:source", args=[source.pk]), form)
    assert response.status_code == 302
    source.refresh_from_db()
    assert source.policy == "link" and generation.current()[1] > before[1]


def test_pictures_that_rights_allow_from_now_on_are_asked_for(
    chief, source, article, django_capture_on_commit_callbacks
):
    from masthead.articles.models import Image
    from masthead.core.records import to_builtins
    from masthead.core.types import CleanArticle, ImageRef

    picture = ImageRef("https://gazette.example/ferry.jpg", alt="The ferry")
    article.revision.document = to_builtins(CleanArticle(title="Ferry", lead_image=picture, images=(picture,)))
    article.revision.save()
    form = {"name": "Hill Gazette", "slug": "hill-gazette", "policy": "full", "embargo_minutes": 0, "weight": 0}
    with django_capture_on_commit_callbacks(execute=True):
        chief.post(reverse("desk:source", args=[source.pk]), form)
    assert not Image.objects.exists(), "the form left the pictures out"
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            chief.post(reverse("desk:source", args=[source.pk]), form | {"show_images": "on"})
    row = Image.objects.get()
    article.refresh_from_db()
    assert (row.url, row.state, article.lead) == (picture.src, "wanted", row)


def test_sections_take_names_and_categories_as_lines(chief, db):
    form = {
        "name": "Sea",
        "slug": "sea",
        "position": 5,
        "half_life_hours": 12,
        "names_text": "de: Meer\nru: Море",
        "matches_text": "Maritime\n\nSchifffahrt",
    }
    assert chief.post("/desk/sections/new/", form).status_code == 302
    section = Section.objects.get(slug="sea")
    assert section.names == {"de": "Meer", "ru": "Море"} and section.matches == ["Maritime", "Schifffahrt"]
    assert chief.post("/desk/sections/new/", {**form, "slug": "x", "names_text": "nonsense"}).status_code == 200


def test_operators_make_users_and_cannot_shut_themselves_out(as_role, db):
    client = as_role(Role.OPERATOR)
    form = {"username": "nia", "role": "editor", "password1": "a long pass phrase", "password2": "a long pass phrase"}
    assert client.post("/desk/users/new/", form).status_code == 302
    assert User.objects.get(username="nia").role == Role.EDITOR
    me = User.objects.get(role=Role.OPERATOR)
    client.post(reverse("desk:user", args=[me.pk]), {"role": "reader", "is_active": "on"})
    me.refresh_from_db()
    assert me.role == Role.OPERATOR


def test_overview_part_for_htmx(chief, article):
    response = chief.get("/desk/", headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith("<div")


def test_a_sources_icon_is_shown_and_told(chief, source):
    def screens():
        pages = [reverse("desk:sources"), reverse("desk:source", args=[source.pk])]
        trees = [lxml.html.document_fromstring(chief.get(page).content) for page in pages]
        return [tree.xpath("//img/@src") for tree in trees], " ".join(trees[1].text_content().split())

    shown, told = screens()
    assert shown == [[], []] and "Not looked for yet" in told
    now = timezone.now()
    icon = SourceIcon.objects.create(source=source, asked_at=now, due_at=now, reason="/favicon.ico: answered 404")
    shown, told = screens()
    assert shown == [[], []] and "None: /favicon.ico: answered 404. It is asked for again on" in told
    icon.files, icon.url, icon.reason = (
        [{"side": 64, "path": "icons/aa/a-64.webp"}],
        "https://gazette.example/i.png",
        "",
    )
    icon.save()
    shown, told = screens()
    assert shown == [["/media/icons/aa/a-64.webp"]] * 2 and "From https://gazette.example/i.png." in told
    Source.objects.update(show_images=False)
    shown, told = screens()
    assert shown == [[], []] and "Not shown and not asked for" in told


def test_another_home_page_has_its_icon_looked_for(chief, source):
    later = timezone.now() + timedelta(days=30)
    SourceIcon.objects.create(source=source, due_at=later, misses=3)
    form = {"name": "Hill Gazette", "slug": "hill-gazette", "policy": "link", "embargo_minutes": 0, "weight": 0}
    chief.post(reverse("desk:source", args=[source.pk]), form)
    assert SourceIcon.objects.get().due_at == later
    chief.post(reverse("desk:source", args=[source.pk]), form | {"home_url": "https://gazette.example/"})
    assert SourceIcon.objects.get().due_at <= timezone.now()


def test_the_readers_of_an_article_stand_in_two_charts(chief, article):
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    ViewCount.objects.create(article=article, hour=now, views=4, short_link_uses=2)
    ViewCount.objects.create(article=article, hour=now - timedelta(hours=30), views=8)
    day = (now - timedelta(days=9)).replace(hour=0)
    ViewCount.objects.create(article=article, hour=day, views=20, daily=True)
    ViewCount.objects.create(article=article, hour=now - timedelta(days=60), views=500, daily=True)
    tree = lxml.html.document_fromstring(chief.get(f"/desk/articles/{article.pk}/").content.decode())
    days, hours = tree.xpath("//svg[@class='bars']")
    assert "32 readings in 30 days" in " ".join(tree.text_content().split())
    assert f"{day:%Y-%m-%d}: 20" in [t.text for t in days.iter("title")]
    assert max(int(r.get("height")) for r in days.iter("rect")) == 48
    assert [t.text for t in hours.iter("title")] == [
        f"{now - timedelta(hours=30):%Y-%m-%d %H:%M}: 8", f"{now:%Y-%m-%d %H:%M}: 4",
    ]  # fmt: skip
    assert "used 2 times" in tree.text_content()


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_days_are_utc_wherever_the_site_is(chief, article, settings, zone):
    settings.TIME_ZONE = zone
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = midnight - timedelta(days=1)
    ViewCount.objects.create(article=article, hour=yesterday, views=5, daily=True)
    ViewCount.objects.create(article=article, hour=midnight - timedelta(hours=1), views=2)
    Exclusion.objects.create(hour=yesterday, reason="crawler", requests=9)
    html = chief.get("/desk/readers/").content.decode()
    rows = [[c.text_content() for c in row] for row in lxml.html.document_fromstring(html).xpath("//table[1]//tr")]
    assert rows[2] == [f"{yesterday:%Y-%m-%d}", "7", "0", "9"]
    page = lxml.html.document_fromstring(chief.get(f"/desk/articles/{article.pk}/").content.decode())
    assert [t.text for t in page.xpath("//svg[@class='bars'][1]//title")] == [f"{yesterday:%Y-%m-%d}: 7"]


def test_what_was_not_counted_stands_by_day_and_an_unknown_proxy_is_told(chief, article):
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    ViewCount.objects.create(article=article, hour=hour, views=7)
    for reason, requests, ago in (("crawler", 30, 0), ("forged", 15, 0), ("crawler", 11, 3)):
        Exclusion.objects.create(hour=hour - timedelta(days=ago), reason=reason, requests=requests)
    html = chief.get("/desk/readers/").content.decode()
    rows = [[c.text_content() for c in row] for row in lxml.html.document_fromstring(html).xpath("//table[1]//tr")]
    assert rows[0][:5] == ["Day", "Readings", "Short links", "crawler", "forged"]
    assert rows[1][1:5] == ["7", "0", "30", "15"] and rows[4][1:5] == ["0", "0", "11", "0"]
    assert "trusted_proxies" not in html
    Exclusion.objects.filter(reason="forged").update(requests=500)
    assert "trusted_proxies" in chief.get("/desk/readers/").content.decode()


def test_a_table_and_a_list_are_shown_as_such(chief, article):
    document = to_builtins(
        CleanArticle(
            title="Results",
            body=(
                Block("table", text="Norwin 3", html="<table><tr><td>Norwin</td><td>3</td></tr></table>"),
                Block("list", text="one two", items=("one", "<b>two</b>"), ordered=True),
            ),
        )
    )
    Revision.objects.filter(article=article).update(document=document)
    page = lxml.html.fromstring(chief.get(reverse("desk:article", args=[article.pk])).content)
    (text,) = page.find_class("text")
    assert [td.text for td in text.iter("td")] == ["Norwin", "3"]
    assert [li.text_content() for li in text.find("ol")] == ["one", "two"]


def test_the_picture_of_an_icon_is_an_editors_to_change(chief, db):
    source = Source.objects.create(name="Hill Gazette", slug="hill", country="AT")
    SourceIcon.objects.create(source=source, home_url=source.home_url, due_at=None)
    form = chief.get(reverse("desk:source", args=[source.pk])).context["form"]
    values = {name: "" if (held := form[name].value()) is None else held for name in form.fields}
    address = reverse("desk:source", args=[source.pk])
    refused = chief.post(address, values | {"icon_url": "javascript:alert(1)"})
    assert "icon_url" in refused.context["form"].errors
    answer = chief.post(address, values | {"icon_url": "https://gazette.example/mark.png"})
    assert answer.status_code == 302, answer.context["form"].errors
    source.refresh_from_db()
    assert source.icon_url == "https://gazette.example/mark.png"
    assert SourceIcon.objects.get().due_at is not None, "it is asked for"
