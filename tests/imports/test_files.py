"""Blogger's exports, saved pages, folders, zips, texts; and files that mean harm."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from masthead.articles.models import Article
from masthead.core.archive import Refused, pieces
from masthead.core.records import article_from_json
from masthead.entries.models import Entry, EntryVersion, OldAddress
from masthead.entries.storable import unpack
from masthead.feeds.models import Source

pytestmark = pytest.mark.django_db
Report = Callable[..., dict[str, Any]]
PARAGRAPHS = (
    "The lighthouse on the Skerry of Vannholm was lit again on Friday after eleven months of repairs to its lantern.",
    "Engineers had replaced the glass, the motor, and the cable that runs to it under the sound from the mainland.",
    "The harbour master said that ships would no longer need a pilot to enter the northern channel after dark.",
    "A small crowd had gathered on the quay, and the town band played until the rain drove everyone indoors.",
)
TAKEOUT = """<?xml version='1.0' encoding='utf-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>
<id>tag:blogger.com,1999:blog-1</id><title>Skerry Notes</title>{}</feed>"""
BACKUP = """<?xml version='1.0' encoding='UTF-8'?><?xml-stylesheet href="x.css" type="text/css"?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://purl.org/atom/app#'>
<id>tag:blogger.com,1999:blog-1.archive</id><title type='text'>Skerry Notes</title>
<link rel='alternate' type='text/html' href='http://skerry.example/'/>{}</feed>"""
BODY = "&lt;p&gt;" + "&lt;/p&gt;&lt;p&gt;".join(PARAGRAPHS) + "&lt;/p&gt;"


def takeout(number: int, kind: str = "POST", state: str = "LIVE") -> str:
    return (
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id><blogger:type>{kind}</blogger:type>"
        f"<blogger:status>{state}</blogger:status><author><name>Tove Aas</name><uri></uri>"
        f"<blogger:type>BLOGGER</blogger:type></author><title>Lighthouse lit again, {number}</title>"
        f"<content type='html'>{BODY}</content><published>2015-03-0{number}T10:00:00.001Z</published>"
        f"<updated>2015-03-0{number}T10:00:00.001Z</updated>"
        "<category scheme='tag:blogger.com,1999:blog-1' term='Coast'/>"
        f"<blogger:filename>/2015/03/lighthouse-{number}.html</blogger:filename><link/><enclosure/></entry>"
    )


def backup(number: int, kind: str = "post", draft: bool = False) -> str:
    held = "<app:control><app:draft>yes</app:draft></app:control>" if draft else ""
    return (
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id><published>2015-03-0{number}T11:00:00.000+01:00"
        f"</published><updated>2016-01-01T00:00:00.000+01:00</updated>{held}<category "
        f"scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{kind}'/>"
        "<category scheme='http://www.blogger.com/atom/ns#' term='Coast'/>"
        f"<title type='text'>Lighthouse lit again, {number}</title><content type='html'>{BODY}</content>"
        f"<link rel='replies' type='text/html' href='http://skerry.example/c#{number}'/><link rel='alternate' "
        f"type='text/html' href='http://skerry.example/2015/03/lighthouse-{number}.html'/>"
        "<author><name>Tove Aas</name><email>noreply@blogger.com</email></author></entry>"
    )


def page(title: str = "Lighthouse lit again", head: str = "", text: tuple[str, ...] = PARAGRAPHS) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        '<meta property="article:published_time" content="2018-02-03T09:00:00+01:00"></head><body><nav><a href="/">Home'
        f"</a></nav><article><h1>{title}</h1>{body}</article><footer>Contact us</footer></body></html>"
    )


def canonical(url: str) -> str:
    return f'<link rel="canonical" href="{url}"><meta property="og:site_name" content="Vannholm Gazette">'


POST = f"""12.5 C
Monday, May 6, 2024

Lighthouse lit again after eleven months

{PARAGRAPHS[0]}

{PARAGRAPHS[1]}

