"""What a source changed after publication: the revisions of an article with their differences."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from masthead.articles.models import Article, ArticleState, Revision
from masthead.core.records import article_from_json
from masthead.core.types import CleanArticle
from masthead.pages.article_page import permitted_document, tombstone
from masthead.pages.cards import cards, shown, with_card_columns
from masthead.pages.languages import edition_of
from masthead.pages.types import ChangesPage, DiffPart, FieldChange, RevisionView, Tombstone

REVISIONS = 50
WORD = re.compile(r"\s+|[^\s]+")


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
        if old != new:
            yield FieldChange(field=name, parts=words_changed(old, new))
    old_paragraphs = [block.text for block in before.body if block.text]
    new_paragraphs = [block.text for block in after.body if block.text]
    matcher = difflib.SequenceMatcher(a=old_paragraphs, b=new_paragraphs, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield from _paragraphs(old_paragraphs[i1:i2], new_paragraphs[j1:j2])


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterable[FieldChange]:
    for position in range(max(len(old), len(new))):
        before = old[position] if position < len(old) else ""
        after = new[position] if position < len(new) else ""
        yield FieldChange(field="body", parts=words_changed(before, after))


def words_changed(before: str, after: str) -> tuple[DiffPart, ...]:
    """The way from one text to another in runs of words."""
    old, new = WORD.findall(before), WORD.findall(after)
    parts: list[DiffPart] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(DiffPart("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            parts.append(DiffPart("removed", "".join(old[i1:i2])))
        if j2 > j1:
            parts.append(DiffPart("added", "".join(new[j1:j2])))
    return tuple(parts)
