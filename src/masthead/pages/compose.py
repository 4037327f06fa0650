"""What stands on each page: from the tables to the records of `pages.types`, rights applied.

Every function asks the database the same number of questions whatever the size of the tables.
"""

from __future__ import annotations

from masthead.pages.archive import archive
from masthead.pages.article_page import article
from masthead.pages.cards import cards_by_id
from masthead.pages.counting import counting
from masthead.pages.directory import search, sources, sources_page
from masthead.pages.front_page import frame, front
from masthead.pages.history import changes
from masthead.pages.lists import day, latest, section, source
from masthead.pages.popular import popular, popular_in
from masthead.pages.story_page import story
from masthead.pages.story_types import StoryMoved
from masthead.pages.types import ChangesPage
from masthead.pages.why import standing

__all__ = [
    "ChangesPage",
    "StoryMoved",
    "archive",
    "article",
    "cards_by_id",
    "changes",
    "counting",
    "day",
    "frame",
    "front",
    "latest",
    "popular",
    "popular_in",
    "search",
    "section",
    "source",
    "sources",
    "sources_page",
    "standing",
    "story",
]
