"""Articles as cards: three queries for any number of them. Rights are applied here for every list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from masthead.articles.models import Article, ArticleState
from masthead.core.rank import Reason
from masthead.core.rights import effective_policy, permitted
from masthead.core.types import CleanArticle, ImageRef
from masthead.feeds.models import Source
from masthead.pages import addresses
from masthead.pages.icons import Row, icon_of, with_icon
from masthead.pages.languages import direction, edition_of
from masthead.pages.models import Placement, Section
from masthead.pages.pictures import drawn_picture, picture
from masthead.pages.types import Card, Picture, SectionView, SourceView, StoryView
from masthead.stories.models import Member, Story


def shown(prefix: str = "", now: datetime | None = None) -> Q:
    """The condition under which readers see an article, through the relation `prefix` ("article__")."""
    now = now or timezone.now()
    return Q(**{f"{prefix}state": ArticleState.PUBLISHED}) & (
        Q(**{f"{prefix}embargo_until": None}) | Q(**{f"{prefix}embargo_until__lte": now})
    )


def with_card_columns(rows: QuerySet[Row], article: str = "") -> QuerySet[Row]:
    """What a card needs besides the row, in the same query. Rows of articles, or that lead to one by a relation."""
    prefix = f"{article}__" if article else ""
    return with_icon(rows.select_related(f"{prefix}source", f"{prefix}lead"), f"{prefix}source")


def policy_of(source: Source, licence: str = "") -> str:
    """The policy in force: the source's own, else by the licence of the article or of the source."""
    return effective_policy(source.policy, licence or source.licence)


def source_view(source: Source) -> SourceView:
    """A publisher as readers see it."""
    return SourceView(
        id=source.pk,
        name=source.name,
        slug=source.slug,
        path=addresses.source(source.slug),
        home_url=source.home_url,
        description=source.description,
        country=source.country,
        language=source.language,
        ownership=source.ownership,
        policy=policy_of(source),
        licence=source.licence,
        icon=icon_of(source),
    )


def section_view(section: Section, edition: str) -> SectionView:
    """A section named in the edition's language."""
    name = section.names.get(edition) or section.names.get(edition.partition("-")[0]) or section.name
    return SectionView(slug=section.slug, name=name, path=addresses.section(section.slug, edition))


def has_page(story: Story) -> bool:
    """Whether a story stands on a page of its own: reports of more than one source."""
    return story.merged_into_id is None and story.articles > 1 and story.sources > 1


def is_shown(article: Article | None) -> bool:
    """Whether readers see this article now: what `shown` asks of the database, of a row."""
    if article is None or article.state != ArticleState.PUBLISHED:
        return False
    return article.embargo_until is None or article.embargo_until <= timezone.now()


def story_view(story: Story, instead: str) -> StoryView:
    """A story as a link from its reports (read with `lead`), under the headline that its lead bears now.

    `instead` is its headline where the lead has been taken down since.
    """
    return StoryView(
        id=story.pk,
        title=story.lead.title if story.lead is not None and is_shown(story.lead) else instead,
        path=addresses.story(story.pk, story.slug),
        articles=story.articles,
        sources=story.sources,
    )


def _picture(article: Article, images: bool) -> Picture:
    found = picture(article.lead, alt=article.lead_alt, credit=article.lead_credit) if images else None
    return found or drawn_picture(article.source_id, article.pk)


def card(
    article: Article,
    *,
    edition: str = "",
    section: Section | None = None,
    story: Story | None = None,
    why: Iterable[Reason] = (),
    snippet_html: str = "",
) -> Card:
    """One article as a card, from rows that were read before (`source` and `lead` included); no query."""
    source = article.source
    lead = ImageRef(src=article.lead.url) if article.lead else None
    allowed = permitted(
        CleanArticle(title=article.title, standfirst=article.standfirst, lead_image=lead),
        policy_of(source),
        excerpt_characters=settings.MASTHEAD.excerpt_characters,
        images=source.show_images,
    )
    return Card(
        id=article.pk,
        path=addresses.article(article.pk, article.slug),
        title=article.title,
        standfirst=allowed.standfirst,
        language=article.language,
        direction=direction(article.language),
        source=source_view(source),
        at=article.sort_at,
        first_seen=article.first_seen_at,
        published=article.published_at,
        precision=article.published_precision,
        byline=tuple(article.byline),
        picture=_picture(article, allowed.lead_image is not None),
        section=section_view(section, edition or edition_of(article.language)) if section else None,
        story=story_view(story, article.title) if story and has_page(story) else None,
        changed=article.changed_at,
        why=tuple(why),
        snippet_html=snippet_html,
    )


def cards(
    articles: Iterable[Article],
    edition: str = "",
    *,
    why: Mapping[int, Iterable[Reason]] | None = None,
    snippets: Mapping[int, str] | None = None,
) -> tuple[Card, ...]:
    """Articles (read `with_card_columns`) as cards in the same order. Two queries; none for no article."""
    rows = list(articles)
    if not rows:
        return ()
    keys = [row.pk for row in rows]
    sections = {p.article_id: p.section for p in Placement.objects.filter(article__in=keys).select_related("section")}
    stories = {m.article_id: m.story for m in Member.objects.filter(article__in=keys).select_related("story__lead")}
    return tuple(
        card(
            row,
            edition=edition,
            section=sections.get(row.pk),
            story=stories.get(row.pk),
            why=(why or {}).get(row.pk, ()),
            snippet_html=(snippets or {}).get(row.pk, ""),
        )
        for row in rows
    )


def cards_by_id(
    ids: Iterable[int],
    edition: str = "",
    *,
    why: Mapping[int, Iterable[Reason]] | None = None,
    snippets: Mapping[int, str] | None = None,
) -> tuple[Card, ...]:
    """Cards of these articles in this order, those left out that readers may not see. Three queries."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return ()
    rows = {row.pk: row for row in with_card_columns(Article.objects.filter(shown(), pk__in=wanted))}
    return cards((rows[pk] for pk in wanted if pk in rows), edition, why=why, snippets=snippets)
