"""Every setting of Masthead, once: its name, type, default and meaning. `settings.py` and the docs are made from this.

A value is looked for in the environment (`MASTHEAD_SITE_NAME`), then in `$MASTHEAD_HOME/masthead.toml`
(`site_name`), then here. `DATABASE_URL` keeps its customary name.
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEFAULT_HOME = "masthead-home"
ROLES = ("reader", "editor", "chief", "operator")
ADDRESS_FILE = "address"
"""In the home: the address that the site was bound to last, in the place of an empty `base_url`."""


class OptionError(ValueError):
    """A setting that cannot be used; the message names it, the value, and what is wanted."""


def _option(default: Any, help: str, least: float | None = None) -> Any:
    """`least`: of a number, what it may be at least."""
    metadata = {"help": help, "least": least}
    if isinstance(default, list):
        return field(default_factory=lambda: tuple(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Options:
    """The settings in force."""

    home: Path = _option(Path(DEFAULT_HOME), "Folder of the database, media, key and masthead.toml. Environment only.")
    bind: str = _option("127.0.0.1:8000", "Address and port that the web server listens on.")
    database_url: str = _option(
        "", "PostgreSQL address (`postgres://user:password@host/name`); empty: SQLite in the home."
    )
    secret_key: str = _option("", "Signs sessions. Empty: made at first start and kept in the home.")
    base_url: str = _option(
        "", "Address readers use, such as `https://news.example`. Empty: the address it is bound to."
    )
    allowed_hosts: tuple[str, ...] = _option([], "Further host names that the site answers to.")
    trusted_proxies: tuple[str, ...] = _option([], "Networks whose `X-Forwarded-*` headers are believed.")
    metrics_networks: tuple[str, ...] = _option(
        ["127.0.0.0/8", "::1/128"],
        "Networks that may read `/metrics`; a reader behind a trusted proxy is judged by its own address.",
    )
    session_hours: int = _option(12, "So long a login at the desk lasts at most, in hours.", least=1)
    session_idle_minutes: int = _option(120, "After so many minutes without use a login at the desk ends.", least=1)
    second_factor_for: tuple[str, ...] = _option(
        [],
        "Roles that must log in with a second factor, such as `chief, operator`; others may. They set it up at their "
        "next login.",
    )
    site_name: str = _option("Masthead", "Name in the masthead of every page.")
    motto: str = _option("", "Line under the name.")
    language: str = _option("en", "Language of the first edition and of the desk.")
    editions: tuple[str, ...] = _option(
        [], "Languages with a front page of their own, such as `en, ar`. Empty: only `language`."
    )
    time_zone: str = _option("UTC", "The site's time zone, such as `Europe/Vienna`.")
    city: str = _option("", "City of the weather, such as `Vienna` or `Portland, US`. Empty: no weather.")
    weather: str = _option("open-meteo", "Weather provider: `open-meteo`, `met-norway` or `off`.")
    weather_url: str = _option("", "Address of the provider, if not its public one.")
    units: str = _option("auto", "`metric`, `imperial` or `auto` (by the country of the city).")
    contact: str = _option(
        "", "Address or page by which publishers reach you; part of the User-Agent. Empty: `base_url`."
    )
    allow_private_addresses: tuple[str, ...] = _option([], "Networks the fetcher may reach besides public ones.")
    broker: str = _option("", "Celery broker (`redis://` or `amqp://`); empty: this machine does all the work.")
    lease: int = _option(
        600,
        "Longest time for which a process has rows to itself, in seconds: what one had that was killed is done by "
        "another after that. The clocks of all machines have to agree to much less than it.",
        least=3,
    )
    lane_concurrency: int = _option(
        2,
        "Runs at once in a `masthead worker` of the lane `work`, and as many of `replay`; of other lanes there is one.",
        least=1,
    )
    database_pool: int = _option(
        0,
        "Connections to PostgreSQL that a process shares among its threads at most; who finds none free waits for ten "
        "seconds. `docs/scale-out.md` says how many are wanted. 0: one for each thread.",
        least=0,
    )
    media: str = _option(
        "",
        "Where pictures are kept: `s3://bucket/prefix?endpoint_url=https://s3.example&region_name=eu-1` for a bucket "
        "that speaks S3, whose keys are in the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`). Empty: in "
        "the home.",
    )
    poll_floor: int = _option(3600, "Shortest time between two polls of a feed, in seconds.", least=1)
    websub: bool = _option(
        True,
        "Let hubs tell us of news where a feed names one (WebSub); needs a `base_url` that the internet can reach.",
    )
    host_gap: float = _option(2.0, "Shortest time between two requests to one host, in seconds.", least=0)
    address_gap: float = _option(
        0.25,
        "Shortest time between two requests to one IP address, in seconds, whatever their hosts: large platforms and "
        "shared servers have many. Never more than host_gap.",
        least=0,
    )
    concurrency: int = _option(32, "Requests under way at once, each to another host.", least=1)
    workers: int = _option(
        2,
        "Processes that read feeds, pages and pictures at once, each killed when a document takes too long or too much "
        "memory. 0: none, to look for faults only; then one hostile document can stop the site's work.",
        least=0,
    )
    worker_megabytes: int = _option(1024, "Memory that one of these may take for a document, in megabytes.", least=64)
    excerpt_characters: int = _option(400, "Length of an excerpt, where a source's policy allows no more.", least=0)
    quotes_model: str = _option(
        "",
        "spaCy model of your own (package or folder) that finds the people in quotations; install it and spaCy beside "
        "Masthead. Empty: rules alone.",
    )
    keep_exchanges: int = _option(
        365, "Days for which exchanges with feeds are remembered; the newest of each feed always. 0: for ever.", least=0
    )
    keep_bodies: int = _option(
        90,
        "Days for which feeds are kept as they were received, once they were read; the newest of each always. 0: for "
        "ever. Each item keeps its own original bytes besides.",
        least=0,
    )
    keep_originals: int = _option(
        0,
        "Days for which the original bytes of items and pages are kept. 0: for ever, so that a better repair can be "
        "replayed over the whole archive; what is let go cannot come back.",
        least=0,
    )
    image_widths: tuple[int, ...] = _option([320, 640, 1280], "Widths in which pictures are kept, in pixels.")
    cache_megabytes: int = _option(64, "Memory for ready pages, per web process.", least=0)
    proxy_cache_seconds: int = _option(
        0,
        "Seconds for which nginx may answer with a page by itself (`deploy/nginx/masthead-cache.conf`), so that what "
        "is taken down stands in lists for so long and up to a second more. Pages of articles, whose readers are "
        "counted, are not among them. 0: none is.",
        least=0,
    )
    web_workers: int = _option(
        1,
        "Processes that answer readers, each with a cache of ready pages of its own. One serves tens of thousands of "
        "ready pages a second; more than the machine has cores help nobody.",
        least=1,
    )
    web_threads: int = _option(4, "Threads that render pages, per web process.", least=1)
    log_format: str = _option("auto", "`human`, `json` or `auto` (human on a terminal).")
    log_level: str = _option("info", "`debug`, `info`, `warning` or `error`.")
    debug: bool = _option(False, "Developers only: error pages with code. Never in public.")

    @property
    def all_editions(self) -> tuple[str, ...]:
        """The languages of the editions, the first being the one at `/`."""
        return tuple(dict.fromkeys((self.language, *self.editions)))


def environment_name(option: str) -> str:
    """The environment variable of an option."""
    return option.upper() if option == "database_url" else f"MASTHEAD_{option.upper()}"


def _convert(name: str, value: Any, default: Any) -> Any:
    """A value from the environment or TOML as the type of its default. Raises `OptionError`."""
    try:
        if isinstance(default, bool):
            if isinstance(value, bool):
                return value
            lowered = str(value).strip().lower()
            if lowered in ("1", "true", "yes", "on"):
                return True
            if lowered in ("0", "false", "no", "off", ""):
                return False
            raise ValueError("yes or no")
        if isinstance(default, int):
            return int(value)
        if isinstance(default, float):
            return float(value)
        if isinstance(default, Path):
            return Path(value).expanduser()
        if isinstance(default, tuple):
            parts = value if isinstance(value, list) else [p.strip() for p in str(value).split(",") if p.strip()]
            numbers = bool(default) and isinstance(default[0], int)
            return tuple(int(p) if numbers else str(p) for p in parts)
        return str(value)
    except (ValueError, TypeError) as error:
        wanted = "yes or no" if isinstance(default, bool) else type(default).__name__
        raise OptionError(f"{environment_name(name)}={value!r} cannot be used: {wanted} is wanted") from error


def _check_numbers(values: Mapping[str, Any]) -> None:
    """Raise `OptionError` for a number that is less than its setting may be."""
    for option in dataclasses.fields(Options):
        least = option.metadata["least"]
        if least is not None and option.name in values and not values[option.name] >= least:
            raise OptionError(
                f"{environment_name(option.name)}={values[option.name]} cannot be used: {least} is the least"
            )


def load(environ: Mapping[str, str] | None = None) -> Options:
    """Read the settings. Raises `OptionError` for a value or key that cannot be used."""
    environ = os.environ if environ is None else environ
    defaults = Options()
    home = Path(environ.get("MASTHEAD_HOME") or DEFAULT_HOME).expanduser().resolve()
    stored: dict[str, Any] = {}
    path = home / "masthead.toml"
    if path.is_file():
        try:
            stored = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OptionError(f"{path} cannot be read: {error}") from error
    known = {f.name for f in dataclasses.fields(Options)} - {"home"}
    if unknown := sorted(set(stored) - known):
        raise OptionError(f"{path}: no such setting: {', '.join(unknown)} (docs/settings.md lists them)")
    values: dict[str, Any] = {"home": home}
    for name in sorted(known):
        default = getattr(defaults, name)
        if (given := environ.get(environment_name(name))) is not None:
            values[name] = _convert(name, given, default)
        elif name in stored:
            values[name] = _convert(name, stored[name], default)
    _check_numbers(values)
    if strange := set(values.get("second_factor_for", ())) - set(ROLES):
        raise OptionError(
            f"MASTHEAD_SECOND_FACTOR_FOR: no such role: {', '.join(sorted(strange))} (there are {', '.join(ROLES)})"
        )
    if not values.get("base_url") and (address := home / ADDRESS_FILE).is_file():
        values["base_url"] = address.read_text(encoding="utf-8").strip()
    return Options(**values)
