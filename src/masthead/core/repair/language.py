"""The language of an article: what is stated, unless the text itself plainly says otherwise."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from masthead.core.repair.draft import Draft
from masthead.core.types import Evidence

_TAG = re.compile(r"^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*$")
_ENOUGH = 120  # characters that detection needs before it may contradict what is stated
_CERTAIN = 0.95


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # Loading the model takes a tenth of a second and 30 MB: only for whoever asks.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect(text: str) -> tuple[str, float]:
    """The most probable language of a text (ISO 639-1) and the probability that the model gives it."""
    language, probability = _identifier().classify(text[:4000])
    return str(language), float(probability)


def normal_tag(tag: str) -> str:
    """A language tag in its usual spelling (BCP 47: "en", "pt-BR", "zh-Hant"); "" when it is none."""
    tag = tag.strip().replace("_", "-")
    if not _TAG.match(tag):
        return ""
    first, *rest = tag.split("-")
    spelled = [part.title() if len(part) == 4 else part.upper() if len(part) == 2 else part.lower() for part in rest]
    return "-".join([first.lower(), *spelled])


def settle(stated: tuple[tuple[str, str], ...], text: str, draft: Draft) -> None:
    """Set `draft.language` from the first usable of `stated` ((tag, origin) pairs), checked against the text.

    The text wins only when it is long enough, detection is certain, and it names another language altogether.
    """
    claims = [(tag, origin) for raw, origin in stated if (tag := normal_tag(raw))]
    found, probability = detect(text) if len(text) >= 20 else ("", 0.0)
    evidence = (Evidence("text", text[:80], found),) if found else ()
    for tag, origin in claims:
        same = tag.split("-")[0] == found
        if same or len(text) < _ENOUGH or probability < _CERTAIN:
            draft.language = tag
            draft.origin("language", origin, confidence=0.99 if same else 0.8, evidence=evidence)
            return
    if not found or (not claims and probability < 0.5):
        return
    if claims:
        draft.mend(
            "language",
            "language",
            claims[0][0],
            found,
            "The language stated is not that of the text; the text was believed.",
        )
    draft.language = found
    draft.origin("language", "text", method="inferred", confidence=probability, evidence=evidence)
