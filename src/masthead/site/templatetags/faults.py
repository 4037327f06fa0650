"""The error pages under the names by which Django looks for them: `404.html` and `500.html` are one tag each."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from masthead.site.views import errors

register = template.Library()


@register.simple_tag
def no_such_page(path: str) -> SafeString:
    """The whole page that says that there is none at `path`."""
    return mark_safe(errors.not_found_page(path))


@register.simple_tag
def our_fault() -> SafeString:
    """The whole page that says that something broke."""
    return mark_safe(errors.server_error_page())