{PARAGRAPHS[2]}
https://ift.tt/4abcdEf February 03, 2018 at 09:00AM
from Vannholm Gazette
"""


def test_a_takeout_becomes_articles(tmp_path: Path, report: Report, client: Client) -> None:
    entries = (
        takeout(1), takeout(2), takeout(3, state="DRAFT"), takeout(4, kind="PAGE"), takeout(5, kind="COMMENT"),
        takeout(6, state="SOFT_TRASHED"),
    )  # fmt: skip
    (tmp_path / "feed.atom").write_text(TAKEOUT.format("".join(entries)))
    told = report(tmp_path / "feed.atom", "--url", "skerry.example")
    assert (told["exit"], told["new"], told["comments"]) == (0, 2, 1)
    assert told["left_out"] == {"draft": 1, "page": 1, "comment": 1, "trash": 1}
    article = Article.objects.select_related("source").order_by("pk")[0]
    assert (article.title, article.byline, article.categories) == ("Lighthouse lit again, 1", ["Tove Aas"], ["Coast"])
    assert article.published_at is not None and article.published_at.isoformat() == "2015-03-01T10:00:00+00:00"
    assert article.canonical_url == "https://skerry.example/2015/03/lighthouse-1.html"
    assert (article.source.name, article.source.policy) == ("Skerry Notes", "full")
    assert client.get("/2015/03/lighthouse-1.html?m=1")["Location"] == f"/article/{article.pk}-{article.slug}/"
    assert report(tmp_path / "feed.atom", "--url", "skerry.example")["new"] == 0


def test_an_older_backup_becomes_articles(tmp_path: Path, report: Report) -> None:
    entries = (backup(1), backup(2, draft=True), backup(3, "comment"), backup(4, "settings"), backup(5, "template"))
    (tmp_path / "blog.xml").write_text(BACKUP.format("".join(entries)))
    told = report(tmp_path / "blog.xml")
    assert told["new"] == 1
    assert told["left_out"] == {"draft": 1, "comment": 1, "other: settings": 1, "other: template": 1}
    assert Article.objects.get().categories == ["Coast"]
    assert OldAddress.objects.get().address == "/2015/03/lighthouse-1.html"


def test_a_saved_page_a_folder_and_a_zip_give_the_same(tmp_path: Path, report: Report, client: Client) -> None:
    folder = tmp_path / "saved"
    (folder / "Lighthouse_files").mkdir(parents=True)
    (folder / "deep").mkdir()
    (folder / "Lighthouse.html").write_text(page(head=canonical("https://vannholm.example/coast/lighthouse?id=4")))
    (folder / "Lighthouse_files" / "frame.html").write_text(page("An advertisement"))
    (folder / "Lighthouse_files" / "x.css").write_text("a{}")
    (folder / "deep" / "other.htm.gz").write_bytes(
        gzip.compress(page("The band plays on", canonical("https://vannholm.example/band/")).encode())
    )
    (folder / "picture.jpg").write_bytes(b"\xff\xd8")
    (folder / ".hidden.html").write_text(page("Hidden"))
    told = report(folder)
    assert (told["exit"], told["new"], told["left_out"]) == (0, 2, {"other file": 1})
    article = Article.objects.select_related("source").get(title="Lighthouse lit again")
    assert (article.source.name, article.source.policy) == ("Vannholm Gazette", "")
    assert article.published_at is not None and article.published_at.isoformat() == "2018-02-03T08:00:00+00:00"
    assert client.get("/coast/lighthouse?id=4").status_code == client.get("/band").status_code == 301
    archive = tmp_path / "saved.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, path.relative_to(folder).as_posix())
    again = report(archive)
    assert (again["new"], again["known"]) == (0, 2) and Article.objects.count() == 2
    assert unpack(EntryVersion.objects.order_by("pk")[0].original).startswith(b"<!doctype html>")


def test_pages_that_name_no_address_stood_where_the_folder_did(tmp_path: Path, report: Report, client: Client) -> None:
    (tmp_path / "2018" / "lit").mkdir(parents=True)
    (tmp_path / "2018" / "lit" / "index.html").write_text(page())
    assert report(tmp_path, "--url", "https://vannholm.example")["new"] == 1
    assert Article.objects.get().canonical_url == "https://vannholm.example/2018/lit/"
    assert client.get("/2018/lit/").status_code == 301


def test_a_page_saved_by_a_browser_names_where_it_stood(tmp_path: Path, report: Report) -> None:
    saved = page().replace("<html", "<!-- saved from url=(0038)https://vannholm.example/coast/lit.html -->\n<html", 1)
    (tmp_path / "x.html").write_text(saved)
    report(tmp_path / "x.html")
    assert OldAddress.objects.get().address == "/coast/lit.html"


def test_mhtml_is_read(tmp_path: Path, report: Report) -> None:
    body = page().replace("=", "=3D")
    (tmp_path / "x.mhtml").write_text(
        "From: <Saved by a browser>\nSnapshot-Content-Location: https://vannholm.example/coast/lit\nSubject: x\n"
        'MIME-Version: 1.0\nContent-Type: multipart/related;\n\ttype="text/html";\n\tboundary="--b"\n\n----b\n'
        "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n"
        f"Content-Location: https://vannholm.example/coast/lit\n\n{body}\n\n----b--\n"
    )
    assert report(tmp_path / "x.mhtml")["new"] == 1
    assert Article.objects.get().title == "Lighthouse lit again"
    assert OldAddress.objects.get().address == "/coast/lit"


def test_posts_in_text_files(tmp_path: Path, report: Report) -> None:
    (tmp_path / "one.txt").write_text(POST)
    (tmp_path / "two.txt").write_text(POST.replace("Lighthouse", "Ferry").replace("4abcdEf", "9zyxwVu"))
    (tmp_path / "copy.txt").write_text(POST)
    told = report(tmp_path)
    assert (told["exit"], told["new"]) == (0, 2)
    assert set(told["healed"]) >= {"applet-tail", "page-furniture"}
    article = Article.objects.select_related("source", "revision").get(title__startswith="Lighthouse")
    assert article.source.name == "Vannholm Gazette" and article.revision is not None
    record = article_from_json(article.revision.document)
    assert record.short_links == ("https://ift.tt/4abcdEf",)
    assert record.published is not None and record.published.value.startswith("2018-02-03T09:00")
    assert record.page["date"] == "2024-05-06"
    assert report(tmp_path)["new"] == 0 and Article.objects.count() == 2


def test_the_reference_post_keeps_its_facts(tmp_path: Path, report: Report) -> None:
    """An applet's post whose source is subscribed to: it goes to that source, none is made."""
    Source.objects.create(name="vannholm gazette", slug="vg")
    (tmp_path / "one.txt").write_text(POST)
    report(tmp_path / "one.txt")
    assert Source.objects.count() == 1 and Article.objects.get().source.slug == "vg"


