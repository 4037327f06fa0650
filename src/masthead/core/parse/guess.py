"""Which single-byte encoding bytes are in that are neither UTF-8 nor what they are labelled.

Each candidate is an encoding with a language that is written in it. The words that are not ASCII are read in it, and
judged as that language writes: which letters, how often, in one script a word, capitals first. The stated language and
label count as evidence, no more. Frequencies are of letters beyond ASCII, in thousandths, rounded from what is known of
each language; close ones suffice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache
from math import log

_CYRILLIC = ("cp1251", "koi8-r", "iso8859-5", "mac-cyrillic", "cp866")
_CENTRAL = ("cp1250", "iso8859-2")
# Language: its encodings, the likeliest first, and its letters with their frequency.
# fmt: off
_LANGUAGES: dict[str, tuple[tuple[str, ...], str]] = {
    "fr": (("cp1252",), "é470 è110 à130 ê60 ç45 ô25 î15 â25 û15 ù20 ë5 ï8 œ8 ü2 ÿ1"),
    "de": (("cp1252",), "ü340 ä290 ö160 ß200 é6"),
    "es": (("cp1252",), "ó260 á180 í260 é150 ñ95 ú60 ü5"),
    "pt": (("cp1252",), "ã240 ç180 á150 é150 ó80 í90 ê60 õ40 ú35 â25 à20 ô15"),
    "it": (("cp1252",), "à330 è320 ù150 ò130 é60 ì70"),
    "sv": (("cp1252",), "ä400 å300 ö290 é10"),
    "da": (("cp1252",), "å300 ø350 æ340 é10 ö5"),
    "is": (("cp1252",), "ð220 á180 í150 þ120 ö90 é70 ú70 ó90 æ80 ý40"),
    "tr": (("cp1254",), "ı370 ü150 ş140 ç90 ğ90 ö70 İ60 â5"),
    "cs": (_CENTRAL, "í165 á130 é90 ě120 ř75 š65 č75 ž75 ý80 ů45 ú10 ó3 ň3 ť4 ď3"),
    "sk": (_CENTRAL, "á180 í110 é90 č90 š80 ž80 ý80 ú80 ľ35 ť35 ô20 ň20 ó12 ä12 ď10 ĺ2 ŕ1"),
    "pl": (_CENTRAL, "ł210 ą140 ę150 ó130 ś100 ż120 ć60 ń30 ź15"),
    "hu": (_CENTRAL, "á300 é290 ö90 ó90 ő80 ü50 í50 ú30 ű20"),
    "ro": (_CENTRAL, "ă350 î180 ş190 ţ190 â80"),
    "hr": (_CENTRAL, "č270 š270 ž220 ć170 đ70"),
    "lt": (("cp1257",), "ė240 š160 ų190 ž110 į90 ū80 ą60 č60 ę40"),
    "lv": (("cp1257",), "ā370 ī160 š110 ē140 ū60 ņ50 ļ40 ķ20 ž25 č12 ģ12"),
    "ru": (_CYRILLIC,
        "о110 е84 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з17 б16 ч14 й12 х10 ж9 ш7 ю6 ц5 "
        "щ4 э3 ф3 ъ1 ё1"),
    "uk": (("cp1251", "koi8-u", "iso8859-5"),
        "о94 а84 н68 и63 і58 в52 т49 р45 е49 с41 к39 л37 м31 д32 у33 п28 я21 ь18 з22 г16 б17 ч13 х11 й12 ж8 ш7 ц8 ю8 "
        "є6 ї8 щ4 ф4 ґ1"),
    "bg": (("cp1251", "iso8859-5"),
        "а118 и90 о87 е87 т74 н73 р51 с47 в44 л35 к34 д34 п28 м24 з21 я20 ъ17 у17 г17 б15 ч13 й7 ц7 щ7 ж7 ш5 х8 ю2 ф4 "
        "ь1"),
    "sr": (("cp1251", "iso8859-5"),
        "а115 о90 и90 е88 н55 т45 р48 с50 ј51 в37 д37 у43 к36 л30 м37 п29 з16 г16 б15 ч9 ц7 х7 ш10 ж6 њ7 ћ6 љ5 ђ2 ф2 "
        "џ1"),
    "el": (("cp1253", "iso8859-7"),
        "α90 ο75 ι60 τ78 ε60 ν62 σ40 ς45 η38 υ30 ρ42 π38 κ40 μ33 λ28 ό24 ά22 έ22 ί30 ή21 ύ10 ώ12 γ18 δ17 θ13 χ12 φ9 "
        "ω17 β8 ξ5 ζ4 ψ2 ϊ1"),
    "he": (("cp1255", "iso8859-8"),
        "י110 ו105 ה100 ל74 א63 ר56 ת50 ש44 נ30 ן15 ב47 מ48 ם32 ד26 ע32 כ24 ך8 ח25 ק22 פ17 ף3 ט12 ז13 ג13 ס15 צ10 ץ3"),
    "ar": (("cp1256", "iso8859-6"),
        "ا160 ل120 ي70 م62 ن60 و60 ر48 ت46 ب40 ه35 ع37 د34 س31 ة32 ف30 ق27 ك24 ح20 أ20 ج15 ش12 ى12 ص12 ط10 خ10 ض9 ذ8 "
        "ث7 إ8 ز6 غ5 ئ4 ظ3 ء4 ؤ1 آ2"),
}
# fmt: on
# Signs beyond ASCII that occur in prose of every language.
_SIGNS = frozenset("«»„“”‚‘’…–—\u00a0\u00ad№§°€©®¿¡ªº·•×²³½£™")
# Bounded, as hostile bytes may be one word.
_WORD = re.compile(rb"[A-Za-z]{0,20}[\x80-\xff][A-Za-z\x80-\xff]{0,30}")
_STATED = re.compile(
    rb"""<(?:[a-z]+:)?language[^>]{0,100}>\s*([A-Za-z]{2,3})\b|\blang\s*=\s*["']([A-Za-z]{2,3})\b"""
    rb"""|"language"\s*:\s*"([A-Za-z]{2,3})\b""",
    re.IGNORECASE,
)
# So many bytes are looked at, and so many different words judged.
_BEGINNING, _ENOUGH = 1_000_000, 400
# Costs and rewards, as logarithms of how much likelier something is made by them.
_SIGN, _FOREIGN, _IMPOSSIBLE, _BESIDE_LATIN, _CROWD, _CAPITAL_INSIDE = -3.0, -9.0, -12.0, -6.0, -4.0, -3.0
_LANGUAGE_STATED, _LABELLED, _WESTERN, _LATER = 7.0, 4.0, 1.0, -0.5


