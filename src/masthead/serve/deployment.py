"""What `masthead doctor --deploy` looks at besides: whether the site is set up to stand in public.

As Django's `check --deploy` is for Django's settings, this is for ours and for the machine. Nothing is changed, and no
other server is asked.
"""

from __future__ import annotations

import os
import resource
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from masthead.accounts.models import User
from masthead.audience.peers import networks
from masthead.serve.finding import OK, WARNING, WRONG, Finding
from masthead.serve.home import BACKUPS, KEY_FILE

SHORT_KEY = 40
"""Characters below which a key may be guessed."""
OLD_BACKUP = timedelta(days=2)
FEW_FILES = 4096
"""Open files that a process should be allowed: readers, feeds, pictures and the database each take some."""
PATIENCE = 5.0
OUR_OWN = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "")  # noqa: S104


def address() -> Iterator[Finding]:
    """The address that readers use."""
    base = urlsplit(settings.MASTHEAD.base_url)
    shown = settings.MASTHEAD.base_url or "empty"
    if base.hostname in (None, *OUR_OWN):
        yield Finding("address", WRONG, f"base_url is {shown}", "set base_url to the https address that readers use")
    elif base.scheme != "https":
        advice = "put TLS in front (docs/deploy.md) and set base_url to the https address"
        yield Finding("address", WRONG, f"base_url is {shown}: sessions of the desk travel in the clear", advice)
    elif base.path not in ("", "/"):
        yield Finding("address", WRONG, f"base_url is {shown}: it has a path", "a site stands at the root of its host")
    else:
        yield Finding("address", OK, shown)


def hosts() -> Iterator[Finding]:
    """Which hosts are answered to."""
    wide = [host for host in settings.MASTHEAD.allowed_hosts if "*" in host or host.startswith(".")]
    if wide:
        advice = "name each host in allowed_hosts"
        yield Finding("hosts", WRONG, f"{', '.join(wide)}: anybody's host name is answered to", advice)
    else:
        yield Finding("hosts", OK, ", ".join(settings.ALLOWED_HOSTS))


def proxies() -> Iterator[Finding]:
    """Whose word about readers' addresses is believed, and who can pass the proxy by."""
    options = settings.MASTHEAD
    try:
        known = networks(tuple(options.trusted_proxies))
        networks(tuple(options.metrics_networks))
    except ValueError as error:
        yield Finding("proxies", WRONG, str(error), "write addresses or networks, such as 127.0.0.1/32")
        return
    https = urlsplit(options.base_url).scheme == "https"
    if wide := [str(network) for network in known if network.prefixlen == 0]:
        advice = "name the addresses of your proxies only"
        yield Finding("proxies", WRONG, f"{', '.join(wide)}: everybody is believed to be a proxy", advice)
    elif https and not known:
        advice = "set trusted_proxies to the address of what does TLS, such as 127.0.0.1/32"
        yield Finding("proxies", WRONG, "base_url is https, and no proxy is trusted: readers have its address", advice)
    else:
        yield Finding("proxies", OK, ", ".join(map(str, known)) or "none")
    host = options.bind.rpartition(":")[0].strip("[]")
    if https and host in ("", "0.0.0.0", "::") and not _in_container():  # noqa: S104
        advice = "bind to 127.0.0.1, or let a firewall admit the proxy alone"
        yield Finding("proxies", WARNING, f"{options.bind} can be reached past the proxy", advice)


def key() -> Iterator[Finding]:
    """Where the key that signs sessions comes from, and who may read it."""
    path: Path = settings.MASTHEAD.home / KEY_FILE
    given = settings.MASTHEAD.secret_key
    origin = "the settings" if given else str(path)
    if len(settings.SECRET_KEY) < SHORT_KEY or len(set(settings.SECRET_KEY)) < 10:
        advice = "remove the setting secret_key and let Masthead make one"
        yield Finding("key", WRONG, f"the key from {origin} is short or plain", advice)
    elif not given and path.is_file() and (said := _open_to_others(path)):
        yield Finding("key", WRONG, f"{path} {said}", f"chmod 600 {path}, then remove it to have a new one made")
    else:
        yield Finding("key", OK, f"from {origin}")


def home_rights() -> Iterator[Finding]:
    """Who may read the home, and whose it is."""
    home: Path = settings.MASTHEAD.home
    bad = False
    for path in (home, home / "masthead.toml", home / "masthead.sqlite3", home / BACKUPS):
        if path.exists() and (said := _open_to_others(path)):
            bad = True
            yield Finding("home", WRONG, f"{path} {said}", f"chmod {'700' if path.is_dir() else '600'} {path}")
    if os.geteuid() == 0 and not _in_container():
        yield Finding("home", WARNING, "this runs as root", "run it as a user of its own (deploy/systemd)")
    elif home.stat().st_uid != os.geteuid():
        yield Finding("home", WARNING, f"{home} belongs to user {home.stat().st_uid}", "run as the user whose it is")
    if not bad:
        yield Finding("home", OK, f"{home} is its owner's alone")