def test_a_page_without_article_is_refused(tmp_path: Path, report: Report) -> None:
    (tmp_path / "a.html").write_text(page())
    (tmp_path / "b.html").write_text("<html><head><title>Menu</title></head><body><nav>Home</nav></body></html>")
    told = report(tmp_path)
    assert (told["exit"], told["new"], Article.objects.count()) == (1, 2, 1)
    assert "b.html" in told["refused"][0]["where"] and "Not an article" in told["refused"][0]["reason"]
    assert "b.html" in told["stderr"]


@pytest.mark.parametrize("name", ["nothing.xml", "empty.txt", "binary.bin", "list.xml"])
def test_what_cannot_be_imported_is_2(tmp_path: Path, report: Report, name: str) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.bin").write_bytes(b"\x7fELF\x00\x00" * 50)
    (tmp_path / "list.xml").write_bytes(b"<rss><channel><title>x</title></channel></rss>")
    told = report(tmp_path / name)
    assert told["exit"] == 2 and len(told["refused"]) == 1 and name in told["stderr"]


# ---------------------------------------------------------------- hostile


def test_broken_in_the_middle_all_before_is_kept_and_the_rest_told(
    tmp_path: Path, report: Report, wxr: ModuleType
) -> None:
    whole = wxr.export(*(wxr.item(number) for number in range(1, 11)))
    cut = whole[: whole.index(b"<wp:post_id>7<") + 5]
    (tmp_path / "x.xml").write_bytes(cut)
    told = report(tmp_path / "x.xml")
    assert (told["exit"], told["new"], told["refused_count"]) == (1, 6, 1)
    assert "the file ends before the item does" in told["refused"][0]["reason"]


