"""Upgrade and rollback, typed as docs/deploy.md says, on a machine with systemd and a site with reports in it.

The next version is this tree with another number and one migration more, which changes every headline: so that it can
be seen that it ran, and that the way back brings back what was there.
"""

from __future__ import annotations

import json
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.deploy import guide
from tests.deploy.installed import HOME, PAGE, READY, install, prepare, shared, wheel, why_not
from tests.deploy.machine import Machine

from masthead import __version__ as old

new = f"{old}.1"
NEXT = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("articles", "{last}")]
    operations = [
        migrations.RunSQL("UPDATE articles_article SET title = 'Next: ' || title"),
        migrations.RunSQL("CREATE TABLE articles_next (id integer)"),
    ]
"""
SEEN = """
import json, sqlite3
database = sqlite3.connect("file:{home}/masthead.sqlite3?mode=ro", uri=True, timeout=20)
columns = {{"articles_article": "id, slug, title, standfirst, published_at",
           "articles_revision": "id, digest, document", "entries_entry": "id, key",
           "feeds_source": "id, slug, policy", "accounts_user": "id, username, password"}}
print(json.dumps({{name: database.execute(f"SELECT {{of}} FROM {{name}} ORDER BY id").fetchall()
                  for name, of in columns.items()}}))
"""
COMMAND = "/opt/masthead/bin/masthead"
REASON = why_not()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(REASON), reason=REASON), pytest.mark.service("nginx")]


def _next_version(folder: Path) -> None:
    """The wheel of a version that is not there yet."""
    source = folder / "next"
    shutil.copytree(guide.ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(guide.ROOT / name, source)
    number = source / "src" / "masthead" / "__init__.py"
    number.write_text(number.read_text().replace(f'"{old}"', f'"{new}"'))
    migrations = source / "src" / "masthead" / "articles" / "migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    (migrations / f"{int(last[:4]) + 1:04}_next.py").write_text(NEXT.format(last=last))
    wheel(source, folder / "wheels")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """This version, installed and filled; the next one is to be had."""
    (wheels := tmp_path / "wheels").mkdir()
    wheel(guide.ROOT, wheels)
    made = Machine(tmp_path, shared(wheels))
    try:
        prepare(made)
        install(made)
        made.wait_for(*READY, seconds=120)
        made.done("systemctl", "stop", "masthead")
        fill = runpy.run_path(str(guide.ROOT / "bench" / "serving.py"), run_name="fill")["FILL"]
        (wheels / "fill.py").write_text(fill)
        masthead(made, "/opt/masthead/bin/python /srv/wheels/fill.py")
        masthead(made, f"{COMMAND} user add anna --role chief --generate")
        made.done("systemctl", "start", "masthead")
        made.wait_for(*READY, seconds=120)
        _next_version(tmp_path)
        yield made
    finally:
        made.stop()


def masthead(machine: Machine, line: str, home: str = HOME) -> str:
    """A command as Masthead's user."""
    return machine.done("sh", "-c", f"cd / && runuser -u masthead -- env MASTHEAD_HOME={home} {line}", seconds=120)


def seen(machine: Machine, home: str = HOME) -> dict[str, list[object]]:
    """Rows that nobody but people and feeds changes."""
    told: dict[str, list[object]] = json.loads(machine.done("/usr/bin/python3", "-c", SEEN.format(home=home)))
    return told


def typed(machine: Machine, lines: list[str]) -> None:
    for line in lines:
        line = line.replace("sudo -u masthead", "runuser -u masthead -- env").replace("OLD", old).replace("NEW", new)
        machine.done("sh", "-c", f"cd / && {line}", seconds=120)


def test_there_and_back_again(machine: Machine) -> None:
    lines = guide.commands("Upgrade and rollback")
    before = seen(machine)
    assert len(before["articles_article"]) == 60
    assert [name for _, name, _ in before["accounts_user"]] == ["anna"]

    typed(machine, lines[:3])
    machine.wait_for(*READY, seconds=120)
    after = seen(machine)
    assert all(title.startswith("Next: ") for _, _, title, *_ in after["articles_article"])
    assert {name: rows for name, rows in after.items() if name != "articles_article"} == {
        name: rows for name, rows in before.items() if name != "articles_article"
    }
    assert "Next: Report 0 of the river" in machine.done(*PAGE, "https://news.example/latest/")
    assert machine.done("cat", f"{HOME}/version") == new
    masthead(machine, f"{COMMAND} user add bert --generate")

    # The older program on the newer database: one line that says what is wrong, and nothing is touched.
    machine.done("systemctl", "stop", "masthead")
    machine.done("/opt/masthead/bin/pip", "install", "--quiet", f"masthead=={old}")
    newer = seen(machine)
    refused = machine.run("sh", "-c", f"cd / && runuser -u masthead -- env MASTHEAD_HOME={HOME} {COMMAND} user list")
    assert refused.returncode == 2 and refused.stderr.count("\n") == 1
    assert "newer Masthead (articles." in refused.stderr and "_next): install that version" in refused.stderr
    assert machine.run("systemctl", "start", "masthead").returncode in (0, 1)
    machine.wait_for("sh", "-c", "journalctl --unit masthead --output cat | grep 'written by a newer Masthead'")
    assert seen(machine) == newer

    typed(machine, lines[3:7])
    machine.wait_for(*READY, seconds=120)
    assert seen(machine) == before
    page = machine.done(*PAGE, "https://news.example/latest/")
    assert "Report 0 of the river" in page and "Next: " not in page
    assert machine.done("cat", f"{HOME}/version") == old

    # The other way back: the backup that was made first, into another home.
    [backup] = machine.done("sh", "-c", f"ls {HOME}/backups/masthead-*.tar.zst").split()
    typed(machine, [line.replace("BACKUP", backup) for line in lines[7:]])
    assert "anna" in masthead(machine, f"{COMMAND} user list", "/var/lib/restored")
    assert seen(machine, "/var/lib/restored") == before