def _open_to_others(path: Path) -> str:
    mode = stat.S_IMODE(path.stat().st_mode)
    # Below a folder that only its owner enters, the rights of a file do not matter to others.
    shut = path.parent == settings.MASTHEAD.home and not settings.MASTHEAD.home.stat().st_mode & 0o077
    if mode & 0o022 and not shut:
        return f"can be written by others (mode {mode:o})"
    return f"can be read by others (mode {mode:o})" if mode & 0o077 and not shut else ""


def recent_backup() -> Iterator[Finding]:
    """A site in public has one of yesterday."""
    last = settings.MASTHEAD.home / BACKUPS / "last"
    advice = "enable masthead-backup.timer (docs/deploy.md)"
    if not last.is_file():
        yield Finding("backup", WRONG, "none was ever made", advice)
        return
    age = timezone.now() - datetime.fromisoformat(last.read_text(encoding="ascii").strip())
    state = WRONG if age > OLD_BACKUP else OK
    yield Finding("backup", state, f"the last is {age / timedelta(hours=1):.0f} hours old", advice if state else "")


def people() -> Iterator[Finding]:
    """Somebody can log in, and nobody needs to be a superuser."""
    active = User.objects.filter(is_active=True)
    if not active.exists():
        yield Finding("people", WARNING, "nobody can log in", "masthead user add NAME --role chief")
    else:
        yield Finding("people", OK, f"{active.count()} can log in")


def clock_kept() -> Iterator[Finding]:
    """Whether something keeps the clock right, where systemd can be asked."""
    said = _ask("timedatectl", "show", "--property=NTPSynchronized", "--value")
    if said == "yes":
        yield Finding("time", OK, "the clock is kept by the network")
    elif said == "no":
        advice = "enable systemd-timesyncd or chrony: dates of undated reports are those of this clock"
        yield Finding("time", WARNING, "nothing keeps the clock right", advice)
    else:
        yield Finding("time", OK, "not known here (no timedatectl)")


def limits() -> Iterator[Finding]:
    """Open files that a process may have, and what the service is allowed where systemd runs it."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = soft == resource.RLIM_INFINITY or soft >= FEW_FILES
    advice = "" if enough else "LimitNOFILE=65536 in the unit, or ulimit -n 65536"
    shown = "unlimited" if soft == resource.RLIM_INFINITY else f"{soft}"
    yield Finding("limits", OK if enough else WARNING, f"{shown} open files for this process", advice)
    unit = "masthead.service"
    if (state := _ask("systemctl", "is-enabled", unit)) in ("enabled", "disabled"):
        kept = state == "enabled"
        yield Finding(
            "service", OK if kept else WARNING, f"{unit} is {state}", "" if kept else f"systemctl enable {unit}"
        )


def database_place() -> Iterator[Finding]:
    """SQLite wants a disk of this machine; PostgreSQL over a network wants TLS."""
    if connection.vendor != "sqlite":
        options = connection.settings_dict
        far = options["HOST"] not in (*OUR_OWN,) and not options["HOST"].startswith("/")
        if far and options["OPTIONS"].get("sslmode") not in ("require", "verify-ca", "verify-full"):
            advice = "add ?sslmode=verify-full to DATABASE_URL"
            yield Finding("database", WARNING, f"the way to {options['HOST']} may be in the clear", advice)
        return
    kind = _filesystem(settings.MASTHEAD.home)
    if kind.startswith(("nfs", "cifs", "smb", "fuse.sshfs", "9p", "ceph")):
        advice = "move the home to a disk of this machine, or use PostgreSQL"
        yield Finding("database", WRONG, f"SQLite lies on {kind}, where its locks do not hold", advice)


def _filesystem(path: Path) -> str:
    """The kind of file system that a path lies on; empty where `/proc` does not tell."""
    best, kind = -1, ""
    with suppress(OSError):
        for line in Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines():
            _, place, this, *_ = line.split(" ")
            place = place.replace("\\040", " ")
            if len(place) > best and path.is_relative_to(place):
                best, kind = len(place), this
    return kind


def _in_container() -> bool:
    return Path("/run/.containerenv").exists() or Path("/.dockerenv").exists()


def _ask(*command: str) -> str:
    """What a program of the system answers in a word; empty when it is not there or does not answer."""
    if shutil.which(command[0]) is None:
        return ""
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
        return done.stdout.strip()
    return ""


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    address, hosts, proxies, key, home_rights, database_place, recent_backup, people, clock_kept, limits,
)  # fmt: skip
