"""What became of an article after publication: its revisions with their differences, each with whose change it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from masthead.articles.models import Article, ArticleState, Revision
from masthead.core import churn, differ
from masthead.core.records import article_from_json
from masthead.core.types import ArticleDate, CleanArticle, ImageRef
from masthead.pages.article_page import permitted_document, tombstone
from masthead.pages.cards import cards, shown, with_card_columns
from masthead.pages.languages import edition_of
from masthead.pages.types import ChangesPage, DiffPart, FieldChange, RevisionView, Tombstone

REVISIONS = 50


def changes(pk: int) -> ChangesPage | Tombstone | None:
    """The history of an article that readers may see, cut to what its source's policy lets us show."""
    row = with_card_columns(Article.objects.filter(pk=pk)).first()
    if row is None:
        return None
    if row.state == ArticleState.WITHDRAWN:
        return tombstone(row)
    if not Article.objects.filter(shown(), pk=pk).exists():
        return None
    kept = list(Revision.objects.filter(article=row).order_by("-number")[:REVISIONS])
    states = [permitted_document(row, article_from_json(revision.document))[0] for revision in kept]
    views = []
    for position, revision in enumerate(kept):
        before = states[position + 1] if position + 1 < len(states) else None
        found = tuple(differences(before, states[position])) if before else ()
        views.append(RevisionView(number=revision.number, at=revision.made_at, origin=revision.origin, changes=found))
    own = cards([row], edition_of(row.language))[0]
    return ChangesPage(card=own, revisions=tuple(views), canonical_url=row.canonical_url)


def differences(before: CleanArticle, after: CleanArticle) -> Iterable[FieldChange]:
    """What a reader would notice between two states, field by field, the body paragraph by paragraph."""
    pairs = (
        ("title", before.title, after.title),
        ("standfirst", before.standfirst, after.standfirst),
        ("byline", ", ".join(before.byline), ", ".join(after.byline)),
    )
    for name, old, new in pairs:
        if churn.settled(old) != churn.settled(new):
            yield FieldChange(field=name, parts=_parts(differ.words_changed(old, new)), kind=_kind(old, new))
    if _bounds(before.published) != _bounds(after.published):
        yield FieldChange("published", (), date_before=before.published, date_after=after.published)
    yield from _pictures("lead_image", [before.lead_image], [after.lead_image])
    for paragraph in differ.paragraphs_changed(_paragraphs(before), _paragraphs(after)):
        yield FieldChange(field="body", parts=_parts(paragraph.parts), kind=paragraph.kind)
    yield from _pictures("images", _figures(before), _figures(after))


def _parts(parts: Sequence[differ.Part]) -> tuple[DiffPart, ...]:
    """The parts with the white space at the edges of what changed outside of it: marks belong to words."""
    found: list[DiffPart] = []
    for part in parts:
        words = part.text.strip()
        if part.kind == "same" or not words:
            found.append(DiffPart("same", part.text))
            continue
        before, _, after = part.text.partition(words)
        found += [DiffPart("same", before)] if before else []
        found.append(DiffPart(part.kind, words))
        found += [DiffPart("same", after)] if after else []
    return tuple(found)


def _kind(old: str, new: str) -> str:
    return "changed" if old and new else "added" if new else "removed"


def _bounds(date: ArticleDate | None) -> tuple[str, str]:
    return (date.earliest[:16], date.latest[:16]) if date else ("", "")


def _paragraphs(state: CleanArticle) -> list[str]:
    """The text of the body as it is compared: a paragraph each, lists by their items, what is embedded by its title."""
    found: list[str] = []
    for block in state.body:
        if block.type == "embed":
            found.append(block.text or block.title or block.url)
        elif block.type in ("list", "table"):
            found += [line for line in block.text.split("\n") if not churn.is_counter(line)]
        elif block.type != "figure" and not churn.is_counter(block.text):
            found.append(block.text)
    return found


def _figures(state: CleanArticle) -> list[ImageRef | None]:
    return [block.image for block in state.body if block.type == "figure"]


def _pictures(field: str, before: Sequence[ImageRef | None], after: Sequence[ImageRef | None]) -> Iterable[FieldChange]:
    """Pictures that went or came, by their captions, and captions that changed."""
    old, new = ({churn.picture_key(i.src): _told(i) for i in images if i is not None} for images in (before, after))
    for key, words in old.items():
        if key not in new:
            yield FieldChange(field, (DiffPart("removed", words),), "removed")
        elif churn.settled(words) != churn.settled(new[key]):
            yield FieldChange(field, _parts(differ.words_changed(words, new[key])))
    for key, words in new.items():
        if key not in old:
            yield FieldChange(field, (DiffPart("added", words),), "added")


def _told(image: ImageRef) -> str:
    """A picture in words: its caption, else what it shows, else the name of its file."""
    return image.caption or image.alt or unquote(urlsplit(image.src).path.rsplit("/", 1)[-1]) or image.src
