"""Documents that are neither UTF-8 nor as labelled: read in the encoding that their words speak for."""

from __future__ import annotations

import time
from unicodedata import normalize

import pytest

from masthead.core.parse import parse_feed
from masthead.core.parse.decode import decode
from masthead.core.parse.guess import guess, stated_language

# Invented reports: a headline, and a paragraph.
SHORT = {
    "ru": "Порт снова открыт",
    "uk": "Міський міст закрито на ремонт",
    "bg": "Пристанището отново е отворено",
    "sr": "Лука је поново отворена",
    "el": "Το λιμάνι άνοιξε ξανά",
    "cs": "Přístav je znovu otevřen, říká starosta města",
    "pl": "Port znów otwarty, żegluga wraca na rzekę",
    "hu": "Újra megnyílt a kikötő, jövő héten indulnak a hajók",
    "fr": "Le port rouvre après deux années de travaux",
    "de": "Der Hafen öffnet wieder für größere Schiffe",
    "es": "El puerto abrió de nuevo tras dos años de obras",
    "pt": "O porto reabre após a reparação do cais",
    "it": "Il porto riapre, la città è in festa",
    "sv": "Hamnen öppnar igen på måndag",
    "da": "Havnen åbner igen på søndag",
    "tr": "Liman yeniden açıldı, gemiler geri dönüyor",
    "lt": "Uostas vėl atidarytas, laivai grįžta į upę",
    "he": "הנמל נפתח מחדש אחרי שנתיים",
    "ar": "أعيد فتح الميناء بعد عامين من العمل",
}
LONG = {
    "ru": "Городской порт принял первое судно после двух лет ремонта. «Мы ждали этого дня», — "
    "сказала начальник причала. Жители набережной жалуются на шум, но рыбаки довольны: "
    "ещё весной их лодки стояли в чужой гавани за сорок вёрст.",
    "uk": "Міська рада вирішила закрити міст на три місяці. Його ґрунтовно перевірять інженери, а мешканці їздитимуть "
    "в об’їзд. «Це єдиний вихід», — каже голова комісії. Поїзди ходитимуть частіше, проїзд не подорожчає.",
    "el": "Το λιμάνι της πόλης δέχθηκε το πρώτο πλοίο ύστερα από δύο χρόνια. Οι ψαράδες είναι ευχαριστημένοι, όμως οι "
    "κάτοικοι της παραλίας διαμαρτύρονται για τον θόρυβο. «Ήταν μεγάλη ημέρα», είπε ο λιμενάρχης.",
    "cs": "Městský přístav přijal první loď po dvou letech oprav. „Na tenhle den jsme čekali,“ řekla vedoucí mola. "
    "Lidé z nábřeží si stěžují na hluk, ale rybáři jsou spokojení: ještě na jaře stály jejich čluny v cizím přístavu.",
    "fr": "Le port de la ville a reçu son premier navire après deux années de réparations. « Nous attendions ce "
    "jour », a déclaré la maîtresse du quai. Les riverains se plaignent du bruit, mais les pêcheurs sont soulagés : "
    "leurs barques étaient abritées, dès l’été, à quarante lieues de là, où l’on ne connaît ni le cœur "
    "ni le goût du métier.",
}
ENCODINGS = {
    "ru": ["cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic"],
    "uk": ["cp1251", "koi8-u"],
    "bg": ["cp1251"],
    "sr": ["cp1251"],
    "el": ["cp1253", "iso8859-7"],
    "cs": ["cp1250", "iso8859-2"],
    "pl": ["cp1250", "iso8859-2"],
    "hu": ["cp1250"],
    "tr": ["cp1254"],
    "lt": ["cp1257"],
    "he": ["cp1255"],
    "ar": ["cp1256"],
}
EACH = [(language, encoding) for language in SHORT for encoding in ENCODINGS.get(language, ["cp1252"])]


def body(text: str, encoding: str, language: str = "") -> bytes:
    """A feed that says it is UTF-8 and is not. What the encoding lacks is left out, as such publishers do."""
    stated = f"<language>{language}</language>" if language else ""
    document = (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Gazette</title>{stated}'
        f"<item><title>{text}</title><link>http://gazette.example/1</link></item></channel></rss>"
    )
    return document.encode(encoding, "ignore")


