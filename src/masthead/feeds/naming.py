"""Names and slugs of sources."""

from __future__ import annotations

from django.utils.text import slugify

from masthead.core.urls import host_of
from masthead.feeds.models import Source


def default_name(url: str) -> str:
    """What a source is called until its feed tells its title: the host."""
    return host_of(url).removeprefix("www.")[:200] or "unnamed"


def free_slug(name: str, pk: int | None = None) -> str:
    """A slug for `name` that no other source has."""
    stem = slugify(name, allow_unicode=True)[:100] or "source"
    if not Source.objects.filter(slug=stem).exclude(pk=pk or 0).exists():
        return stem
    others = Source.objects.filter(slug__startswith=stem)
    if pk is not None:
        others = others.exclude(pk=pk)
    taken = set(others.values_list("slug", flat=True))
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
