"""Which index serves: that of the database in use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, cast

from django.db import connection

from masthead.articles.search import postgres, sqlite
from masthead.articles.search.document import Document, Snippets
from masthead.articles.search.query import Query
from masthead.articles.search.windows import MOST, Marks


class Backend(Protocol):
    """What an index can do. `where` is SQL over `ID`; `language` (BCP 47) says by which rules to read the query."""

    ID: str

    def write(self, documents: Sequence[Document]) -> None: ...
    def delete(self, ids: Sequence[int]) -> None: ...
    def sweep(self) -> None: ...
    def find(
        self,
        query: Query,
        language: str,
        where: str,
        parameters: tuple[Any, ...],
        limit: int,
        offset: int,
        newest: bool = False,
        marks: Marks = (),
        most: int = MOST,
        if_more: bool = False,
    ) -> tuple[list[int], int]: ...
    def snippets(self, query: Query, language: str, ids: Sequence[int], start: str, stop: str) -> Snippets: ...
    def neighbours(self, word: str) -> list[tuple[str, int]]: ...


def backend() -> Backend:
    """The index of the database in use."""
    return cast(Backend, postgres if connection.vendor == "postgresql" else sqlite)
