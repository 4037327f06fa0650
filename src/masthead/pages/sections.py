"""The sections of a site and what belongs to them: an operator may change all of it in the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify

from masthead.core.similar import fold
from masthead.pages.models import CategoryRule, Section

DEFAULT = "news"
_PARTS = re.compile(r"[/|>:;,·»]|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Found:
    """The section of an article: `origin` is "feed", "category", "text" or "default"; `evidence` is what was seen."""

    section: Section
    origin: str
    evidence: str = ""


def category_key(text: str) -> str:
    """A category without case, accents, dots and hyphens: what is compared."""
    return " ".join(fold(part) for part in re.split(r"[\s_-]+", text.strip()) if part)


# slug, half-life in hours, names in en es de fr ru ar, further categories that belong here
_DEFAULTS: tuple[tuple[str, int, tuple[str, ...], str], ...] = (
    ("news", 12, ("News", "Noticias", "Nachrichten", "Actualités", "Новости", "أخبار"), ""),
    (
        "world", 12, ("World", "Mundo", "Welt", "Monde", "Мир", "العالم"),
        "international,world news,foreign,internacional,ausland,internationales,étranger,в мире,за рубежом,"
        "عالمي,دولي,أخبار العالم",
    ),
    (
        "politics", 12, ("Politics", "Política", "Politik", "Politique", "Политика", "سياسة"),
        "government,elections,election,parliament,gobierno,elecciones,innenpolitik,wahlen,élections,"
        "gouvernement,выборы,власть,السياسة,انتخابات",
    ),
    (
        "business", 16, ("Business", "Economía", "Wirtschaft", "Économie", "Экономика", "اقتصاد"),
        "economy,finance,markets,money,companies,negocios,finanzas,mercados,finanzen,börse,unternehmen,"
        "finances,entreprises,бизнес,финансы,рынки,الاقتصاد,أعمال,مال",
    ),
    (
        "science", 36, ("Science", "Ciencia", "Wissen", "Sciences", "Наука", "علوم"),
        "research,environment,climate,space,medio ambiente,clima,wissenschaft,umwelt,klima,forschung,"
        "environnement,climat,recherche,экология,климат,космос,بيئة,مناخ,فضاء",
    ),
    (
        "technology", 24, ("Technology", "Tecnología", "Technik", "Technologie", "Технологии", "تكنولوجيا"),
        "tech,internet,computing,gadgets,digital,netzwelt,numérique,интернет,تقنية,إنترنت",
    ),
    (
        "health", 36, ("Health", "Salud", "Gesundheit", "Santé", "Здоровье", "صحة"),
        "medicine,medicina,medizin,médecine,медицина,الصحة,طب",
    ),
    (
        "culture", 36, ("Culture", "Cultura", "Kultur", "Culture", "Культура", "ثقافة"),
        "arts,art,books,film,films,music,theatre,entertainment,cine,libros,música,arte,feuilleton,bücher,"
        "kino,musik,livres,cinéma,musique,искусство,кино,книги,музыка,فن,فنون,كتب,سينما,موسيقى",
    ),
    (
        "sport", 10, ("Sport", "Deportes", "Sport", "Sport", "Спорт", "رياضة"),
        "sports,football,soccer,tennis,cycling,olympics,deporte,fútbol,fussball,fußball,sports,foot,футбол,"
        "хоккей,كرة القدم,الرياضة",
    ),
)  # fmt: skip
_NEWS = _DEFAULTS[0][2]
_LANGUAGES = ("en", "es", "de", "fr", "ru", "ar")


def create_defaults() -> None:
    """Give a site without any section the usual ones; those that get no article are not shown."""
    if Section.objects.exists():
        return
    Section.objects.bulk_create(
        (
            Section(
                slug=slug,
                name=names[0],
                names=dict(zip(_LANGUAGES, names, strict=True)),
                matches=[word for word in matches.split(",") if word],
                position=(position + 1) * 10,
                half_life_hours=half_life,
            )
            for position, (slug, half_life, names, matches) in enumerate(_DEFAULTS)
        ),
        ignore_conflicts=True,
    )


class Directory:
    """All sections, read once, and which categories lead to them.

    What an editor decided for a source goes before what holds for all, and the list of a section before the names.
    """

    def __init__(self, sections: Iterable[Section], rules: Iterable[CategoryRule] = ()) -> None:
        self.by_slug: dict[str, Section] = {section.slug: section for section in sections}
        by_pk = {section.pk: section for section in self.by_slug.values()}
        self._rules = {(rule.source_id, rule.key): by_pk.get(rule.section_id or 0) for rule in rules}
        self._by_category: dict[str, Section] = {}
        for section in self.by_slug.values():
            for name in section.matches:
                self._by_category.setdefault(category_key(str(name)), section)
        for section in self.by_slug.values():
            for name in (section.slug, section.name, *section.names.values()):
                self._by_category.setdefault(category_key(str(name)), section)

    @classmethod
    def read(cls) -> Directory:
        """The sections of the database; created when there are none."""
        create_defaults()
        return cls(Section.objects.order_by("position", "slug"), CategoryRule.objects.all())

    def of_category(self, name: str, source: int | None = None) -> Section | None:
        """The section that a publisher's category or its slug leads to, if any."""
        return self._of_key(category_key(name), source)

    def _of_key(self, key: str, source: int | None) -> Section | None:
        for rule in ((source, key), (None, key)):
            if rule in self._rules:
                return self._rules[rule]
        return self._by_category.get(key)

    def decided(self, name: str, source: int | None = None) -> bool:
        """Whether anybody said where a category leads, be it that it says nothing."""
        key = category_key(name)
        return (source, key) in self._rules or (None, key) in self._rules or self.of_parts(name, source) is not None

    def of_parts(self, category: str, source: int | None = None) -> Section | None:
        """The section of a category, which may be of several parts ("News / Sport"): by its most special part known."""
        general: Section | None = None
        if ruled := {(source, category_key(category)), (None, category_key(category))} & self._rules.keys():
            return self._rules[max(ruled, key=lambda rule: rule[0] is not None)]
        for part in (category, *reversed(_PARTS.split(category))):
            section = self._of_key(category_key(part), source)
            if section is not None and section.slug != DEFAULT:
                return section
            general = general or section
        return general

    def default(self) -> Section:
        """The section of what belongs nowhere else."""
        if DEFAULT not in self.by_slug:
            self.by_slug[DEFAULT] = Section.objects.get_or_create(
                slug=DEFAULT, defaults={"name": _NEWS[0], "names": dict(zip(_LANGUAGES, _NEWS, strict=True))}
            )[0]
        return self.by_slug[DEFAULT]

    def named(self, slug: str) -> Section:
        """The section that a feed names; made when it is not there yet."""
        if found := self.by_slug.get(slug) or self._by_category.get(category_key(slug)):
            return found
        proper = slugify(slug, allow_unicode=True)[:60] or DEFAULT
        name = slug.replace("-", " ").strip().capitalize()[:100]
        section, _ = Section.objects.get_or_create(slug=proper, defaults={"name": name})
        self.by_slug[proper] = self.by_slug[slug] = section
        return section

    def find(self, feed_section: str, categories: Iterable[str], source: int | None = None) -> Found:
        """Where an article belongs: its feed's section, else the first category that is known, else the default."""
        if feed_section.strip():
            return Found(self.named(feed_section.strip()), "feed", feed_section.strip()[:200])
        general: Found | None = None
        for category in categories:
            section = self.of_parts(category, source)
            if section is None:
                continue
            found = Found(section, "category", category.strip()[:200])
            if section.slug != DEFAULT:
                return found
            general = general or found
        return general or Found(self.default(), "default")