def test_one_broken_item_spoils_no_other(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    bad = wxr.item(3).replace("]]></content:encoded>", "", 1)
    unclosed = wxr.item(5).replace("</item>", "")
    odd = wxr.item(6, title="Fish &amp; chips & more <3", content="Bell \x08 rings, \x0b and more of it is said here.")
    (tmp_path / "x.xml").write_bytes(wxr.export(wxr.item(1), wxr.item(2), bad, wxr.item(4), unclosed, odd, wxr.item(7)))
    told = report(tmp_path / "x.xml")
    assert told["exit"] == 1 and 1 <= told["refused_count"] <= 2
    found = {
        int(address[3:]) for address in OldAddress.objects.values_list("address", flat=True) if address[:3] == "?p="
    }
    assert {1, 2, 4, 6, 7} <= found


def test_an_entity_bomb_does_nothing(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    doctype = (
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    head = wxr.HEAD.replace("<!-- generator", f"{doctype}<!-- generator")
    (tmp_path / "x.xml").write_bytes(wxr.export(wxr.item(1, title="Safe &c; &f; title"), head=head))
    assert report(tmp_path / "x.xml")["new"] == 1
    title = Article.objects.get().title
    assert title.startswith("Safe") and len(title) < 60 and "root:" not in title and "aaaa" not in title


def test_bombs_are_refused(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.html", b"<html>" + b"a" * 60_000_000)
        packed.writestr("b.html", page())
    told = report(tmp_path / "bomb.zip")
    assert (told["exit"], told["new"]) == (1, 1) and "bomb" in told["refused"][0]["reason"]
    bomb = wxr.export(wxr.item(1), tail=" " * 60_000_000)
    (tmp_path / "bomb.xml.gz").write_bytes(gzip.compress(bomb))
    told = report(tmp_path / "bomb.xml.gz")
    assert told["exit"] == 1 and told["new"] == 1 and "bomb" in told["refused"][0]["reason"]


def test_names_in_a_zip_lead_nowhere(tmp_path: Path, report: Report) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    with zipfile.ZipFile(inside / "slip.zip", "w") as packed:
        packed.writestr("../../slipped.html", page())
        packed.writestr("/etc/slipped.html", page("Another lighthouse"))
    assert report(inside / "slip.zip")["new"] == 2
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inside", "slip.zip"]


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text(page())
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").symlink_to(tmp_path / "secret.html")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    assert list(pieces(tmp_path / "in")) == []


def test_damaged_packing_is_told(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    packed = gzip.compress(wxr.export(*(wxr.item(number) for number in range(1, 400))), 1)
    (tmp_path / "cut.xml.gz").write_bytes(packed[: len(packed) // 2])
    told = report(tmp_path / "cut.xml.gz", "--dry-run")
    assert told["exit"] in (1, 2) and "the rest" in told["refused"][0]["reason"]
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 and nothing of a zip")
    [refused] = list(pieces(tmp_path / "bad.zip"))
    assert isinstance(refused, Refused)


def test_an_endless_item_is_given_up_and_the_next_is_read(tmp_path: Path, report: Report, wxr: ModuleType) -> None:
    long = wxr.item(2).replace("]]></content:encoded>", "x" * 11_000_000)
    (tmp_path / "x.xml").write_bytes(wxr.export(wxr.item(1), long, wxr.item(3), wxr.item(4)))
    told = report(tmp_path / "x.xml")
    assert told["exit"] == 1 and any("does not end" in one["reason"] for one in told["refused"])
    assert OldAddress.objects.filter(address__in=["?p=1", "?p=4"]).count() == 2
    assert Entry.objects.count() >= 2
