"""Rules that no linter knows: settings documented, relations upstream, the wheel whole."""

from __future__ import annotations

import dataclasses
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.apps import apps

from masthead import wsgi
from masthead.options import OptionError, Options, load
from masthead.serve import template
from masthead.store import database, headers

ROOT = Path(__file__).parents[2]
STAGES = ["store", "accounts", "feeds", "entries", "articles", "stories", "audience", "weather", "pages", "delivery"]


def test_the_docs_list_every_setting_as_the_code_has_it() -> None:
    assert (ROOT / "docs/settings.md").read_text() == template.page(), "run: make docs"


def test_the_first_settings_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "masthead.toml"
    path.write_text(template.toml())
    plain = load({"MASTHEAD_HOME": str(tmp_path)})
    path.write_text("\n".join(line.removeprefix("# ") for line in template.toml().splitlines() if " = " in line))
    assert load({"MASTHEAD_HOME": str(tmp_path)}) == plain == dataclasses.replace(Options(), home=plain.home)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "masthead.toml").write_text("site_name = 'File'\nmotto = 'kept'\n")
    options = load({"MASTHEAD_HOME": str(tmp_path), "MASTHEAD_SITE_NAME": "Environment"})
    assert (options.site_name, options.motto) == ("Environment", "kept")


def test_relations_point_upstream_and_leave_no_name_behind() -> None:
    """A string foreign key escapes import-linter; this does not let it."""
    for model in apps.get_models():
        label = model._meta.app_label
        if label not in STAGES:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "remote_field", None) and getattr(field, "related_model", None)
            if not target or field.auto_created or target._meta.app_label in (label, "auth", "contenttypes"):
                continue
            where = f"{model.__name__}.{field.name}"
            assert STAGES.index(target._meta.app_label) < STAGES.index(label), f"{where} points downstream"
            assert field.remote_field.related_name == "+", f"{where} needs related_name='+'"


@pytest.mark.parametrize(("url", "told"), [("mysql://x", "postgres://"), ("postgres://[", "cannot be read")])
def test_a_database_address_that_cannot_be_used_says_why(tmp_path: Path, url: str, told: str) -> None:
    with pytest.raises(OptionError, match=told):
        database.configuration(url, tmp_path)


def test_a_postgres_address_becomes_djangos_settings(tmp_path: Path) -> None:
    made = database.configuration("postgres://anna:s%40cret@db.example:5433/news?sslmode=require", tmp_path)
    assert (made["NAME"], made["USER"], made["PASSWORD"], made["HOST"], made["PORT"]) == (
        "news", "anna", "s@cret", "db.example", "5433",
    )  # fmt: skip
    assert made["OPTIONS"] == {"sslmode": "require"} and made["CONN_HEALTH_CHECKS"]


def test_nothing_inline_and_nothing_foreign_is_allowed() -> None:
    assert "unsafe" not in headers.POLICY and "default-src 'none'" in headers.POLICY
    assert "http" not in headers.POLICY and "*" not in headers.POLICY


@pytest.mark.parametrize(
    ("trusted", "forwarded", "seen"),
    [
        ((), "6.6.6.6", "10.0.0.1"),
        (("10.0.0.0/8",), "6.6.6.6", "6.6.6.6"),
        (("10.0.0.0/8",), "1.1.1.1, 6.6.6.6, 10.0.0.2", "6.6.6.6"),
    ],
)
def test_only_a_trusted_proxy_is_believed(
    monkeypatch: pytest.MonkeyPatch, trusted: tuple[str, ...], forwarded: str, seen: str
) -> None:
    from masthead.audience.peers import networks

    monkeypatch.setattr(wsgi, "_trusted", networks(trusted))
    environ = {
        "REMOTE_ADDR": "10.0.0.1",
        "HTTP_X_FORWARDED_FOR": forwarded,
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "news.example",
        "HTTP_HOST": "inner",
        "wsgi.url_scheme": "http",
    }
    wsgi.judge_forwarded(environ)
    assert environ["REMOTE_ADDR"] == seen
    assert (environ["wsgi.url_scheme"], environ["HTTP_HOST"]) == (
        ("https", "news.example") if trusted else ("http", "inner")
    )
    assert not [name for name in environ if "FORWARDED" in name]
    assert ("masthead.forged" in environ) is not bool(trusted)


@pytest.mark.slow
def test_the_wheel_alone_starts_and_answers(tmp_path: Path) -> None:
    """Built, installed into an empty folder, started there, asked once."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MASTHEAD", "DATABASE", "DJANGO"))
    }
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(ROOT)], check=True, env=kept
    )
    [wheel] = tmp_path.glob("masthead-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(tmp_path / "site"), str(wheel)], check=True, env=kept)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place = tmp_path / "empty"
    place.mkdir()
    environment = {**kept, "PYTHONPATH": str(tmp_path / "site"), "PYTHONSAFEPATH": "1"}
    found = subprocess.run(
        [sys.executable, "-c", "import masthead; print(masthead.__file__)"],
        env=environment, cwd=place, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.startswith(str(tmp_path / "site"))
    process = subprocess.Popen(
        [sys.executable, "-m", "masthead", "--bind", f"127.0.0.1:{port}"],
        env=environment,
        cwd=place,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                    assert answer.status == 200 and b"</html>" in answer.read()
                break
            except (urllib.error.URLError, OSError):
                assert time.monotonic() < deadline and process.poll() is None
                time.sleep(0.2)
    finally:
        process.terminate()
        process.wait(20)
    assert (place / "masthead-home" / "masthead.sqlite3").is_file()
