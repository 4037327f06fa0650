"""When a report was published, by all that a page says: the day that its claims together speak for most.

Every place that may hold the date is a claim with a weight (`core.repair.date_weights`). The day with the most weight
is taken, and only when it has enough. A date that is said to be of a change never counts as one of publication.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from masthead.core.extract.date_claims import Claim, PageDates
from masthead.core.repair.date_weights import CHANGED, ENOUGH, FROM_CHANGE, MOVED, TRUSTED, WEIGHTS
from masthead.core.repair.dates import Parts, bounds, build, is_zero, judged, stamp, value_text
from masthead.core.repair.draft import Draft
from masthead.core.types import UNKNOWN_SINCE, ArticleDate, DateMethod, Evidence

_LABELLED = ("visible:published", "visible:published-below")
_BY_HEADLINE = ("visible:published", "visible:head-marked", "visible:head")


def settle_published(dates: PageDates, seen: datetime, draft: Draft) -> None:
    """Set `draft.published`: the day that the claims together speak for most, as its best claim states it."""
    usable = [claim for claim in dates.published if _possible(claim, seen)]
    groups = _by_day(usable)
    weights = {id(group): _together(group, groups, dates.modified) for group in groups}
    ranked = sorted(groups, key=lambda group: -weights[id(group)])
    if not ranked or weights[id(ranked[0])] < ENOUGH:
        _refuse(dates.published, seen, draft)
        _settle_by_change(dates, seen, draft)
        return
    chosen = _best(ranked[0])
    weight = weights[id(ranked[0])]
    against = [_best(group) for group in ranked[1:] if weights[id(group)] >= ENOUGH]
    evidence = tuple(
        Evidence(claim.kind, claim.raw[:80], value_text(claim.parts)) for claim in [*_distinct(ranked[0]), *against][:8]
    )
    found = judged(chosen.parts, chosen.raw[:80], "published", seen, draft, evidence)
    if found is None:
        draft.origin("published", "none")
        return
    method: DateMethod = "inferred" if chosen.kind == "url:day" else "stated"
    confidence = min(found.confidence, weight if not against else weight - 0.2)
    draft.published = _with(found, method, max(0.3, confidence))
    draft.origin("published", chosen.kind, method=method, confidence=draft.published.confidence, evidence=evidence)
    if against:
        others = ", ".join(f"{value_text(claim.parts)} ({claim.kind})" for claim in against[:4])
        draft.mend(
            "date-conflict", "published", others, found.value,
            "The page states more than one date of publication; the one with the most evidence was taken.",
        )  # fmt: skip


def _settle_by_change(dates: PageDates, seen: datetime, draft: Draft) -> None:
    """Set `draft.published` to the one day of change that readers see by the headline of a page that states no other.

    The report as it stands is of that day, and so it is said: inferred, at no more than `FROM_CHANGE`, with the open
    beginning that it may have appeared before. Nothing is set where there is no such day, or more than one.
    """
    claims = [claim for claim in dates.modified if claim.kind == "visible:modified" and claim.parts.day is not None]
    if not claims or not all(_possible(claim, seen) and _agree(claim.parts, claims[0].parts) for claim in claims):
        return
    day = Parts(claims[0].parts.year, claims[0].parts.month, claims[0].parts.day)
    raw = claims[0].raw[:80]
    evidence = (Evidence("visible:modified", raw, value_text(day)),)
    found = build(day, raw, method="inferred", confidence=FROM_CHANGE, evidence=evidence)
    draft.published = replace(found, earliest=UNKNOWN_SINCE, latest=min(found.latest, stamp(seen)))
    draft.origin("published", "visible:modified", method="inferred", confidence=FROM_CHANGE, evidence=evidence)
    draft.mend(
        "day-of-change", "published", raw, found.value,
        "The page states no day of publication, only one of a change; the report as it stands is of that day and may"
        " have appeared before.",
    )  # fmt: skip


def settle_modified(dates: PageDates, seen: datetime, draft: Draft) -> None:
    """Set `draft.modified`: the latest that is stated and can be true, when it lies after the publication."""
    usable = [claim for claim in dates.modified if _possible(claim, seen) and claim.parts.day is not None]
    usable = [claim for claim in usable if claim.weight >= WEIGHTS["page:script"]]
    draft.origin("modified", "none")
    if not usable:
        return
    surest = max(usable, key=lambda claim: (claim.weight, bounds(claim.parts)[0]))
    chosen = _best([claim for claim in usable if _agree(claim.parts, surest.parts)])
    evidence = (Evidence(chosen.kind, chosen.raw[:80], value_text(chosen.parts)),)
    found = judged(chosen.parts, chosen.raw[:80], "modified", seen, draft, evidence)
    if found is None:
        return
    # What the publication was concluded from is kept as what it is: the change.
    own = draft.published if draft.published is not None and not draft.published.since_unknown else None
    if own is not None and not _after(found, own):
        return
    draft.modified = found
    draft.origin("modified", chosen.kind, confidence=found.confidence, evidence=evidence)


def _after(later: ArticleDate, earlier: ArticleDate) -> bool:
    if len(later.value) <= 10 or len(earlier.value) <= 10:
        return later.value[:10] > earlier.value[:10]
    return later.earliest > earlier.earliest


def _with(date: ArticleDate, method: DateMethod, confidence: float) -> ArticleDate:
    return replace(date, method=method, confidence=round(confidence, 2))


def _possible(claim: Claim, seen: datetime) -> bool:
    return not is_zero(claim.parts) and bounds(claim.parts)[0] <= seen + timedelta(hours=14)


def _by_day(claims: list[Claim]) -> list[list[Claim]]:
    """Claims that may mean one moment together. The heaviest found a group, the others join the first that they fit."""
    groups: list[list[Claim]] = []
    for claim in sorted(claims, key=lambda claim: -claim.weight):
        for group in groups:
            if _agree(group[0].parts, claim.parts):
                group.append(claim)
                break
        else:
            groups.append([claim])
    return groups


def _agree(one: Parts, other: Parts) -> bool:
    """Whether two dates may be one: the same local day, or the same moment in two zones."""
    if _same_day(one, other):
        return True
    if one.day is None or other.day is None:
        return one.year == other.year and (one.month == other.month or None in (one.month, other.month))
    if one.hour is None and other.hour is None:
        return False
    (first, last), (start, end) = bounds(one), bounds(other)
    return first <= end and start <= last


def _together(group: list[Claim], groups: list[list[Claim]], modified: list[Claim]) -> float:
    """The weight of claims that agree: 1 - the product of their doubts, each kind counted once.

    Two doubts are added. An unlabelled date on the day of a stated change is most likely that change's, where the page
    names other days too or readers see the change labelled. And what machines state loses where readers see an earlier
    day by the headline: systems move their dates when a report is published again, and the first time is what is
    asked for.
    """
    others = [claim for other in groups if other is not group for claim in other]
    rivals = [claim for claim in others if claim.weight >= TRUSTED]
    earlier = [claim for claim in others if claim.kind in _BY_HEADLINE and _before(claim.parts, group[0].parts)]
    doubt = 1.0
    for claim in _distinct(group):
        weight = claim.weight
        unlabelled = claim.kind.startswith("visible:") and claim.kind not in _LABELLED
        same = [change for change in modified if unlabelled and _same_day(claim.parts, change.parts)]
        if same and (rivals or any(change.kind == "visible:modified" for change in same)):
            weight *= CHANGED
        if earlier and not claim.kind.startswith("visible:"):
            weight *= MOVED
        doubt *= 1 - weight
    return round(1 - doubt, 4)


def _before(one: Parts, other: Parts) -> bool:
    return bounds(one)[1] < bounds(other)[0]


def _distinct(group: list[Claim]) -> list[Claim]:
    return list({claim.kind: claim for claim in reversed(group)}.values())[::-1]


def _same_day(one: Parts, other: Parts) -> bool:
    return (one.year, one.month, one.day) == (other.year, other.month, other.day)


def _best(group: list[Claim]) -> Claim:
    """The claim that says most: a time before none, a zone before none, a local zone before UTC, then by weight."""

    def rank(claim: Claim) -> tuple[bool, bool, bool, bool, float]:
        parts, trusted = claim.parts, claim.weight >= TRUSTED
        timed = parts.hour is not None and not _midnight(parts)
        return (
            trusted,
            trusted and timed,
            trusted and parts.offset is not None,
            bool(trusted and parts.offset),
            claim.weight,
        )

    return max(group, key=rank)


def _midnight(parts: Parts) -> bool:
    """A time of zero is what systems write behind a day when they know no time."""
    return (parts.hour, parts.minute or 0, parts.second or 0) == (0, 0, 0)


def _refuse(claims: list[Claim], seen: datetime, draft: Draft) -> None:
    """Record why a page that states a date has none here."""
    draft.origin("published", "none")
    for claim in claims:
        if not _possible(claim, seen) and claim.weight >= ENOUGH:
            judged(claim.parts, claim.raw[:80], "published", seen, draft, ())
            return
