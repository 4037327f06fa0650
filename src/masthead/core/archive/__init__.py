"""Archives of other systems, streamed: WordPress, Blogger, saved pages, texts. No database, and nothing is fetched."""

from masthead.core.archive.library import Library
from masthead.core.archive.pieces import Piece, pieces
from masthead.core.archive.read import prepare, read
from masthead.core.archive.types import Found, LeftOut, Picture, Post, Publication, Refused, Wanted

__all__ = [
    "Found", "LeftOut", "Library", "Picture", "Piece", "Post", "Publication", "Refused", "Wanted", "pieces", "prepare",
    "read",
]  # fmt: skip
