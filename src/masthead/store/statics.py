"""Style sheets, fonts and icons: hashed names, compressed copies, served by WhiteNoise from the home."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statics(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A name that the manifest lacks is served as it is, rather than failing the page that asks for it."""

    manifest_strict = False

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Readers' files only: the operators' admin is large, seldom opened, and would delay the first start."""
        return cast(
            "Iterator[tuple[str, str]]",
            super().compress_files([path for path in paths if not path.startswith("admin/")]),
        )
