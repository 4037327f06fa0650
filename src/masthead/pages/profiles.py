"""What the site knows of the words of its sections, by language: learned from placed reports, kept in a bounded row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.utils import timezone

from masthead.articles.models import Article
from masthead.core.sectioning import Profile, Sample, Verdict, classify, learn
from masthead.core.similar import everyday, tokens
from masthead.pages.languages import primary
from masthead.pages.models import Placement, Section, SectionWords

STATED = ("feed", "category", "editor")
"""Origins of a placing that somebody stated. What was placed by its text teaches nothing."""
PER_SECTION = 400
"""So many of the newest reports of each section are learned from."""
KEPT = timedelta(hours=6)


def by_words(article: Article, profiles: dict[str, Profile]) -> Verdict | None:
    """The section of an article by its headline and standfirst, the evidence as written there. `profiles`: those that
    were read before, by language."""
    language = primary(article.language)
    if language not in profiles:
        profiles[language] = profile(language)
    text = f"{article.title}\n{article.standfirst}"
    found = classify(_words(text, language), profiles[language])
    if found is None:
        return None
    written: dict[str, str] = {}
    for word in text.split():
        for term in tokens(word, language):
            written.setdefault(term, word.strip(".,;:!?\"'«»“”„()[]…"))
    return Verdict(found.section, tuple(written.get(term, term) for term in found.evidence))


def _words(text: str, language: str) -> frozenset[str]:
    return frozenset(word for word in tokens(text, language) if not word.isdigit()) - everyday(language)


def profile(language: str) -> Profile:
    """The profile of a language (primary subtag), made anew when it is older than a quarter of a day."""
    now = timezone.now()
    row = SectionWords.objects.filter(language=language).first()
    if row is None or not timedelta(0) <= now - row.made_at < KEPT:
        learned = learn(_samples(language))
        values = {"made_at": now, "reports": learned.reports, "words": learned.words}
        row, _ = SectionWords.objects.update_or_create(language=language, defaults=values)
    return Profile(row.reports, row.words)


def forget() -> None:
    """Learn all languages anew when they are next needed: placings changed by an editor's hand."""
    SectionWords.objects.all().delete()


def _samples(language: str) -> Iterator[Sample]:
    """The newest reports of each section whose place was stated. A query for each section."""
    for section in Section.objects.order_by("position", "slug"):
        rows = Placement.objects.filter(section=section, language=language, origin__in=STATED)
        columns = ("article__source", "article__title", "article__standfirst")
        yield from _read(section.slug, language, rows.order_by("-at", "-article").values_list(*columns)[:PER_SECTION])


def _read(slug: str, language: str, rows: Iterable[tuple[int, str, str]]) -> Iterator[Sample]:
    for source, title, standfirst in rows:
        yield Sample(slug, source, _words(f"{title}\n{standfirst}", language))
