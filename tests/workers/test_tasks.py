"""The tasks of the house in workers: the same comes out as in this process, although a worker may reach nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from masthead.articles.clean import MAKE
from masthead.articles.make import Making, Material, Page
from masthead.core.repair import EntryContext
from masthead.entries.read import READ, Body, Reading
from masthead.store.workers import run as workers
from masthead.store.workers.pool import Inside

FIXTURES = Path(__file__).parents[1] / "fixtures" / "feeds"
FILES = sorted(path for path in FIXTURES.iterdir() if "expected" not in path.name)
SEEN = datetime(2026, 11, 24, 12, tzinfo=UTC)
# One paragraph in each script, as pages in encodings that are loaded only when they are met.
TEXTS = {
    "windows-1251": "Городской совет решил восстановить старый мост, сообщил мэр в понедельник вечером.",
    "koi8-r": "Порт откроется в марте 2027 года, заявила представитель администрации города.",
    "shift_jis": "市議会は月曜日に古い橋を再建することを決めたと市長が述べた。工事は四月に始まる予定だ。",
    "gb18030": "市议会星期一决定重建旧桥,市长说工程将于四月开始,年底完成。",
    "euc-kr": "시의회는 월요일 오래된 다리를 재건하기로 결정했다고 시장이 밝혔다.",
    "windows-1256": "قرر مجلس المدينة يوم الاثنين إعادة بناء الجسر القديم، حسبما قال رئيس البلدية.",
    "iso-8859-2": "Rada města v pondělí rozhodla o obnově starého mostu, řekl starosta.",
    "windows-1253": "Το δημοτικό συμβούλιο αποφάσισε τη Δευτέρα να ξαναχτίσει την παλιά γέφυρα.",
    "utf-16": "The council voted on Monday to rebuild the old bridge, the mayor said.",
}


def test_feeds_are_read_alike_and_their_items_made_alike() -> None:
    assert len(FILES) > 5
    bodies = [(path.name, Body(7, path.read_bytes(), "https://paper.example/feed")) for path in FILES]
    inside, outside = dict(Inside().stream(READ, bodies)), dict(workers.stream(READ, bodies))
    assert outside == inside
    context = EntryContext(feed_url="https://paper.example/feed", source_name="Paper")
    materials = [
        (f"{name} {n}", Material(json.loads(item.record), context, SEEN))
        for name, reading in inside.items()
        if isinstance(reading, Reading)
        for n, item in enumerate(reading.items[:3])
    ]
    assert len(materials) >= 6
    assert dict(workers.stream(MAKE, materials)) == dict(Inside().stream(MAKE, materials))


@pytest.mark.parametrize("encoding", TEXTS)
def test_pages_in_every_encoding_are_read_alike(encoding: str) -> None:
    text = TEXTS[encoding]
    page = f"<html><head><meta charset='{encoding}'><title>A</title></head><body><article><h1>A</h1>" + (
        f"<p>{text}</p>" * 4 + "</article></body></html>"
    )
    record = {"title": "A", "link": "https://paper.example/a", "published_raw": "3 марта 2026"}
    fetched = Page(page.encode(encoding), "https://paper.example/a", f"text/html; charset={encoding}", SEEN)
    material = Material(record, EntryContext(), SEEN, page=fetched)
    saved = Material(record, EntryContext(), SEEN, original=page.encode(encoding), original_type="text/html")
    asked = [("fetched", material), ("saved", saved)]
    inside, outside = dict(Inside().stream(MAKE, asked)), dict(workers.stream(MAKE, asked))
    assert outside == inside
    made = outside["fetched"]
    assert isinstance(made, Making) and text[:20] in made.article.text
