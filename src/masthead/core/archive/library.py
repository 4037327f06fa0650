"""The media library of exports: pictures by number, packed small, because a large site has hundreds of thousands."""

from __future__ import annotations

from array import array

from masthead.core.archive.types import Picture

_MOST = 500_000
_LONGEST = 500
_MOST_OF_A_POST = 500


class Library:
    """Pictures by site and number. Exports of one site that come in several files share it."""

    def __init__(self) -> None:
        self._pictures: dict[tuple[str, int], bytes] = {}
        self._children: dict[tuple[str, int], array[int]] = {}

    def __len__(self) -> int:
        return len(self._pictures)

    def add(self, site: str, number: int, picture: Picture, parent: int = 0, page: str = "") -> None:
        """Enter a picture; `parent` is the post that it hangs on, 0 for none; `page` is the page of its own."""
        if len(self._pictures) >= _MOST or number >= 1 << 63:
            return
        words = (picture.url, picture.alt[:_LONGEST], picture.caption[:_LONGEST], page[:_LONGEST])
        self._pictures[site, number] = "\x1f".join(words).encode("utf-8", "replace")
        if 0 < parent < 1 << 63:
            self._children.setdefault((site, parent), array("q")).append(number)

    def picture(self, site: str, number: int) -> Picture | None:
        """The picture of that number."""
        packed = self._pictures.get((site, number))
        if packed is None:
            return None
        url, alt, caption, _ = packed.decode().split("\x1f")
        return Picture(url, alt, caption)

    def addresses(self, site: str, parent: int) -> list[str]:
        """The addresses of what hangs on a post: each file's page, that page by its number, and the file itself."""
        found: list[str] = []
        for number in self.children(site, parent)[:_MOST_OF_A_POST]:
            url, _, _, page = self._pictures[site, number].decode().split("\x1f")
            found += [page] if page else []
            found += [f"/?attachment_id={number}", url]
        return found

    def children(self, site: str, parent: int) -> list[int]:
        """The numbers of the pictures that hang on a post, in the order in which they were entered."""
        return list(self._children.get((site, parent), ()))
