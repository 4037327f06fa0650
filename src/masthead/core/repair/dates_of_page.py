# ruff: noqa: E501 (tables of words and phrases)
"""Dates as pages and feeds state them: what `core.dates` reads, with the label before it and machine stamps."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from masthead.core.dates import Order, ReadDate, read
from masthead.core.repair.dates import Parts, in_calendar, read_iso

# What stands before a date that is a publication's, and before one that is a later change's.
PUBLISHED = (
    r"(?<!last )(?:(?:first|originally|date|article|page|story)\s+)?(?:publish(?:ed)?|posted|publication|created|written|"
    r"date)(?:\s+(?:date|online|on|at))?|publicado|publicada|publicación|fecha(?: de publicación)?|"
    r"(?:erst)?veröffentlicht|veröffentlichung|erschienen|erstellt|datum|publié(?:e|s)?|mis(?:e)? en ligne|paru|"
    r"date de publication|опубликовано|дата публикации|создано|نشر|نُشر|نشرت|تاريخ النشر|تم النشر|pubblicato|pubblicata|"
    r"publicerad|publisert|publiceret|gepubliceerd|geplaatst|julkaistu|opublikowano|publikováno|objavljeno|yayınlanma|"
    r"giriş|입력|등록|게재|公開|発表|发布|發布|đăng"
)
MODIFIED = (
    r"last\s+(?:published|posted)|(?:(?:date|page)\s+)?(?:last\s+)?(?:updated|modified|revised|reviewed|edited|changed|checked|update|modification)(?:\s+(?:date|on|at))?|"
    r"(?:actualizado|actualizada|actualización|modificado|última)|aktualisiert|aktualisierung|stand|geändert|"
    r"mis(?:e)? à jour|modifié(?:e)?|обновлено|изменено|تحديث|آخر تحديث|تم التحديث|aggiornato|aggiornata|uppdaterad|"
    r"oppdatert|opdateret|bijgewerkt|päivitetty|zaktualizowano|aktualizacja|aktualizováno|güncelleme|수정|更新|cập nhật"
)
# Before a date that is neither: of what somebody did, of an event, of the end of an offer, of the day of reading.
OTHER = (
    r"last\s+(?:active|activity|seen|visit(?:ed)?|post|reply)|received|accepted|retrieved|accessed|joined|member since|"
    r"registered|expires?|valid until|deadline|due|born|died|open today|today(?:['’]s\s+\w+|\s+is)|mitglied seit|"
    r"gültig bis|heute ist|membre depuis|miembro desde|зарегистрирован|عضو منذ"
)
_LABEL = re.compile(
    rf"^\W*(?:(?:was|is|em|am|el|le|il|the|this|на|في|page|article|content|last)\s+)?(?P<label>{PUBLISHED}|{MODIFIED})"
    r"(?!\w)\s*(?:on|at|el|am|le|il|den|dne|em|by|at|в|في)?\s*[:：.\-–—|]?\s*",
    re.IGNORECASE,
)
_MODIFIED_LABEL = re.compile(rf"(?:{MODIFIED})$", re.IGNORECASE)
# Seconds or milliseconds since 1970, of years in which there was a web.
_STAMP = re.compile(r"(\d{10})(\d{3})?$")
_STAMPS = (datetime(1995, 1, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp())


def read_stated(raw: str, order: Order | None = None) -> Parts | None:
    """A date from metadata or a visible line, as far as it is stated; None when it is not certain.

    `order`: see `core.dates.read`. A label before it ("Published:") is passed over.
    """
    text = raw.strip()
    if parts := read_iso(text):
        return parts
    if (found := _STAMP.match(text)) and _STAMPS[0] < int(found[1]) < _STAMPS[1]:
        moment = datetime.fromtimestamp(int(found[1]), UTC)
        return Parts(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, 0)
    date = read(text, order)
    if date is None:
        _, rest = without_label(text)
        date = read(rest, order) if rest != text else None
    return None if date is None else to_parts(date)


def without_label(text: str) -> tuple[str, str]:
    """("published", "modified" or "", `text` without the label at its start)."""
    kind = ""
    for _ in range(2):  # "Published on: Date 3 May"
        found = _LABEL.match(text)
        if found is None or found.end() == 0:
            break
        kind = kind or ("modified" if _MODIFIED_LABEL.match(found["label"]) else "published")
        text = text[found.end() :]
    return kind, text


def to_parts(date: ReadDate) -> Parts | None:
    """A date as `core.dates` reads it, as the repairs keep it; None for a year that no calendar of ours holds."""
    at = date.at
    numbers = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    known = {"year": 1, "month": 2, "day": 3, "hour": 4, "minute": 5, "second": 6}[date.precision]
    parts = replace(Parts(*numbers[:known]), offset=date.offset)
    return parts if in_calendar(parts) else None
