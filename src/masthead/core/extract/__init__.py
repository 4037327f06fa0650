"""The page behind a summary: `extract_page(bytes, url, content_type) -> CleanArticle`."""

from __future__ import annotations

from masthead.core.extract.page import extract_page

__all__ = ["extract_page"]
