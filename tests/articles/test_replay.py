"""Replay: what it shows, what it writes, what it leaves alone, and that it may be killed anywhere."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from click.testing import CliRunner
from django.db.models import F

from masthead.articles import takedown
from masthead.articles.clean import clean
from masthead.articles.models import Article, Replay, Revision
from masthead.articles.replay import run as replays
from masthead.articles.replay.findings import SAMPLES, clipped
from masthead.core.engine import fingerprint
from masthead.entries.models import Entry, LinkedPage, PageState
from masthead.entries.storable import pack
from masthead.pages import compose
from masthead.pages.types import ArticlePage, ChangesPage

from .test_clean_articles import SEEN, TEXT, item, make_entry

pytestmark = pytest.mark.django_db
PROMO = {"type": "paragraph", "text": "Sign up for our newsletter!", "html": "Sign up for our newsletter!"}


def spoil(article: Article, **changes: Any) -> None:
    """Give an article the document that a worse program would have made of its entry."""
    assert article.revision is not None
    document = {**article.revision.document, **changes}
    Revision.objects.filter(pk=article.revision.pk).update(document=document, digest="old", engine="old")


def archive(count: int, **spoilt: Any) -> list[Article]:
    """So many articles, each with a document made by a worse program."""
    for number in range(count):
        make_entry(
            item(id=str(number), link=f"https://courier.example/{number}", title=f"Council votes, part {number}")
        )
    assert clean(limit=count).done == count
    found = list(Article.objects.order_by("pk").select_related("revision"))
    for article in found:
        spoil(article, **(spoilt or {"title": f"{article.title} &amp;amp; more"}))
    return found


def replay(**asked: Any) -> replays.Run:
    row, _ = replays.begin(**{"applies": False, "since": None, "source": None, **asked})
    run = replays.Run(row)
    run.go_on()
    return run


def test_without_apply_it_shows_and_writes_nothing() -> None:
    article = archive(1)[0]
    before = list(Revision.objects.values())
    found = replay().findings
    assert (found.looked, found.revised, found.refreshed, found.same) == (1, 1, 0, 0)
    assert found.fields["title"].changed == found.fields["title"].seen == 1
    assert list(Revision.objects.values()) == before
    article.refresh_from_db()
    assert article.changed_at is None


def test_apply_makes_a_revision_of_ours_that_no_page_calls_the_publishers() -> None:
    article = archive(1)[0]
    address = compose.article(article.pk).card.path  # type: ignore[union-attr]
    run = replay(applies=True)
    assert run.findings.revised == 1
    newest = Revision.objects.latest("number")
    assert (newest.number, newest.origin, newest.changed) == (2, Revision.Origin.OURS, ["title"])
    page, history = compose.article(article.pk), compose.changes(article.pk)
    assert isinstance(page, ArticlePage) and isinstance(history, ChangesPage)
    assert page.card.changed is None and page.mended == newest.made_at
    assert page.card.path == address
    assert history.revisions[0].origin == "ours"


def test_what_readers_do_not_notice_is_refreshed_without_a_revision() -> None:
    archive(1, provenance={}, repairs=[], related=[])
    found = replay(applies=True).findings
    assert (found.revised, found.refreshed) == (0, 1)
    revision = Revision.objects.get()
    assert revision.number == 1
    assert revision.document["provenance"]["title"]["origin"] == "feed:title"
    assert revision.engine == fingerprint()


def test_a_second_run_changes_nothing_more() -> None:
    archive(3)
    replay(applies=True)
    before = list(Revision.objects.order_by("pk").values())
    again = replay(applies=True).findings
    assert (again.looked, again.same, again.revised, again.refreshed) == (3, 3, 0, 0)
    assert list(Revision.objects.order_by("pk").values()) == before


# Five articles in batches of two: five looks and four marks; where it applies, five acts and a mark with each.
@pytest.mark.parametrize(("applies", "death"), [(True, n) for n in range(19)] + [(False, n) for n in range(9)])
def test_killed_anywhere_it_goes_on_and_comes_to_the_same(
    monkeypatch: pytest.MonkeyPatch, applies: bool, death: int
) -> None:
    archive(5)
    monkeypatch.setattr(replays, "BATCH", 2)
    steps = 0

    def then_die(real: Any) -> Any:
        def step(*arguments: Any, **options: Any) -> Any:
            nonlocal steps
            steps += 1
            answer = real(*arguments, **options)
            if steps == death + 1:
                raise KeyboardInterrupt
            return answer

        return step

    with monkeypatch.context() as patch:
        for owner, name in ((replays, "look"), (replays, "apply"), (replays.Run, "_save")):
            patch.setattr(owner, name, then_die(getattr(owner, name)))
        with pytest.raises(KeyboardInterrupt):
            replay(applies=applies)
    stopped = Replay.objects.get()
    if stopped.finished_at is None:
        row, resumed = replays.begin(applies=applies, since=None, source=None)
        assert resumed and row == stopped
        replays.Run(row).go_on()
    run = replays.Run(Replay.objects.get())
    assert (run.findings.looked, run.findings.revised, run.findings.fields["title"].changed) == (5, 5, 5)
    assert len(run.samples.fields["title"]) == 5
    assert Revision.objects.count() == (10 if applies else 5)


def test_of_two_that_go_on_with_one_run_one_ends() -> None:
    archive(3)
    row, _ = replays.begin(applies=True, since=None, source=None)
    first, second = replays.Run(row), replays.Run(Replay.objects.get(pk=row.pk))
    second.go_on()
    with pytest.raises(replays.Overtaken):
        first.go_on()
    assert Revision.objects.count() == 6


def test_a_run_of_another_program_begins_anew() -> None:
    archive(1)
    row, _ = replays.begin(applies=False, since=None, source=None)
    Replay.objects.filter(pk=row.pk).update(engine="another")
    assert not replays.begin(applies=False, since=None, source=None)[1]


def test_what_editors_did_stays() -> None:
    held, down, edited, plain = archive(4)
    takedown.hold(held, "Being checked.")
    takedown.withdraw(down, "A court ordered it.")
    Revision.objects.filter(pk=edited.revision_id).update(origin=Revision.Origin.EDITOR)
    found = replay(applies=True).findings
    assert found.left == {"held by an editor": 1, "taken down": 1, "changed by an editor": 1}
    assert found.revised == 1
    changed = Revision.objects.filter(number=2).values_list("article", flat=True)
    assert list(changed) == [plain.pk]
    assert dict(Article.objects.values_list("pk", "state")) == {
        held.pk: "held",
        down.pk: "withdrawn",
        edited.pk: "published",
        plain.pk: "published",
    }


def test_an_act_of_an_editor_in_between_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    article = archive(1)[0]
    real = replays.apply

    def apply(found: Any) -> bool:
        takedown.withdraw(Article.objects.get(pk=article.pk), "A court ordered it.")
        return real(found)

    monkeypatch.setattr(replays, "apply", apply)
    found = replay(applies=True).findings
    assert found.left == {"changed by somebody else at the same moment": 1}
    article.refresh_from_db()
    assert (article.state, Revision.objects.count()) == ("withdrawn", 1)


def test_what_waits_for_the_pipeline_is_left_to_it() -> None:
    archive(1)
    Entry.objects.update(cleaned_version=0)
    assert replay(applies=True).findings.left == {"its newest version waits for the pipeline": 1}


def test_an_entry_once_refused_becomes_an_article() -> None:
    entry = make_entry(item())
    Entry.objects.update(cleaned_version=-1, clean_error="ValueError: a fault of an older program")
    assert replay().findings.made == 1
    assert not Article.objects.exists()
    assert replay(applies=True).findings.made == 1
    entry.refresh_from_db()
    assert (entry.cleaned_version, entry.clean_error) == (1, "")
    assert Article.objects.get().title == "Council votes to rebuild the bridge"


def test_one_bad_original_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    bad, _ = archive(2)
    LinkedPage.objects.create(
        entry=bad.entry, url="https://courier.example/1", state=PageState.READY, body=b"no zstd", fetched_at=SEEN
    )
    run = replay(applies=True)
    assert (run.findings.failed, run.findings.revised) == (1, 1)
    assert run.samples.failures[0].entry == bad.entry_id
    assert "damaged" in run.samples.failures[0].error


def test_since_and_source_bound_it() -> None:
    old, new = archive(2)
    Entry.objects.filter(pk=old.entry_id).update(first_seen_at=F("first_seen_at") - timedelta(days=30))
    assert replay(since=SEEN).findings.looked == 1
    assert replay(source=new.source).findings.looked == 1


def test_counts_of_what_is_gained_and_lost() -> None:
    archive(2, byline=["Someone invented"], standfirst="")
    fields = replay().findings.fields
    assert fields["byline"].lost == 2 and fields["byline"].gained == 0
    assert fields["standfirst"].gained == 2


def test_samples_stay_few_and_short() -> None:
    archive(SAMPLES + 4, body=[PROMO, {**PROMO, "text": "word " * 400, "html": ""}])
    run = replay()
    assert len(run.samples.fields["body"]) == SAMPLES
    assert all(len(s.before) <= 322 and len(s.after) <= 322 for s in run.samples.fields["body"])
    before, after = clipped("a" * 500 + "x" + "b" * 500, "a" * 500 + "y" + "b" * 500)
    assert before.startswith("…a") and "x" in before and "y" in after and after.endswith("…")


def test_what_the_publisher_changes_later_is_not_mixed_with_what_we_mend() -> None:
    entry = make_entry(item())
    clean()
    article = Article.objects.select_related("revision").get()
    spoil(article, title="Council votes to rebuild the bridge &amp;amp; more")
    make_entry(item(content_html=TEXT.replace("April", "May")), number=2, entry=entry)
    clean()
    told = list(Revision.objects.order_by("number").values_list("origin", "changed"))
    assert told[1:] == [("ours", ["title"]), ("source", ["body"])]


def test_a_page_that_comes_late_completes_the_report_and_is_no_change_of_the_publishers() -> None:
    entry = make_entry(item(content_html="<p>The council voted on Monday.</p>"))
    clean()
    body = "".join(f"<p>{line}</p>" for line in re.findall(r"<p>(.*?)</p>", TEXT) * 2)
    LinkedPage.objects.create(
        entry=entry,
        url="https://courier.example/bridge",
        state=PageState.READY,
        content_type="text/html",
        body=pack(f"<html><body><article><h1>Bridge</h1>{body}</article></body></html>".encode()),
        fetched_at=SEEN + timedelta(minutes=9),
    )
    Entry.objects.update(cleaned_version=0)
    clean()
    revision = Revision.objects.latest("number")
    assert (revision.number, revision.origin) == (2, "ours")
    assert Article.objects.get().changed_at is None


def test_the_command_shows_counts_json_and_a_page(tmp_path: Any) -> None:
    from masthead.cli.replay import command

    archive(2, title='<script>alert("x")</script> old', byline=["Someone"])
    path = tmp_path / "replay.html"
    result = CliRunner().invoke(command, ["--json", "--report", str(path)])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["schema"], told["finished"], told["applied"]) == ("masthead.replay/1", True, False)
    assert told["fields"]["title"]["samples"][0]["after"].startswith("Council votes, part")
    tree = lxml.html.document_fromstring(path.read_bytes())
    assert not list(tree.iter("script", "img", "link", "iframe"))
    assert "alert" in tree.text_content()
    assert len(tree.findall(".//h1")) == 1 and tree.get("lang") == "en"
    assert [a.get("href") for a in tree.iter("a") if a.get("href").startswith("#")] == ["#title", "#byline"]
    words = CliRunner().invoke(command, ["--apply"])
    assert "2 revised" in words.output and words.exit_code == 0
    assert CliRunner().invoke(command, ["--source", "nobody"]).exit_code == 2


def test_a_headline_mended_changes_no_address(client: Any) -> None:
    article = archive(1)[0]
    Article.objects.filter(pk=article.pk).update(slug="council-votes-amp-more")
    before = f"/article/{article.pk}-council-votes-amp-more/"
    assert client.get(before).status_code == 200
    replay(applies=True)
    answer = client.get(before)
    assert (answer.status_code, answer["Location"]) == (301, f"/article/{article.pk}-council-votes-part-0/")
    assert client.get(answer["Location"]).status_code == 200
    told = client.get(f"{answer['Location']}changes/").content.decode()
    assert "mended by this site" in told and "changed by the publisher" not in told
