"""Dates of feeds: certain moments with their offset, and nothing that is not certain."""

from __future__ import annotations

import pytest

from masthead.core.dates import instant, read


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
    ],
)
def test_known_in_part(text: str, stated: str, precision: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.iso(), found.precision, found.offset) == (stated, precision, None)
