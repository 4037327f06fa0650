"""An origin for every field: what the repairs did not say themselves follows from where the text came from."""

from __future__ import annotations

from masthead.core.repair.draft import Draft

# What is read out of the body, wherever that came from.
_FROM_TEXT = {"related": "text:cards", "quotes": "text:quotes"}
FIELDS = (
    "title", "standfirst", "byline", "language", "published", "modified", "source", "canonical_url", "short_links",
    "body", "images", "lead_image", "related", "quotes", "categories", "license",
)  # fmt: skip


def complete_origins(draft: Draft, *, quotes: bool, images: bool) -> None:
    """Record where each field came from that has no record yet: the place of the body, or "none" when it is empty.

    `quotes`, `images`: whether the article has any; the draft itself holds neither.
    """
    body = draft.provenance.get("body")
    place = body.origin.partition(":")[0] if body is not None else "none"
    for name in FIELDS:
        known = draft.provenance.get(name)
        filled = {"quotes": quotes, "images": images}.get(name) or bool(getattr(draft, name, None))
        if known is not None and (known.origin != "none" or not filled):
            continue
        if not filled:
            draft.origin(name, "none", confidence=0.0)
        elif name in _FROM_TEXT:
            draft.origin(name, _FROM_TEXT[name], method="inferred" if name == "quotes" else "stated")
        else:
            draft.origin(name, place)
