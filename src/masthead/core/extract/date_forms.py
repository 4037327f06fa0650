"""How dates stand in the lines of a page, and the words and names beside them that say what they are of."""

from __future__ import annotations

import re

from masthead.core.repair.dates_of_page import MODIFIED, OTHER, PUBLISHED

# Words of two elements may touch ("HarbourJUNE 3"): a capital behind a small letter begins another.
_SEAM = r"(?-i:(?<=[a-z])(?=[A-Z]))"
_NAME = rf"[^\W\d_](?:(?!{_SEAM})[^\W\d_]){{2,11}}\.?"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?"
_FORMS = "|".join(
    (
        rf"{_YEAR}\s?[-/.年년]\s?\d{{1,2}}\s?[-/.月월]\s?\d{{1,2}}\s?[日일]?"
        r"(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)",
        rf"{_NAME}\s+{_DAY},?\s+{_YEAR}(?!\d)",
        rf"{_DAY}[\s\-]*(?:de\s+|of\s+)?(?:كانون\s|تشرين\s)?{_NAME},?[\s\-]+(?:de\s+|del\s+)?{_YEAR}(?!\d)",
        rf"{_YEAR}\s+{_NAME}\s+{_DAY}(?!\d)",
        r"\d{1,2}([./-])\s?\d{1,2}\1\s?(?:(?:19|20)\d\d|\d\d)(?![\d./-]*\d)",
    )
)
DATE = re.compile(rf"(?:(?<![\w./-])|{_SEAM})(?:{_FORMS})", re.IGNORECASE)
CLOCK = re.compile(
    r"(?:\s*(?:г\.|года))?[\s,|·•–—\-/]{0,4}(?:(?:at|um|à|a las|в|kl\.?|klo|الساعة|alle|ore|om|o)\s+)?"
    r"(?:오전|오후|午前|午後|上午|下午)?\s*\d{1,2}(?:[:.h時시]\s?\d{2}|\s?(?:[ap]\.?m|uhr))(?::\d{2})?(?:분|分)?(?:\s*[ap]\.?\s?m\b\.?)?(?:\s*uhr|\s*h\b)?"
    r"(?:\s*\(?(?:[A-Z]{2,5}|(?:GMT|UTC)?\s?[+\-]\d{1,2}(?::?\d{2})?)\)?(?!\w))?",
    re.IGNORECASE,
)
BEFORE = re.compile(
    rf"(?:^|\W|\d)(?P<label>{PUBLISHED}|{MODIFIED}|{OTHER})"
    r"(?:\W+(?:on|at|am|el|le|il|den|em|by|в|في|del?))?(?:\s+the)?\W*$",
    re.IGNORECASE,
)
IS_MODIFIED = re.compile(rf"(?:{MODIFIED})$", re.IGNORECASE)
IS_OTHER = re.compile(rf"(?:{OTHER})$", re.IGNORECASE)
ONLY_LABEL = re.compile(rf"^\W*(?P<label>{PUBLISHED}|{MODIFIED}|{OTHER})(?:\s+(?:on|at|am|el|le))?\W*$", re.IGNORECASE)
# How a report by wire begins: "ELMWICK, June 3, 2025 (EWP) -". The place stands before the date, this behind it.
BEHIND_DATELINE = re.compile(r"\s*(?:\([^()]{2,40}\)|/[^/]{2,40}/)?\s*(?:--|[-–—])\s*(?=\S)")
PLACE = re.compile(r"[^\W\d_][^\d:;!?()]{1,50}?[,.]?\s*$")
# What every one of the forms holds, for a first look: a year, or three numbers.
MAYBE = re.compile(r"(?:19|20)\d\d|\d[./-]\s?\d{1,2}[./-]\s?\d\d")
DATE_MARKS = re.compile(r"date|time(?!line)|publi|posted|byline|meta\b|dateline|datum|fecha|info", re.IGNORECASE)
# The date of a picture or recording is of when that was made.
OF_PICTURE = re.compile(
    r"\W*(?:audio|videos?|photos?|pictures?|images?|credit|fotos?|bild(?:er)?|imagen|fotografía|crédits?|vidéo|фото|видео|"
    r"аудио|صورة|الصورة|فيديو)\b[^:]{0,15}:",
    re.IGNORECASE,
)
SIGNED = re.compile(
    r"\W*(?:(?:written|posted|published|words)\s+)?"
    r"(?:by|von|verfasst von|por|escrito por|par|écrit par|автор:?|بقلم|كتب)\s+\w",
    re.IGNORECASE,
)
# Below the headline, "Date:" alone is most often that of an event which the report names.
BARE_LABEL = re.compile(r"(?:date|datum|fecha)(?:\s+(?:on|at))?$", re.IGNORECASE)
MODIFIED_MARKS = re.compile(r"modif|updat|revis|chang(?:e|ed)\b|last[_-]?mod", re.IGNORECASE)
OF_EVENTS = re.compile(r"(?:^|[\s_-])(?:events?|upcoming|calendar|agenda)(?=$|[\s_-])", re.IGNORECASE)
