"""Style sheets, fonts and icons: hashed names, compressed copies, served by WhiteNoise from the home."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statics(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A name that the manifest lacks is served as it is, rather than failing the page that asks for it."""

    manifest_strict = False
