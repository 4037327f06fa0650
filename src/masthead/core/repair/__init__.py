"""Making damaged items whole: text in, typed blocks and known facts out, every mend recorded."""

from __future__ import annotations

from masthead.core.repair.article import clean_entry
from masthead.core.repair.context import EntryContext
from masthead.core.repair.text import clean_text

__all__ = ["EntryContext", "clean_entry", "clean_text"]
