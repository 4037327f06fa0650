"""Dates of feeds: certain moments with their offset, and nothing that is not certain."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.dates import Order, instant, read


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Fri, 03 Dec 2021 00:15:09 +0300", "2021-12-03T00:15:09+03:00"),
        ("3 Dec 2021 00:15 GMT", "2021-12-03T00:15:00+00:00"),
        ("Fri, 03-Dec-21 00:15:09 PST", "2021-12-03T00:15:09-08:00"),
        ("Friday, December 3, 2021 1:05 PM EST", "2021-12-03T13:05:00-05:00"),
        ("Fri Dec  3 00:15:09 UTC 2021", "2021-12-03T00:15:09+00:00"),
        ("2021-12-03T00:15:09Z", "2021-12-03T00:15:09+00:00"),
        ("2021-12-03 00:15:09.123456 +01:00", "2021-12-03T00:15:09+01:00"),
        ("20211203T001509Z", "2021-12-03T00:15:09+00:00"),
        ("2021-12-03T00:15+0530", "2021-12-03T00:15:00+05:30"),
        ("Fri, 03 Dec 2021 24:00:00 GMT", "2021-12-04T00:00:00+00:00"),
        ("Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31T23:59:59+00:00"),
        ("Fri, 03 Dec 2021 00:15:09 -0500 (EST)", "2021-12-03T00:15:09-05:00"),
        ("Fr, 03 Dez 2021 00:15:09 +0100", "2021-12-03T00:15:09+01:00"),
        ("ven., 3 décembre 2021 10:15:00 +0100", "2021-12-03T10:15:00+01:00"),
        ("Пт, 03 дек 2021 10:15:00 +0300", "2021-12-03T10:15:00+03:00"),
        ("Thu, 15 Jul 2021 10:00:00 ET", "2021-07-15T10:00:00-04:00"),
        ("Mon, 15 Nov 2021 10:00:00 GMT+2", "2021-11-15T10:00:00+02:00"),
        ("Wed, 3 Dec 2021 10:15 Europe/Berlin", "2021-12-03T10:15:00+01:00"),
        ("Fri Dec 03 2021 00:15:09 GMT+0300 (Moscow Standard Time)", "2021-12-03T00:15:09+03:00"),
        ("3 Dec 2021, 9 a.m. Eastern Time", "2021-12-03T09:00:00-05:00"),
        ("3 Jul 2021, 9 a.m. Eastern Daylight Time", "2021-07-03T09:00:00-04:00"),
        ("22/10/2025, 19:25 (GMT+7)", "2025-10-22T19:25:00+07:00"),
        ("Oct 01, 2025T10:00:00+03:00", "2025-10-01T10:00:00+03:00"),
        ("3rd Dec, 2021 10:15:00 AM +0000", "2021-12-03T10:15:00+00:00"),
        ("3 декабря 2021 г. в 10:15 МСК", "2021-12-03T10:15:00+03:00"),
        ("2025-12-19T14:00:18.842Z[UTC]", "2025-12-19T14:00:18+00:00"),
        ("2024-3-5T1:02:03Z", "2024-03-05T01:02:03+00:00"),
        ("2024-3-5 10:15:00 +0100", "2024-03-05T10:15:00+01:00"),
        ("1709640000", "2024-03-05T12:00:00+00:00"),
        ("1709640000123", "2024-03-05T12:00:00+00:00"),
        ("1709640000.25", "2024-03-05T12:00:00+00:00"),
    ],
)
def test_certain(text: str, moment: str) -> None:
    assert instant(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2021-12-03",
        "2021-12-03T10:15:00",
        "Fri, 03 Dec 2021 10:15:00",
        "03/04/2021 10:15 GMT",
        "Fri, 31 Feb 2021 10:15:00 GMT",
        "Fri, 03 Dec 2021 10:15:00 IST",
        "Fri, 03 Dec 2021 10:15:00 A",
        "Fri, 03 Dec 2021 10:15:00 +9900",
        "2021-13-03T10:15:00Z",
        "2021-12-03T25:15:00Z",
        "Wed, 30 Nov -0001 00:00:00 +0000",
        "1999123123",  # an hour, as some write it
        "2024030512",
        "170964000",
        "17096400000",
        "9" * 5000,
    ],
)
def test_not_certain(text: str) -> None:
    assert instant(text) is None


@pytest.mark.parametrize(
    ("text", "stated", "precision"),
    [
        ("2021", "2021", "year"),
        ("2021-12", "2021-12", "month"),
        ("3 Dec 2021", "2021-12-03", "day"),
        ("2021-12-03 10:15", "2021-12-03T10:15", "minute"),
        ("December 2025", "2025-12", "month"),
        # A clock of twelve hours: midnight, noon, and one that was a clock of 24 after all.
        ("December 3, 2021 at 12:15AM", "2021-12-03T00:15", "minute"),
        ("December 3, 2021, 12:15 p.m.", "2021-12-03T12:15", "minute"),
        ("13:15 PM, Jan 3 2021", "2021-01-03T13:15", "minute"),
        ("January 3, 2021 5 pm", "2021-01-03T17", "hour"),
        # Six languages, with what newspapers put between the parts.
        ("Friday, 3rd of December 2021", "2021-12-03", "day"),
        ("Dec. 19, 2025", "2025-12-19", "day"),
        ("martes, 14 de diciembre de 2021 a las 18:30", "2021-12-14T18:30", "minute"),
        ("3. Januar 2021, 10.15 Uhr", "2021-01-03T10:15", "minute"),
        ("01. April 2025, 15:25", "2025-04-01T15:25", "minute"),
        ("mar. 3 mars 2021 à 10h15", "2021-03-03T10:15", "minute"),
        ("le 1er février 2021", "2021-02-01", "day"),
        ("пятница, 3 декабря 2021, 10:15", "2021-12-03T10:15", "minute"),
        ("الجمعة 3 ديسمبر 2021 10:15 ص", "2021-12-03T10:15", "minute"),
        ("٣ ديسمبر ٢٠٢١", "2021-12-03", "day"),
        ("3 كانون الأول 2021", "2021-12-03", "day"),
        # And some more.
        ("20 Aralık 2024 18:24", "2024-12-20T18:24", "minute"),
        ("4 stycznia 2025", "2025-01-04", "day"),
        ("2026年1月29日 18時40分", "2026-01-29T18:40", "minute"),
        ("2026년 1월 29일 오후 6:40", "2026-01-29T18:40", "minute"),
        ("2026.01.29 18:40", "2026-01-29T18:40", "minute"),
        # Numbers that mean one thing only.
        ("10/31/2024", "2024-10-31", "day"),
        ("31/10/2024", "2024-10-31", "day"),
        ("05/05/2024", "2024-05-05", "day"),
        ("06.01.2026", "2026-01-06", "day"),
        ("2021/12/03 10:15:00", "2021-12-03T10:15:00", "second"),
        ("04-ago-2021 5:11:10", "2021-08-04T05:11:10", "second"),
        ("2023 Jan 7", "2023-01-07", "day"),
        ("03-Jan-69", "1969-01-03", "day"),
        ("03-Jan-68", "2068-01-03", "day"),
    ],
)
def test_known_in_part(text: str, stated: str, precision: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.iso(), found.precision, found.offset) == (stated, precision, None)


@pytest.mark.parametrize(
    "text",
    [
        "12:15",
        "at 12:15 PM",
        "Monday",
        "5 May",
        "03/04/2021",
        "25.04.24",
        "31 April 2021",
        "On 3 May 2021 the council met.",
        "Version 3 of May 2021.",
        "3 May 4 June 2021",
        "0:15 PM 3 May 2021",
    ],
)
def test_what_is_no_date_or_more_than_one_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "order", "stated"),
    [
        ("03/04/2021", "dmy", "2021-04-03"),
        ("03/04/2021", "mdy", "2021-03-04"),
        ("25.04.24", "dmy", "2024-04-25"),
        ("Do 25.04.24 | 14:07 Uhr", "dmy", "2024-04-25T14:07"),
        ("31/10/2024", "mdy", "2024-10-31"),
    ],
)
def test_the_order_of_a_language_settles_what_is_ambiguous(text: str, order: Order, stated: str) -> None:
    found = read(text, order)
    assert found is not None and found.iso() == stated


@given(st.text(max_size=250))
def test_no_text_makes_it_raise(text: str) -> None:
    read(text)
    instant(text)


_PIECES = st.sampled_from(
    [
        "3",
        "12",
        "2021",
        "31",
        "May",
        "mayo",
        "мая",
        "مايو",
        "Mai",
        "10:15",
        "24:00",
        "PM",
        "Z",
        "+03:00",
        "EST",
        "/",
        "-",
        ".",
        ",",
        "de",
        "Uhr",
        "年",
        "Monday",
        "(MSK)",
        "T",
        "0",
        "9999",
        "٠",
    ]
)


@given(st.lists(_PIECES, max_size=9).map(" ".join), st.sampled_from([None, "dmy", "mdy"]))
def test_nothing_made_of_pieces_of_dates_makes_it_raise(text: str, order: Order | None) -> None:
    found = read(text, order)
    assert found is None or found.iso()[:4].isdigit()


_FORMS = (
    "{0:%a}, {0:%d} {0:%b} {0:%Y} {0:%H}:{0:%M}:{0:%S} {1}",
    "{0:%Y}-{0:%m}-{0:%d}T{0:%H}:{0:%M}:{0:%S}{1}",
    "{0:%B} {0:%d}, {0:%Y} {0:%I}:{0:%M}:{0:%S} {0:%p} {1}",
    "{0:%d}-{0:%b}-{0:%Y} {0:%H}:{0:%M}:{0:%S} {1}",
    "{0:%a} {0:%b} {0:%d} {0:%H}:{0:%M}:{0:%S} {1} {0:%Y}",
    "{0:%Y}/{0:%m}/{0:%d} {0:%H}:{0:%M}:{0:%S} {1}",
)


@given(
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2099, 12, 31)),
    st.integers(-12 * 60, 14 * 60),
    st.sampled_from(_FORMS),
)
def test_what_is_stated_whole_comes_back_as_stated(moment: datetime, minutes: int, form: str) -> None:
    sign, rest = "-" if minutes < 0 else "+", abs(minutes)
    colon = ":" if "T" in form else ""
    zone = f"{sign}{rest // 60:02d}{colon}{rest % 60:02d}"
    stated = instant(form.format(moment, zone))
    assert stated is not None
    assert datetime.fromisoformat(stated).replace(tzinfo=None) == moment.replace(microsecond=0)
    assert stated.endswith(f"{sign}{rest // 60:02d}:{rest % 60:02d}")
