"""The message catalogues of the public pages: `python -m masthead.site.messages` brings them up to date.

Reads the messages out of the templates and modules of `masthead.site` and of the search, merges them into the `.po`
files of `masthead/locale`, and compiles those to `.mo`. Needs Babel only, no gettext tools.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGES = ("es", "de", "fr", "ru", "ar")
SITE = Path(__file__).parent
LOCALE = SITE.parent / "locale"
FOLDERS = (SITE, SITE.parent / "articles" / "search")
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
}


def template() -> Catalog:
    """All messages that the pages use."""
    found = Catalog(project="Masthead", charset="utf-8", fuzzy=False)
    for path in sorted(file for folder in FOLDERS for file in folder.rglob("*") if file.suffix in (".html", ".py")):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = templatize(text, origin=str(path))
        for _line, message, _comments, _context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            if message:
                found.add(message, locations=[(path.relative_to(SITE.parent).as_posix(), 0)])
    return found


def folder(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return LOCALE / language / "LC_MESSAGES"


def stored(language: str) -> Catalog:
    """The catalogue of a language as it lies there."""
    path = folder(language) / "django.po"
    if not path.is_file():
        return Catalog(locale=language, project="Masthead", charset="utf-8", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """The `.mo` of a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """The messages that a catalogue does not say, or says with doubts."""
    used = {message.id for message in template() if message.id}
    said = {m.id for m in catalogue if m.id and not m.fuzzy and all(_forms(m.string))}
    return sorted(message if isinstance(message, str) else message[0] for message in used - said)


def _forms(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [string or ""] if string is None or isinstance(string, str) else list(string)


def update() -> int:
    """Merge, write and compile all catalogues; returns how many messages are not translated."""
    source, count = template(), 0
    for language in LANGUAGES:
        catalogue = stored(language)
        catalogue.update(source, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.header_comment = f"# The words of Masthead's pages: {language}."
        catalogue.version = "1"
        catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "The Masthead developers"
        folder(language).mkdir(parents=True, exist_ok=True)
        with (folder(language) / "django.po").open("wb") as out:
            write_po(out, catalogue, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)
        (folder(language) / "django.mo").write_bytes(compiled(catalogue))
        left = missing(catalogue)
        count += len(left)
        sys.stderr.write(f"{language}: {len(catalogue)} messages, {len(left)} not translated\n")
    return count


if __name__ == "__main__":
    sys.exit(1 if update() else 0)