def meant(text: str, encoding: str) -> str:
    return text.encode(encoding, "ignore").decode(encoding)


@pytest.mark.parametrize(("language", "encoding"), EACH)
def test_a_headline_is_read(language: str, encoding: str) -> None:
    text = SHORT[language]
    read = decode(body(text, encoding), "application/rss+xml; charset=utf-8")
    assert meant(text, encoding) in read.text, read.encoding
    assert "labelled utf-8, which it is not" in read.warnings[0]


@pytest.mark.parametrize(("language", "encoding"), [pair for pair in EACH if pair[0] in LONG])
def test_a_report_is_read(language: str, encoding: str) -> None:
    text = LONG[language]
    [entry] = parse_feed(body(text, encoding)).entries
    assert entry.title.split() == meant(text, encoding).split()


@pytest.mark.parametrize(("language", "encoding"), [pair for pair in EACH if pair[0] in LONG])
def test_capitals_alone_are_read_too(language: str, encoding: str) -> None:
    # Greek capitals have no accents.
    plain = normalize("NFD", SHORT[language]).replace("\u0301", "") if language == "el" else SHORT[language]
    text = normalize("NFC", plain).upper()
    assert meant(text, encoding) in decode(body(text, encoding, language)).text


def test_a_greek_capital_with_its_accent_is_no_apostrophe() -> None:
    text = "Άνοιξε το λιμάνι. Άλλα νέα σήμερα. Άγνωστο πότε."
    for encoding in ENCODINGS["el"]:
        assert text in decode(body(text, encoding)).text


def test_the_stated_language_decides_where_the_letters_do_not() -> None:
    assert "Nač?" in decode(body("Nač?", "cp1250", "cs")).text
    assert "Caffè?" in decode(body("Caffè?", "cp1252", "it")).text
    for document, language in (
        (b'<html lang="uk-UA">', "uk"),
        (b"<rss><channel><dc:language>EL</dc:language>", "el"),
        (b'{"version": "1", "language": "cs"}', "cs"),
        (b'<feed xml:lang="fr">', "fr"),
        (b"<rss>", ""),
    ):
        assert stated_language(document) == language


def test_a_wrong_label_and_a_wrong_language_lose_against_the_text() -> None:
    text = LONG["ru"].encode("koi8-r", "ignore")
    assert guess(b'<rss xml:lang="en">' + text) == guess(b'<rss xml:lang="fr">' + text) == "koi8-r"
    assert guess(b'<rss xml:lang="cs">' + text, ["cp1250"]) == "koi8-r"


def test_nothing_to_judge_by_is_windows_1252() -> None:
    assert guess(b"plain") == guess(b"") == guess("20 € – “well”".encode("cp1252")) == "cp1252"
    assert decode(b"<rss>\xa9 Gazette\xae</rss>", "text/xml; charset=utf-8").encoding == "cp1252"


def test_a_few_bad_bytes_do_not_turn_a_labelled_document_into_another() -> None:
    text = "市議会決定建設新橋。住民歓迎。" * 5
    for encoding, label in (("gb18030", "gb2312"), ("euc_jp", "euc-jp")):
        read = decode(text.encode(encoding) + b"\xff", f"text/xml; charset={label}")
        assert text in read.text and read.encoding == encoding and "could not be read" in read.warnings[0]
    mostly = LONG["ru"].encode() + b" \xe9"
    assert LONG["ru"] in decode(mostly, "text/xml; charset=utf-8").text


def test_a_long_document_is_judged_in_no_time() -> None:
    start = time.process_time()
    words = " ".join(f"{SHORT['ru']}{n}" for n in range(100_000)).encode("koi8-r")
    assert guess(words) == "koi8-r" and guess(bytes(range(128, 256)) * 20_000)
    assert guess(b"<rss>" + b"a" * 5_000_000 + b"\xe9</rss>") == "cp1252"
    assert time.process_time() - start < 3