def guess(body: bytes, labels: Collection[str] = ()) -> str:
    """The encoding that a document is in most likely, by Python's name; "cp1252" where nothing speaks for another.

    `labels`: encodings that it is said to be in (Python's names).
    """
    words = Counter(_WORD.findall(body, 0, _BEGINNING)).most_common(_ENOUGH)
    if not words:
        return "cp1252"
    language = stated_language(body)
    best, most = "cp1252", float("-inf")
    for name, (encodings, _) in _LANGUAGES.items():
        for place, encoding in enumerate(encodings):
            score = _LATER * place + _WESTERN * (encoding == "cp1252")
            score += _LANGUAGE_STATED * (name == language) + _LABELLED * (encoding in labels)
            score += sum(_judge(word.decode(encoding, "replace"), name) * count for word, count in words)
            if score > most:
                best, most = encoding, score
    return best


def stated_language(body: bytes) -> str:
    """The language that a document's beginning states, as two or three letters in lower case; "" when it does not."""
    found = _STATED.search(body[:5000])
    return next(filter(None, found.groups())).decode("ascii").lower() if found else ""


@cache
def _costs(language: str) -> dict[str, float]:
    """The logarithm of each letter's frequency, capitals as their small letters."""
    parts = _LANGUAGES[language][1].split()
    total = sum(int(part[1:]) for part in parts)
    costs = {part[0]: log(int(part[1:]) / total) for part in parts}
    return {letter.upper(): cost for letter, cost in costs.items() if len(letter.upper()) == 1} | costs


@cache
def _is_latin(language: str) -> bool:
    return min(_costs(language)) < "\u0250"


def _judge(word: str, language: str) -> float:
    """How likely a language writes such a word, as a logarithm."""
    costs, latin = _costs(language), _is_latin(language)
    score, crowd = 0.0, 0
    before = ""
    for letter in word:
        beyond = letter > "\x7f"
        if beyond and letter in costs:
            score += costs[letter]
            crowd += 1
            if latin and crowd > 2:
                score += _CROWD
        elif beyond:
            # An apostrophe stands inside a word or after it.
            fits = letter in _SIGNS and (before or letter != "\u2019")
            score += _SIGN if fits else _FOREIGN if letter.isalpha() else _IMPOSSIBLE
            crowd = 0
        else:
            crowd = 0
        if before and letter.isalpha() and before.isalpha():
            if not latin and beyond != (before > "\x7f"):
                score += _BESIDE_LATIN
            if (beyond or before > "\x7f") and letter.isupper() and before.islower():
                score += _CAPITAL_INSIDE
        before = letter
    return score
