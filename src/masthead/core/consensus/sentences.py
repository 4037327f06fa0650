"""A text as its sentences; in doubt two of them stay one."""

from __future__ import annotations

import re
from functools import lru_cache

from masthead.core.characters import words

SHORT = 1600
_END = re.compile(r"(?:[.!?…؟]+[\"'”’»“)\]]*(?=\s)|[。！？][」』”）]*)\s*")
_ABBREVIATIONS = words(
    "mr mrs ms dr prof st gen col lt sgt rev hon gov sen rep no vs jr sr inc ltd co corp dept approx est jan feb mar"
    " apr jun jul aug sep sept oct nov dec ca bzw nr str tel usw evtl inkl zzgl ggf vgl hr fr m mm mme mlle art av etc"
    " p pp sra srta ud uds núm pág г гг ул им руб коп тыс млн млрд стр др пр св д т с ст"
)


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order; one never runs over a line. Those of short texts, which the openings of
    reports are, are remembered: each is asked for several times."""
    return list(_remembered(text)) if len(text) <= SHORT else _parted(text)


@lru_cache(maxsize=512)
def _remembered(text: str) -> tuple[str, ...]:
    return tuple(_parted(text))


def _parted(text: str) -> list[str]:
    found: list[str] = []
    for line in text.split("\n"):
        start = 0
        for end in _END.finditer(line):
            if _ends(line, end):
                found.append(line[start : end.end()].strip())
                start = end.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def _ends(line: str, end: re.Match[str]) -> bool:
    """Whether a sentence ends at these marks: no abbreviation, initial or ordinal before, no small letter after."""
    after = line[end.end() :].lstrip("\"'“„«¿¡([‘ ")
    if after[:1].islower():
        return False
    if not end.group().startswith(".") or end.group().startswith(".."):
        return True
    before = line[: end.start()].rsplit(maxsplit=1)
    last = before[-1].lstrip("(\"'“„«") if before else ""
    if last.casefold() in _ABBREVIATIONS or "." in last:
        return False
    return not (len(last) == 1 and last.isupper()) and not (last.isdigit() and len(last) < 3)
