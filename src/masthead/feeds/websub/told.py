"""How a feed stands with its hub, in words for operators."""

from __future__ import annotations

from datetime import datetime

from masthead.core.urls import host_of
from masthead.feeds.models import HUB_LIVE, Feed, FeedState, HubState, HubSubscription
from masthead.feeds.websub import callback


def printable(text: str) -> str:
    """What a stranger said, on one line and without anything that a terminal or database takes amiss."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def current(feed: Feed) -> HubSubscription | None:
    """The feed's live subscription, or its last. Uses what was prefetched as `hub_subscriptions`."""
    rows = sorted(feed.hub_subscriptions.all(), key=lambda row: (row.state in HUB_LIVE, row.pk))
    return rows[-1] if rows else None


def words(feed: Feed, row: HubSubscription | None) -> str:
    """One or two sentences; "" for a feed that names no hub and has none."""
    if row is None or row.state in (HubState.ENDED, HubState.ASIDE):
        return f"{_without(feed)}{_aside(feed)}"
    return f"{host_of(row.hub)}: {_state(feed, row)}{_ignored(row)}{_aside(feed)}"


def _without(feed: Feed) -> str:
    if not feed.hub:
        return ""
    hub = host_of(feed.hub)
    if feed.state != FeedState.ACTIVE:
        return f"{hub}: not asked, as the feed is not polled."
    if not feed.topic:
        return f"{hub}: not asked, as the feed {_no_topic(feed)}."
    if obstacle := callback.obstacle():
        return f"{hub}: not asked, as {obstacle}."
    return f"{hub}: to be asked within a minute."


def _no_topic(feed: Feed) -> str:
    other = feed.hints.get("self") or {}
    if not other:
        return "does not state its own address (rel=self)"
    if "same" not in other:
        return f"calls itself {other['url']}, which is looked at first"
    return f"calls itself {other['url']}, which is not its address: {other['why']}"


def _aside(feed: Feed) -> str:
    """The hubs that were tried before; "" when there are none."""
    rows = [row for row in feed.hub_subscriptions.all() if row.state == HubState.ASIDE and row.hub in feed.hubs]
    return "".join(f" {host_of(row.hub)} was set aside: {row.reason}." for row in sorted(rows, key=lambda row: row.pk))


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "an unknown time"


def _state(feed: Feed, row: HubSubscription) -> str:
    again = f" It is asked again at {_at(row.due_at)}." if row.due_at else ""
    trouble = f" Trouble: {row.reason} ({row.failures} in a row)." if row.failures and row.reason else ""
    match row.state:
        case HubState.HELD:
            return f"confirmed until {_at(row.lease_until)}; {_trust(feed, row)}{trouble}"
        case HubState.ASKED:
            return f"asked at {_at(row.asked_at)}, has yet to ask back for confirmation.{trouble}"
        case HubState.DENIED:
            return f"it denied the subscription ({row.reason}).{again}"
        case HubState.LAPSED:
            return f"its lease ran out at {_at(row.lease_until)}; the feed is polled as ever.{trouble}{again}"
        case HubState.LEAVING:
            return f"being ended.{trouble}"
        case _:
            return f"not subscribed yet.{trouble}{again}"


def _trust(feed: Feed, row: HubSubscription) -> str:
    last = f"last delivery {_at(row.pushed_at)}" if row.pushed_at else "nothing delivered yet"
    if not row.secret:
        return f"it is not under TLS, so it only has the feed polled, and sends nothing that is believed; {last}."
    if feed.told_until is not None:
        return f"it delivers, so the feed is polled once a day; {last}."
    if row.misses:
        wanting = row.misses + 1 - row.delivered
        return f"it missed news that a poll found; polled as ever until {wanting} more good deliveries; {last}."
    return f"polled as ever until its first good delivery; {last}."


def _ignored(row: HubSubscription) -> str:
    if not row.ignored:
        return ""
    return f" {row.ignored} deliveries were not believed, the last at {_at(row.ignored_at)}: {row.ignored_why}."
