# ruff: noqa: E501 (tables of words and phrases)
"""Telling names of persons from accounts, desks, agencies, degrees and the publisher."""

from __future__ import annotations

import re

from masthead.core.characters import words

_URL = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:com|org|net|info|ru|de|fr|es|uk|at|ch|is|it|tv|io|nl|pl|se|no)\b", re.IGNORECASE
)
_ODD = re.compile(r"[<>{}@=\\#_]|\d{3,}|:\s")
# Accounts and systems that stand where an author should.
_NOBODY = words(
    "admin administrator anonymous author authors autor auteur blog bot by default editor editorial feed guest home info"
    " news newsdesk newsroom noreply no-reply none null online post posted redaktion redaccion redacción rédaction"
    " redazione redactie root rss share staff system team test unknown user user1 web webmaster webredaktion wordpress"
    " админ администратор редакция unbekannt inconnu superuser super agency agencies agenturen undefined nan"
)
# Words that name a group of people or a service, not a person.
_DESK = words(
    "team staff desk newsroom newsdesk editors editorial redaktion online-redaktion redaktionsteam redaktionen redaccion redacción rédaction redazione"
    " redactie nachrichten news editorial-team board bureau service services agency agencies agentur agence agencia"
    " press presse group inc ltd llc gmbh media network institute university foundation association department company"
    " correspondents reporters magazine newspaper zeitung журнал редакция вести новости агентство أخبار تحرير وكالة"
)
# What capitals behind a name mean when they are no house's initials: degrees, orders and posts, in common use.
_DEGREES = words(
    "ba bs bsc ma ms msc mba md phd do dds dmd dvm edd pharmd psyd jd llb llm esq jr sr ii iii rn np pa rd rdn mph cpa cfp"
    " cfa lcsw lpc lmft facp facs frcp mp mep obe mbe cbe qc kc pe ret"
)
_CREDENTIALS = re.compile(
    r"^(?:[A-Z]{1,3}\.?(?:[A-Z]\.?){0,4}|Ph\.?\s?D\.?|M\.?\s?D\.?|Ed\.?D|Pharm\.?D|Psy\.?D|Esq\.?|Jr\.?|Sr\.?|II|III|[A-Z-]{2,6}(?:\s\d+)?|RD|RDN|CPA|"
    r"MBA|MPH|RN|LCSW|FACP|CFP)$"
)
_ROLES = (
    r"(?:(?:staff|senior|contributing|guest|chief|political|sports|science|foreign|deputy|managing|associate)\s)*(?:writer|reporter|editor"
    r"(?:[ -]in[ -]chief)?|contributor|correspondent|columnist|journalist(?:in)?|photographer|redakteur(?:in)?|korrespondent(?:in)?|"
    r"redactora?|periodista|journaliste|rédact(?:eur|rice)|корреспондент|обозреватель|기자|特派員|記者)"
)
_ROLE = re.compile(
    rf"(?:\s*[,|–—-]\s*|\s+)(?:{_ROLES}|для .{{2,40}}|for .{{2,40}})$|\s+-\s+.{{2,40}}(?:team|staff|desk)$",
    re.IGNORECASE,
)
_ONLY_ROLE = re.compile(rf"{_ROLES}(?:\s+(?:at|of|for|bei|de|der|des)\s.*)?$", re.IGNORECASE)


def is_nobody(name: str) -> bool:
    """Whether a name is an account, an address, a number, or too short or long to be one."""
    lowered = name.casefold()
    if not 2 <= len(name) <= 80 or not any(letter.isalpha() for letter in name) or len(name.split()) > 8:
        return True
    parts = lowered.split()
    return lowered in _NOBODY or all(part in _NOBODY for part in parts) or bool(_URL.search(name) or _ODD.search(name))


def is_desk(name: str) -> bool:
    """Whether a name is a newsroom that calls itself by its address: "Redaktion hafenbote.example"."""
    return bool(_URL.search(name)) and not name.startswith(("http", "www.")) and len(name.split()) <= 3


def is_organisation(name: str) -> bool:
    """Whether a name is an agency, a desk or a firm: by its words, or initials in small or capital letters."""
    parts = re.findall(r"[^\W_]+(?:-[^\W_]+)*", name.casefold())
    if any(part in _DESK for part in parts):
        return True
    # "dpa", "AFP": short, one case.
    short = name.strip()
    return " " not in short and 2 <= len(short) <= 5 and short.isascii() and (short.isupper() or short.islower())


def is_credential(part: str) -> bool:
    """Whether what follows a name is a degree or what its bearer is: "MD", "E-RYT 200", "staff writer"."""
    part = part.strip()
    if _ONLY_ROLE.match(part):
        return True
    if part.isalpha() and part.isascii() and part.casefold() not in _DEGREES and is_organisation(part):
        return False
    return _CREDENTIALS.match(part) is not None


def without_role(name: str) -> str:
    """A name without what its bearer is: "Jane Doe, staff writer"."""
    bare = _ROLE.sub("", name).strip(" ,-–—|")
    return bare if len(bare) >= 2 else name


def is_publisher(name: str, publisher: str) -> bool:
    """Whether a name is the publisher's own: the same, its address, or it with a word for a newsroom."""
    own, stated = _root(publisher), _root(name)
    if not stated or not own:
        return bool(_URL.search(name))
    if stated == own or (len(stated) >= 4 and own.startswith(stated) and " " not in name.strip()) or _URL.search(name):
        return True
    rest = [part for part in re.split(r"[\s/|]+", name.casefold()) if _root(part) not in own]
    return stated.startswith(own) and all(part in _DESK or part in _NOBODY for part in rest)


def _root(name: str) -> str:
    bare = re.sub(r"^(?:www\.|the\s+|der\s+|die\s+|das\s+|la\s+|le\s+|el\s+)", "", name.casefold().strip())
    return re.sub(r"\W+", "", re.sub(r"\.(?:[a-z]{2,12}|co\.[a-z]{2})(?=$|\s)", "", bare))
