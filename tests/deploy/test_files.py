"""What lies in `deploy/` is read by the programs that it is for."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.programs import program_path

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("masthead*"))


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60)


@pytest.mark.service("systemd-analyze")
def test_the_units_are_understood(tmp_path: Path) -> None:
    """The programs that they start lie elsewhere on a real machine; all else is as it is shipped."""
    for unit in UNITS:
        (tmp_path / unit.name).write_text(re.sub(r"/opt/masthead/bin/\w+", "/bin/true", unit.read_text()))
    done = run("systemd-analyze", "verify", *sorted(tmp_path.iterdir()))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.service("systemd-analyze")
@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_the_services_are_shut_in(unit: Path) -> None:
    """At most 2.0 of systemd's own ten, which calls that "OK"; a service without any of it has 9.6."""
    done = run("systemd-analyze", "security", "--offline=true", "--threshold=20", unit)
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.service("logrotate")
def test_logrotate_understands_its_file(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.write_text(
        (DEPLOY / "logrotate").read_text().replace("/var/log/nginx", str(tmp_path)).replace("www-data adm", "root root")
    )
    rules.chmod(0o644)
    done = run("logrotate", "--debug", "--state", tmp_path / "state", rules)
    assert done.returncode == 0 and "error:" not in done.stderr, done.stderr


@pytest.mark.service("hadolint")
def test_the_container_file_is_clean() -> None:
    done = run(program_path("hadolint") or "", "--failure-threshold", "info", DEPLOY / "Containerfile")
    assert (done.returncode, done.stdout) == (0, "")
    text = (DEPLOY / "Containerfile").read_text()
    assert re.search(r"^USER 10001", text, re.M) and text.index("USER 10001") < text.index("ENTRYPOINT")
