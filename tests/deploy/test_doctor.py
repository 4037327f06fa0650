"""`masthead doctor --deploy`: each fault of a deployment is found, told with its cure, and nothing else is."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from masthead.accounts.models import User
from masthead.options import Options
from masthead.serve import deployment
from masthead.serve.finding import OK, WARNING, WRONG, Finding

GOOD: dict[str, Any] = {
    "base_url": "https://news.example", "trusted_proxies": ("127.0.0.1/32",), "allowed_hosts": (), "secret_key": "",
    "bind": "127.0.0.1:8000",
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Options]:
    """A home as it should be, and settings to change."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "secret_key").write_text("a-key")
    (home / "secret_key").chmod(0o600)
    (home / "backups").mkdir(mode=0o700)
    (home / "backups" / "last").write_text(timezone.now().isoformat())

    def with_(**changed: Any) -> Options:
        options = dataclasses.replace(settings.MASTHEAD, **{**GOOD, "home": home, **changed})
        monkeypatch.setattr(settings, "MASTHEAD", options)
        return options

    with_()
    return with_


def states(check: Callable[[], Any]) -> list[str]:
    found: list[Finding] = list(check())
    assert all(finding.advice or finding.state == OK for finding in found), "what is wrong has its cure"
    return [finding.state for finding in found]


@pytest.mark.parametrize(
    ("base_url", "state"),
    [
        ("https://news.example", OK), ("https://news.example/", OK), ("http://news.example", WRONG), ("", WRONG),
        ("https://localhost", WRONG), ("http://127.0.0.1:8000", WRONG), ("https://news.example/blog/", WRONG),
    ],
)  # fmt: skip
def test_the_address(site: Callable[..., Options], base_url: str, state: str) -> None:
    site(base_url=base_url)
    assert states(deployment.address) == [state]


@pytest.mark.parametrize(
    ("hosts", "state"), [((), OK), (("www.news.example",), OK), (("*",), WRONG), ((".example",), WRONG)]
)
def test_hosts(site: Callable[..., Options], hosts: tuple[str, ...], state: str) -> None:
    site(allowed_hosts=hosts)
    assert states(deployment.hosts) == [state]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, [OK]),
        ({"trusted_proxies": ()}, [WRONG]),
        ({"trusted_proxies": ("0.0.0.0/0",)}, [WRONG]),
        ({"trusted_proxies": ("::/0", "10.0.0.0/8")}, [WRONG]),
        ({"trusted_proxies": ("my-proxy",)}, [WRONG]),
        ({"bind": "0.0.0.0:8000"}, [OK, WARNING]),
        ({"base_url": "http://localhost:8000", "trusted_proxies": (), "bind": "[::]:8000"}, [OK]),
    ],
)
def test_proxies(
    site: Callable[..., Options], monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], found: list[str]
) -> None:
    monkeypatch.setattr(deployment, "_in_container", lambda: False)
    site(**changed)
    assert states(deployment.proxies) == found


def test_the_key(site: Callable[..., Options], monkeypatch: pytest.MonkeyPatch) -> None:
    home = site().home
    monkeypatch.setattr(settings, "SECRET_KEY", "abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJK")
    assert states(deployment.key) == [OK]
    home.chmod(0o755)
    assert states(deployment.key) == [OK], "its own rights are tight"
    (home / "secret_key").chmod(0o644)
    assert states(deployment.key) == [WRONG]
    home.chmod(0o700)
    assert states(deployment.key) == [OK], "nobody gets as far as the file"
    for plain in ("short", "aaaa" * 20):
        monkeypatch.setattr(settings, "SECRET_KEY", plain)
        assert states(deployment.key) == [WRONG]


def test_rights_of_the_home(site: Callable[..., Options], monkeypatch: pytest.MonkeyPatch) -> None:
    home = site().home
    monkeypatch.setattr(deployment, "_in_container", lambda: False)
    monkeypatch.setattr(os, "geteuid", lambda: home.stat().st_uid or 4242)
    if home.stat().st_uid == 0:
        os.chown(home, 4242, -1)
    assert states(deployment.home_rights) == [OK]
    home.chmod(0o755)
    assert states(deployment.home_rights) == [WRONG]
    home.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert states(deployment.home_rights) == [WARNING, OK]


@pytest.mark.parametrize(("hours", "state"), [(1, OK), (47, OK), (49, WRONG), (None, WRONG)])
def test_the_backup(site: Callable[..., Options], hours: int | None, state: str) -> None:
    last = site().home / "backups" / "last"
    if hours is None:
        last.unlink()
    else:
        last.write_text((timezone.now() - timedelta(hours=hours)).isoformat())
    assert states(deployment.recent_backup) == [state]


@pytest.mark.django_db
def test_somebody_can_log_in() -> None:
    assert states(deployment.people) == [WARNING]
    User.objects.create_user("ada", password="a long word")
    assert states(deployment.people) == [OK]


@pytest.mark.parametrize(("said", "state"), [("yes", OK), ("no", WARNING), ("", OK)])
def test_the_clock(monkeypatch: pytest.MonkeyPatch, said: str, state: str) -> None:
    monkeypatch.setattr(deployment, "_ask", lambda *command: said)
    assert states(deployment.clock_kept) == [state]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployment, "_ask", lambda *command: "disabled")
    for files, found in ((256, [WARNING, WARNING]), (65536, [OK, WARNING]), (-1, [OK, WARNING])):
        monkeypatch.setattr(deployment.resource, "getrlimit", lambda which, files=files: (files, files))
        assert states(deployment.limits) == found


def test_sqlite_on_a_network_is_refused(site: Callable[..., Options], monkeypatch: pytest.MonkeyPatch) -> None:
    site()
    monkeypatch.setattr(deployment.connection, "vendor", "sqlite")
    for kind, found in (("ext4", []), ("nfs4", [WRONG]), ("cifs", [WRONG]), ("", [])):
        monkeypatch.setattr(deployment, "_filesystem", lambda path, kind=kind: kind)
        assert states(deployment.database_place) == found
    monkeypatch.undo()
    assert deployment._filesystem(Path("/proc/self")) == "proc"


def test_the_command_by_itself(tmp_path: Path) -> None:
    """A fresh home, not fit for the public: exit status 1, each finding a line of JSON, the cure with it."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("MASTHEAD", "DATABASE", "DJANGO"))}
    command = [sys.executable, "-m", "masthead", "doctor", "--deploy", "--json"]
    home = {**kept, "MASTHEAD_HOME": str(tmp_path / "home")}
    done = subprocess.run(command, env=home, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stderr
    found = {(row["check"], row["state"]) for row in map(json.loads, done.stdout.splitlines())}
    assert {("address", "wrong"), ("backup", "wrong"), ("key", "ok"), ("hosts", "ok")} <= found
    plain = subprocess.run(command[:-2], env=home, capture_output=True, text=True, timeout=120)
    assert plain.returncode == 0 and "address" not in plain.stdout
