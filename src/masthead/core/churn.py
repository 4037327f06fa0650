# ruff: noqa: E501 (tables of words, and the very characters that are told apart)
"""What publishers change without saying anything new: typography, counters, ages, advertisements, rotating links.

Two states of a text that differ in nothing else are the same state. Pure; for comparing, never for showing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urlsplit

from masthead.core.repair.links import without_tracking

# Forms of one mark, which editors' programs exchange for each other.
_FORMS = {
    '"': "“”„‟«»＂″❝❞〝〞〟",
    "'": "‘’‚‛‹›`´ʼʹ′＇",
    "-": "‐‑‒–—―−﹘﹣－",
    " ": "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
}
_TABLE: dict[int, str | None] = {ord(form): mark for mark, forms in _FORMS.items() for form in forms}
_TABLE |= {ord("…"): "...", **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"), None)}
_AROUND_QUOTE = re.compile(r"\s*([\"'])\s*")
_DASHES = re.compile(r"\s*-[\s-]*-\s*|\s+-\s+|\s+-$")

_NUMBER = r"\(?\d[\d.,\s]*\s*(?:k|m|mn|mio|тыс\.?|млн)?\)?"
_COUNTED = (
    r"comments?|repl(?:y|ies)|shares?|likes?|views?|reads?|reactions?|votes?|retweets?|reposts?|readers?|followers?"
    r"|comentarios?|compartidos?|me gusta|visitas?|vistas?|lecturas?|reacciones"
    r"|kommentare?|mal geteilt|geteilt|aufrufe?|gefällt mir|reaktionen|leser(?:innen)?"
    r"|commentaires?|partages?|j[’']aime|vues?|lectures?|réactions?"
    r"|комментари(?:й|я|ев)|просмотр(?:а|ов)?|репост(?:а|ов)?|лайк(?:а|ов)?|отметок"
    r"|تعليق(?:ات|ا)?|مشاهد(?:ة|ات)|مشارك(?:ة|ات)|إعجاب(?:ات)?|قراء(?:ة|ات)"
)
_UNIT = (
    r"seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|segundos?|minutos?|horas?|días?|semanas?|meses|mes"
    r"|sekunden?|minuten?|stunden?|tag(?:en|e)?|wochen?|monat(?:en|e)?|secondes?|heures?|jours?|semaines?|mois"
    r"|секунд[аыу]?|минут[аыу]?|мин|час(?:а|ов)?|дн(?:я|ей)|день|недел[яиьюю]|месяц(?:а|ев)?"
    r"|ثوان[ٍي]?|ثانية|دقائق|دقيقة|ساع(?:ة|ات)|أيام|يوما?|أسابيع|أسبوع|أشهر|شهر"
)
_LABEL = (
    r"(?:(?:last )?(?:updated|published|posted|modified|edited)|reading time|read time|time to read|estimated read(?:ing)? time"
    r"|actualizado|publicado|tiempo de lectura|aktualisiert|veröffentlicht|stand|lesezeit|lesedauer"
    r"|mis à jour|publié|temps de lecture|lecture|обновлено|опубликовано|время чтения|время на чтение"
    r"|تحديث|نشر|وقت القراءة|مدة القراءة)\s*:?\s*"
)
_COUNTER = re.compile(
    rf"(?:{_NUMBER}\s*(?:{_COUNTED})"
    rf"|(?:{_COUNTED})\s*:?\s*{_NUMBER}"
    r"|(?:no|0|keine|sin|aucun|нет|لا) (?:comments?( yet)?|kommentare|comentarios|commentaire|комментариев|تعليقات)"
    rf"|(?:{_LABEL})?(?:ca\.?|~|about|unos|etwa|environ|около)?\s*\d+\s*-?\s*(?:{_UNIT})\s*(?:read|reading|de lectura|lesezeit|lesedauer|de lecture|чтения|на чтение|قراءة|للقراءة)"
    rf"|(?:{_LABEL})\s*(?:ca\.?|~)?\s*\d+\s*(?:{_UNIT})\.?"
    rf"|(?:{_LABEL})?(?:\d+|an?|one|einem|einer|una?|une?)\s*(?:{_UNIT})\.? ago|(?:{_LABEL})?just now"
    rf"|(?:{_LABEL})?(?:hace|vor|il y a|قبل|منذ)\s*(?:\d+|einem|einer|una?|une?)?\s*(?:{_UNIT})"
    rf"|(?:{_LABEL})?(?:\d+\s*)?(?:{_UNIT})\s*назад)\s*[.!]?",
    re.IGNORECASE,
)
# Marks left by advertising servers where their picture should have been: a word for it and an identifier.
_ADVERT = re.compile(
    r"(?:[\[({<]?\s*(?:ad|ads|advert|advertisement|anzeige|werbung|publicité|publicidad|anuncio|реклама|إعلان)"
    r"(?:[\s_#:/=-]*(?:id|slot|unit|block|zone|placement|no|nr)?[\s_#:/=-]*[\w-]*\d[\w-]*)?\s*[\])}>]?"
    r"|(?:div-)?(?:gpt|dfp|adsense|adslot|taboola|outbrain)[\w-]*\d[\w-]*)\s*",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\n|\s[|·•‧/]\s|\s{3,}")

_SIZE = re.compile(r"(?<=[/_,-])(?:[wh]_?\d{2,4}|\d{2,4}x\d{2,4}|scaled)(?=[/._,-])[,_-]?", re.IGNORECASE)
_PICTURE_NAMES = frozenset(("id", "src", "url", "file", "image", "img", "path", "name", "uuid"))
# Parameters whose only use is that no two requests are the same.
_CACHE_BUSTERS = re.compile(
    r"(?:cb|ord|rnd|rand(?:om)?|cache\w*|correlator|timestamp|ts|_|sid|session\w*)\Z", re.IGNORECASE
)
_LONGEST_COUNTER = 120


def settled(text: str) -> str:
    """A text with what typography may change about it taken out: white space, forms of quotes, dashes, dots, letters.

    Words, figures and all other punctuation stay; two texts are told apart when a reader could read them apart.
    """
    # Each step is left out where there is nothing for it to do: this runs over every text of every feed.
    if not text.isascii() or "`" in text:
        text = unicodedata.normalize("NFC", text).translate(_TABLE)
    text = text.replace("''", '"')
    if "-" in text:
        text = _DASHES.sub("-", text)
    if '"' in text or "'" in text:
        text = _AROUND_QUOTE.sub(r"\1", text)
    return " ".join(text.split())


def is_counter(line: str) -> bool:
    """Whether a line says nothing but a count, an age or a reading time ("12 comments", "3 min read"), or is the trace
    of an advertisement. A sentence of the report that holds a figure is none."""
    if len(line) > _LONGEST_COUNTER:
        return False
    parts = [part.strip() for part in _PARTS.split(line) if part.strip()]
    return bool(parts) and all(_COUNTER.fullmatch(part) or _ADVERT.fullmatch(part) for part in parts)


def lasting_lines(lines: Iterable[str]) -> Iterator[str]:
    """The lines that say something, settled."""
    for line in lines:
        if line and not is_counter(line) and (words := settled(line)):
            yield words


def picture_key(url: str) -> str:
    """What stays of a picture's address when its server, size, crop and version change."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = re.sub(r"/+", "/", _SIZE.sub("", parts.path).replace("-.", "."))
    if "." in path.rsplit("/", 1)[-1]:
        return path
    named = [value for name, value in parse_qsl(parts.query) if name.lower() in _PICTURE_NAMES]
    return "?".join([path, *sorted(named)])


def address_key(url: str) -> str:
    """What stays of the address of something embedded without parameters that track or that defeat caches."""
    try:
        parts = urlsplit(without_tracking(url))
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return url
    kept = sorted(f"{name}={value}" for name, value in pairs if not _CACHE_BUSTERS.match(name))
    return f"{parts.netloc}{parts.path}?{'&'.join(kept)}"
