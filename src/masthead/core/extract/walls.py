"""Pages that are not the article: paywall stubs, consent walls, challenges to prove that one is human."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from masthead.core.extract.metadata import PageMeta
from masthead.core.extract.tree import parse_document
from masthead.core.sanitize import to_text

_PAYWALL_TEXT = re.compile(
    r"(?:subscribe|sign in|log in|register|become a member)\b[^.]{0,60}\bto (?:continue|keep|read|unlock|access)"
    r"|this (?:article|content|story) is (?:for|only available to|exclusive to|reserved "
    r"for)\b[^.]{0,40}\b(?:subscribers|members)"
    r"|already a (?:subscriber|member)\?|unlock (?:this|the full) (?:article|story)|(?:you have|you've) "
    r"(?:reached|read) (?:your|all)\b[^.]{0,40}\b(?:free|limit)"
    r"|(?:suscr[íi]bete|inicia sesi[óo]n|reg[íi]strate) para (?:seguir|continuar|leer)|contenido exclusivo para "
    r"suscriptores|ya eres suscriptor"
    r"|(?:jetzt|bitte) (?:anmelden|abonnieren|registrieren)\b[^.]{0,40}\b(?:weiter|lesen)|nur f[üu]r abonnent"
    r"|diesen artikel weiterlesen|weiterlesen mit\b|sie haben bereits ein abo"
    r"|(?:article|contenu) r[ée]serv[ée] aux abonn[ée]s|(?:abonnez-vous|connectez-vous|inscrivez-vous) pour "
    r"(?:lire|continuer|acc[ée]der)|il vous reste \d+ ?% de cet article|d[ée]j[àa] abonn[ée]"
    r"|(?:подпишитесь|оформите подписку|войдите),? чтобы (?:читать|прочитать|продолжить)|доступно только (?:по "
    r"подписке|подписчикам)|материал доступен подписчикам"
    r"|(?:اشترك|سجل الدخول) (?:لمتابعة|لمواصلة|لقراءة)|هذا المحتوى (?:متاح )?للمشتركين",
    re.IGNORECASE,
)
_CONSENT_TEXT = re.compile(
    r"(?:we (?:and our partners )?(?:use|value)|before you continue|manage (?:your )?(?:cookie|privacy|consent)"
    r"|accept (?:all )?cookies|your privacy)\b"
    r"|wir verwenden cookies|zustimmen und weiter|mit werbung (?:und tracking )?(?:weiter)?lesen|nous utilisons "
    r"des cookies|accepter et continuer|continuer sans accepter"
    r"|utilizamos cookies|aceptar y continuar|мы используем (?:файлы )?cookie|نستخدم ملفات تعريف الارتباط",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    (
        r"checking (?:if the site connection is secure|your browser)|verify(?:ing)? (?:that )?you are (?:a )?human"
        r"|enable javascript and cookies to continue|just a moment\.\.\.|access (?:to this page has been )?denied|are "
        r"you a robot|attention required|pardon our interruption"
    ),
    re.IGNORECASE,
)
_ENOUGH = 1500  # characters of body beyond which a page is believed to hold the article whatever else it says
_WALL_CLASS = re.compile(r"paywall|piano-|subscriber-only|premium-content|regwall|metered|tp-modal", re.IGNORECASE)


def wall_of(page: str, meta: PageMeta, body_html: str) -> str:
    """What stands between the reader and the article on a page (HTML), as a sentence; "" if nothing.

    The sentence begins with "Paywall" or "Consent".
    """
    body = to_text(body_html)
    if len(body) >= _ENOUGH and meta.free is not False:
        return ""
    root = parse_document(page)
    title = root.find(".//title")
    shown = one = to_text(str(title.text_content()) if title is not None else "")
    if len(body) < _ENOUGH:
        shown = f"{one}\n{_visible(root)[:6000]}"
    if len(body) < 400 and _CHALLENGE.search(shown):
        return "Consent: the page asks visitors to prove that they are human; its text was not used."
    if len(body) < 600 and _CONSENT_TEXT.search(shown) and len(_CONSENT_TEXT.findall(shown)) >= 2:
        return "Consent: the page shows a consent wall in place of the article; its text was not used."
    asks = bool(_PAYWALL_TEXT.search(shown)) or bool(_PAYWALL_TEXT.search(body[-600:]))
    if meta.free is False and len(body) < _ENOUGH and (asks or _has_wall(root)):
        return (
            "Paywall: the publisher shows only the beginning to visitors without a subscription; it was not "
            "taken for the whole."
        )
    if asks and len(body) < 800:
        return "Paywall: the page asks for a subscription or a login; it was not taken for the whole article."
    return ""


def _visible(root: HtmlElement) -> str:
    body = root.find("body")
    parts = []
    for element in (body if body is not None else root).iter():
        if element.tag in ("script", "style", "noscript", "template") or not isinstance(element.tag, str):
            parts.append(element.tail or "")
            continue
        parts += [element.text or "", element.tail or ""]
    return " ".join(" ".join(parts).split())


def _has_wall(root: HtmlElement) -> bool:
    return any(
        _WALL_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        for element in root.iter("div", "section", "aside")
    )
