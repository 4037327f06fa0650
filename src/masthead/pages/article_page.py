"""An article page: the newest revision, cut to what its source's policy lets us show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils import timezone

from masthead.articles.models import Article, ArticleState, Image, Revision
from masthead.core.records import article_from_json
from masthead.core.rights import permitted
from masthead.core.types import Block, CleanArticle, RelatedCard, Repair
from masthead.pages import addresses
from masthead.pages.cards import cards, policy_of, shown, with_card_columns
from masthead.pages.languages import edition_of, others, primary
from masthead.pages.models import Placement
from masthead.pages.pictures import images_at, picture_of
from masthead.pages.types import ArticlePage, BlockView, Card, Picture, RelatedView, Tombstone
from masthead.stories.models import Member

MORE_ON_STORY = 6

# Reports of the publisher in which the headline of a pointer without address is looked up.
RECENT = 500


def document_of(article: Article) -> CleanArticle:
    """The whole report as it was cleaned last; what the columns hold, where there is no revision."""
    if article.revision is None:
        return CleanArticle(title=article.title, standfirst=article.standfirst, language=article.language)
    return article_from_json(article.revision.document)


def permitted_document(article: Article, document: CleanArticle) -> tuple[CleanArticle, str]:
    """What may be shown of it, and the policy that says so."""
    policy = policy_of(article.source, document.license)
    allowed = permitted(
        document,
        policy,
        excerpt_characters=settings.MASTHEAD.excerpt_characters,
        images=article.source.show_images,
    )
    return allowed, policy


def tombstone(article: Article) -> Tombstone:
    """What stands where a withdrawn article stood."""
    return Tombstone(title=article.title, reason=article.state_reason, at=article.state_at)


def article(pk: int) -> ArticlePage | Tombstone | None:
    """The page of an article. `Tombstone`: taken down (410). None: there is none, or it is held or under embargo."""
    row = (
        with_card_columns(Article.objects.filter(pk=pk))
        .select_related("source", "lead", "revision", "short_link")
        .annotate(
            revisions_kept=Count("revisions"),
            mended_at=Max("revisions__made_at", filter=Q(revisions__origin=Revision.Origin.OURS)),
        )
        .first()
    )
    if row is None:
        return None
    if row.state == ArticleState.WITHDRAWN:
        return tombstone(row)
    if row.state != ArticleState.PUBLISHED or (row.embargo_until and row.embargo_until > timezone.now()):
        return None
    document = document_of(row)
    allowed, policy = permitted_document(row, document)
    urls = [b.image.src for b in allowed.body if b.image] + [c.image.src for c in allowed.related if c.image]
    images = images_at(urls)
    held = _held(allowed.related, row)
    older, newer = _neighbours(row)
    siblings = _siblings(row)
    around = {c.id: c for c in cards([row, *held.values(), *siblings, *older, *newer], edition_of(row.language))}
    own = around[row.pk]
    return ArticlePage(
        card=own,
        blocks=tuple(_blocks(allowed, images)),
        canonical_url=addresses.absolute(own.path) if policy == "full" or not row.canonical_url else row.canonical_url,
        original_url=row.canonical_url,
        short_path=addresses.short_link(row.short_link.code) if hasattr(row, "short_link") else "",
        published=allowed.published,
        modified=allowed.modified,
        policy=policy,
        truncated=allowed.text != document.text or len(allowed.body) < len(document.body),
        related=tuple(_related(c, held, around, images) for c in allowed.related if c.url or c.title in held),
        quotes=allowed.quotes,
        repairs=tuple(_repair(repair, policy) for repair in allowed.repairs),
        warnings=allowed.warnings,
        provenance=dict(allowed.provenance),
        agencies=allowed.agencies,
        licence=allowed.license or row.source.licence,
        more_on_story=tuple(around[a.pk] for a in siblings),
        previous=around[older[0].pk] if older else None,
        next=around[newer[0].pk] if newer else None,
        revisions=max(1, row.revisions_kept),
        gone=row.gone_at,
        mended=row.mended_at,
    )


def _repair(repair: Repair, policy: str) -> Repair:
    """A repair as readers may see it: the words that were mended belong to the text that the policy withholds."""
    return repair if policy == "full" else replace(repair, before="", after="")


def _blocks(allowed: CleanArticle, images: dict[str, Image]) -> Iterable[BlockView]:
    lead = allowed.lead_image.src if allowed.lead_image else None
    for block in allowed.body:
        if block.type == "figure":
            shown_picture = picture_of(block.image, images)
            if shown_picture is None or (block.image and block.image.src == lead):
                continue
            yield BlockView(type="figure", html=block.html, text=block.text, picture=shown_picture)
        else:
            # A still that already stands above the report is not shown twice.
            still = block.image if block.type == "embed" and block.image and block.image.src != lead else None
            yield _block(block, picture_of(still, images))


def _block(block: Block, still: Picture | None) -> BlockView:
    return BlockView(
        type=block.type,
        html=block.html,
        text=block.text,
        level=block.level or 2,
        ordered=block.ordered,
        items=block.items,
        cite=block.cite,
        picture=still,
        url=block.url,
        title=block.title,
    )


def _held(related: Iterable[RelatedCard], own: Article) -> dict[str, Article]:
    """Which of the related reports stand on our own site, by the publisher's address.

    By the headline, in the same publisher's reports, where the pointer lost its address.
    """
    urls = {c.url for c in related if c.url}
    titles = {c.title for c in related if not c.url}
    wanted = Q(canonical_url__in=urls)
    if titles:
        recent = Article.objects.filter(shown(), source=own.source_id).order_by("-sort_at", "-id")
        named = [pk for pk, title in recent.values_list("pk", "title")[:RECENT] if title in titles]
        wanted |= Q(pk__in=named)
    elif not urls:
        return {}
    rows = with_card_columns(Article.objects.filter(shown(), wanted)).exclude(pk=own.pk)
    found = {name: row for row in rows.order_by("-id")[:50] for name in (row.canonical_url, row.title)}
    return {name: row for name, row in found.items() if name in urls or name in titles}


def _related(
    related: RelatedCard, held: dict[str, Article], around: dict[int, Card], images: dict[str, Image]
) -> RelatedView:
    ours = held.get(related.url or related.title)
    own_picture = picture_of(related.image, images)
    if ours is None:
        return RelatedView(card=related, picture=own_picture)
    its_card = around[ours.pk]
    return RelatedView(
        card=related, path=its_card.path, picture=own_picture or its_card.picture, source=its_card.source
    )


def _siblings(row: Article) -> list[Article]:
    """Other reports of the same story, newest first; copies of one report are left out."""
    own = Member.objects.filter(article=row).values_list("story", flat=True).first()
    if own is None:
        return []
    members = Member.objects.filter(shown("article__"), story=own, copy_of=None).exclude(article=row)
    members = with_card_columns(members, "article").order_by("-at", "-id")
    return [member.article for member in members[:MORE_ON_STORY]]


def _neighbours(row: Article) -> tuple[list[Article], list[Article]]:
    """The article before and the one after it in its section and edition, each as a list of one or none."""
    place = Placement.objects.filter(article=row).first()
    if place is None:
        return [], []
    rows = with_card_columns(Placement.objects.filter(shown("article__"), section=place.section_id), "article")
    edition = edition_of(row.language)
    rows = (
        rows.exclude(language__in=others(edition))
        if edition == settings.MASTHEAD.language
        else rows.filter(language=primary(edition))
    )
    before = rows.filter(Q(at__lt=place.at) | Q(at=place.at, article_id__lt=row.pk), at__lte=place.at).order_by(
        "-at", "-article_id"
    )[:1]
    after = rows.filter(Q(at__gt=place.at) | Q(at=place.at, article_id__gt=row.pk), at__gte=place.at).order_by(
        "at", "article_id"
    )[:1]
    return [p.article for p in before], [p.article for p in after]
