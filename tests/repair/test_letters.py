# ruff: noqa: E501 (texts in their length)
from __future__ import annotations

import re

import pytest

from masthead.core.letters import looks_misread, redecoded
from masthead.core.parse import parse_feed
from masthead.core.repair import EntryContext, clean_entry

TEXTS = {
    "ru": "Ясно: «Это Бог — и Нью-Йорк», сказал Юрий Щукин и ушёл в сельскую школу.",
    "uk": "Їжак пройшов повз ґанок, і ніхто його не помітив.",
    "ar": "قال أحمد فرحات: «محطة التحلية في الميناء تبدأ العمل»",
    "fr": "Élise à l’opéra — où « chacun » écoute…",
    "de": "Über die Größe der Brücke wurde „lange“ gestritten",
    "es": "¿Dónde está Íñigo? En la montaña, «él» no contesta",
    "es, a letter whose byte looks like a soft hyphen": "Años después, nadie había vuelto allí",
    "pl": "Łódź, gdzie wąż i żółw są w źródle",
}
LOST = re.compile("[\x80-\x9f]")


def misread(text: str) -> str:
    """UTF-8 read as Windows-1252; its five bytes without a letter stand as control characters."""
    return "".join(
        chr(byte) if byte in b"\x81\x8d\x8f\x90\x9d" else bytes([byte]).decode("cp1252") for byte in text.encode()
    )


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("language", TEXTS)
def test_misread_letters_come_right_from_the_feed_to_the_article(language: str, times: int) -> None:
    title = TEXTS[language]
    body = f"<p>{title}</p><p>{title} {title}</p>"
    for _ in range(times):
        title, body = misread(title), misread(body)
    feed = f"<rss version='2.0'><channel><item><title>{title}</title><description><![CDATA[{body}]]></description></item></channel></rss>"
    article = clean_entry(parse_feed(feed.encode()).entries[0], EntryContext())
    right = TEXTS[language]
    assert article.title == right
    assert article.text == f"{right}\n\n{right} {right}"
    assert {repair.field for repair in article.repairs if repair.code == "mojibake"} >= {"title", "body"}
    assert not article.warnings


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("language", ["ru", "ar", "es", "pl"])
def test_where_bytes_were_lost_nothing_is_mended_by_halves(language: str, times: int) -> None:
    text = TEXTS[language]
    for _ in range(times):
        text = misread(text)
    lost = LOST.sub("", text)
    assert lost != text
    assert redecoded(lost) == lost
    assert looks_misread(lost)


def test_a_block_that_cannot_be_mended_does_not_hold_back_the_others() -> None:
    whole, lost = misread(TEXTS["ru"]), LOST.sub("", misread(TEXTS["ru"]))
    assert redecoded(f"<p>{whole}</p><p>{lost}</p>") == f"<p>{TEXTS['ru']}</p><p>{lost}</p>"


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS.values(), "MUÑOZ Y PEÑA “sí”", "SÃO PAULO – É", "ÅÄÖ äöü", "Ça coûte 5 € – «Âge»", "ĐÀ NẴNG", "Ørsted × Ångström",
        "ÜBERGRÖSSE „ÄÖÜ“", "Ñandú", "Ðà Nẵng",
    ],
)  # fmt: skip
def test_right_letters_stay(text: str) -> None:
    assert redecoded(text) == text
    assert not looks_misread(text)


@pytest.mark.parametrize("text", ["”Även om”, sa hon.", "”ökningen” är ”äkta”", "”é"])
def test_quotation_marks_before_letters_are_not_misread(text: str) -> None:
    assert redecoded(text) == text
