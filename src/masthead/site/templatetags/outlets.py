"""Metadata for the heads of pages: `{% load outlets %}`.

{% site_head frame.edition %}                                          on every page
{% article_head page %}                                                on an article page
{% story_head page %}                                                  on a story page
{% page_head path title description=... feeds=True editions=True %}    on any other page
"""

from __future__ import annotations

from django import template

from masthead.site.outlets import metadata

register = template.Library()
register.simple_tag(metadata.article_head)
register.simple_tag(metadata.page_head)
register.simple_tag(metadata.story_head)
register.simple_tag(metadata.site_head)
register.simple_tag(metadata.feed_links)
register.simple_tag(metadata.edition_links)
