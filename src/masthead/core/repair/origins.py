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
    filled = {name: bool(getattr(draft, name, None)) for name in FIELDS}
    filled |= {"quotes": quotes, "images": images, "source": bool(draft.source.name or draft.source.url)}
    for name in FIELDS:
        known = draft.provenance.get(name)
        if not filled[name]:
            if known is None or known.origin != "none":
                draft.origin(name, "none", confidence=0.0)
        elif known is not None and known.origin != "none":
            continue
        elif name in _FROM_TEXT:
            draft.origin(name, _FROM_TEXT[name], method="inferred" if name == "quotes" else "stated")
        else:
            draft.origin(name, place)
