"""Has a site read the sample newsroom: its sections, sources and feeds, as an operator would have entered them."""

from __future__ import annotations

from collections.abc import Iterable

from masthead.demo.hosts import ENDED, Newsroom
from masthead.demo.press import Press, Publisher
from masthead.feeds.models import Source
from masthead.feeds.subscribe import Wish, subscribe
from masthead.pages.models import Section

LANGUAGES = ("en", "es", "de", "fr", "ru", "ar")

# slug, half-life in hours, names in the order of LANGUAGES
SECTIONS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("world", 12, ("World", "Mundo", "Welt", "Monde", "Мир", "العالم")),
    ("politics", 12, ("Politics", "Política", "Politik", "Politique", "Политика", "سياسة")),
    ("business", 16, ("Business", "Economía", "Wirtschaft", "Économie", "Экономика", "اقتصاد")),
    ("science", 36, ("Science", "Ciencia", "Wissen", "Sciences", "Наука", "علوم")),
    ("culture", 36, ("Culture", "Cultura", "Kultur", "Culture", "Культура", "ثقافة")),
    ("sport", 10, ("Sport", "Deportes", "Sport", "Sport", "Спорт", "رياضة")),
    ("city", 18, ("City", "Ciudad", "Stadt", "Ville", "Город", "محليات")),
)


def subscribe_all(newsroom: Newsroom) -> int:
    """Make sections, sources and feeds, those that are there already excepted. Returns how many feeds are new."""
    make_sections(newsroom.press)
    return sum(_subscribe(newsroom, publisher) for publisher in newsroom.press.publishers.values())


def make_sections(press: Press) -> None:
    """The sections of the site, each with the publishers' own names for it."""
    for position, (slug, half_life, names) in enumerate(SECTIONS):
        words = (publisher.categories.get(slug, "") for publisher in press.publishers.values())
        Section.objects.get_or_create(
            slug=slug,
            defaults={
                "name": names[0],
                "names": dict(zip(LANGUAGES, names, strict=True)),
                "matches": _others(words, names),
                "position": (position + 1) * 10,
                "half_life_hours": half_life,
            },
        )


def _others(words: Iterable[str], names: tuple[str, ...]) -> list[str]:
    return sorted({word for word in words if word and word not in names})


def _subscribe(newsroom: Newsroom, publisher: Publisher) -> int:
    base = newsroom.base(publisher.key)
    Source.objects.get_or_create(
        slug=publisher.key,
        defaults={
            "name": publisher.name,
            "home_url": f"{base}/",
            "description": publisher.description,
            "country": publisher.country,
            "language": publisher.language,
            "ownership": publisher.ownership,
            "policy": publisher.policy,
            "licence": publisher.licence,
        },
    )
    addresses = [base + publisher.subscribed_path]
    if publisher.key == ENDED[0]:
        addresses.append(base + ENDED[1])
    return sum(
        subscribe(
            Wish(
                url=address,
                source=publisher.name,
                home_url=f"{base}/",
                section=publisher.section,
                language=publisher.language,
            )
        ).created
        for address in addresses
    )
