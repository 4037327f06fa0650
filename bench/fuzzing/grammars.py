"""Small grammars of what publishers write: dates, addresses, headers, pages, lists. Every piece is invented."""

from __future__ import annotations

from random import Random

_listed = str.split
_MONTHS = _listed("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
_MONTH_WORDS = _listed(
    "January février März avril mayo июня lipca août вересня octubre Kasım dezembro يناير كانون الأول 3月 tháng 5 Μαΐου"
    " प्रैल maj elokuuta"
)
_DAYS = _listed("Mon Tuesday Mi. jeu vendredi суббота Sonntag الأحد 日曜日")
_ZONES = _listed(
    "GMT UTC Z +0000 -0500 +05:30 +1400 -1200 EST PDT MSK CET BST +99:99 -00:00 Europe/Berlin America/Nowhere GMT+3"
    " (MSK) ET UTC+25 ../../etc CEST+1 A Zulu"
)
_ZONES += ["Eastern Daylight Time", "", "", " "]
_HOSTS = _listed(
    "paper.example harbour-news.example Paper.Example. xn--mnchen-3ya.example münchen.example 127.0.0.1 [::1] 0x7f.1"
    " localhost 2130706433 пример.example ｐaper.example a..b -x.example a_b.example paper.example:80"
    " paper.example:99999 user:pw@paper.example @ [fe80::1%25eth0] %70aper.example paper。example ß.example"
    " youtube.com github.com www.reddit.com gitlab.com"
)
_PATHS = _listed(
    "/ /a/b /a/../b /a//b /%41 /%zz /ü /a%20b /;x /?a=b&c /?q=%26#f /#x \\a\\b /index.xml /@mira /feed/ /r/ships /a'b"
    " /watch?list=PLabcdefghijk /harbour/port/-/commits/main /tag/sea"
)


def number(rng: Random) -> str:
    """A number as it may stand anywhere: small, huge, negative, none at all."""
    forms = (
        lambda: str(rng.randrange(100)),
        lambda: str(rng.randrange(1900, 2100)),
        lambda: "9" * rng.choice((5, 10, 19, 40, 4400)),
        lambda: f"-{rng.randrange(1000)}",
        lambda: f"{rng.random() * 10 ** rng.randrange(20)}",
        lambda: rng.choice(("0", "00", "1e309", "NaN", "Infinity", "٣", "²", "１２", "0x10", "+5", "")),
    )
    return rng.choice(forms)()


def date(rng: Random) -> str:
    """A date in one of many forms, some of which name nothing that exists."""
    day = rng.choice((rng.randrange(1, 29), rng.randrange(0, 40), 31))
    month, year = rng.randrange(0, 14), rng.choice((2021, 2024, 1, 0, 9999, 99, rng.randrange(10_000)))
    hour, minute, second = rng.choice(
        ((12, 30, 5), (24, 0, 0), (23, 59, 60), (rng.randrange(30), rng.randrange(70), 0))
    )
    zone, name = rng.choice(_ZONES), _MONTHS[month % 12]
    forms = (
        f"{rng.choice(_DAYS)}, {day} {name} {year:04d} {hour:02d}:{minute:02d}:{second:02d} {zone}",
        f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{zone}",
        f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}.{number(rng)}{zone}",
        f"{day} {rng.choice(_MONTH_WORDS)} {year} {hour}:{minute:02d} {zone}",
        f"{rng.choice(_MONTH_WORDS)} {day}, {year} at {hour}:{minute:02d} {rng.choice(('AM', 'p.m.', '오후', ''))}",
        f"{day}.{month}.{year} {hour}.{minute:02d} Uhr",
        f"{month}/{day}/{year}",
        f"{year}年{month}月{day}日 {hour}時{minute:02d}分",
        f"{rng.choice(_DAYS)} {name} {day:2d} {hour:02d}:{minute:02d}:{second:02d} {year:04d}",
        f"{rng.choice(_DAYS)}, {day:02d}-{name}-{year % 100:02d} {hour:02d}:{minute:02d}:{second:02d} GMT",
        f"{year:04d}{month:02d}{day:02d}",
        number(rng),
    )
    return rng.choice(forms)


def address(rng: Random) -> str:
    """An address, sound or not."""
    scheme = rng.choice(
        ("https://", "http://", "HTTP:/", "//", "", "feed:https://", "https:\\\\", "javascript:", "data:,")
    )
    return scheme + rng.choice(_HOSTS) + rng.choice(_PATHS) + rng.choice(("", "", _PATHS[rng.randrange(len(_PATHS))]))


def headers(rng: Random) -> dict[str, str]:
    """What a server says about waiting, freshness and links."""
    made = {
        "retry-after": rng.choice((number(rng), date(rng))),
        "date": date(rng),
        "expires": rng.choice((date(rng), "0", "-1")),
        "age": number(rng),
        "cache-control": ", ".join(
            rng.choice(
                (f"max-age={number(rng)}", "no-cache", 'private="x', "s-maxage", f'max-age="{number(rng)}"', "=,=")
            )
            for _ in range(rng.randrange(4))
        ),
        "link": ", ".join(
            f"<{address(rng)}>; rel={rng.choice(('hub', chr(34) + 'self hub' + chr(34), 'self', chr(34)))}"
            for _ in range(rng.randrange(4))
        ),
    }
    return {name: value for name, value in made.items() if rng.random() < 0.7}


def opml(rng: Random) -> str:
    """A list of feeds, nested."""
    lines, depth = (
        ['<?xml version="1.0"?>', '<opml version="2.0"><head><title>Harbours &amp; ships</title></head><body>'],
        0,
    )
    for place in range(rng.randrange(1, 8)):
        form = rng.randrange(5)
        if form == 0 and depth < 4:
            lines.append(f'<outline text="Folder {place}" title="Folder &lt;{place}&gt;">')
            depth += 1
        elif form == 1 and depth:
            lines.append("</outline>")
            depth -= 1
        else:
            quote = rng.choice("\"'")
            lines.append(
                f"<outline type={quote}rss{quote} text={quote}Paper {place}{quote} "
                f"xmlUrl={quote}{address(rng).replace(quote, '')}{quote} htmlUrl={quote}https://p{place}.example/{quote}/>"
            )
    return "\n".join([*lines, *["</outline>"] * depth, "</body></opml>"])


def page(rng: Random) -> str:
    """A web page that names feeds."""
    links = "".join(
        f'<link rel="{rng.choice(("alternate", "feed", "alternate stylesheet", "canonical"))}" '
        f'type="{rng.choice(("application/rss+xml", "application/atom+xml", "text/xml", ""))}" '
        f'title="News {place}" href="{address(rng)}">'
        for place in range(rng.randrange(4))
    )
    anchors = "".join(f'<p><a href="{address(rng)}">{rng.choice(("RSS", "the port", "Feed"))}</a>' for _ in range(3))
    base = f'<base href="{address(rng)}">' if rng.random() < 0.3 else ""
    head = f"<head><title>The Harbour Courier</title>{base}{links}</head>"
    return f"<!doctype html><html>{head}<body>{anchors}</body></html>"
