"""Masthead installed on a machine with systemd by typing what docs/deploy.md says.

`pip` finds this tree's wheel in a folder in place of a registry, and the libraries are those that the tests run with.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.deploy import guide, machine
from tests.deploy.machine import Machine

HOME = "/var/lib/masthead"
CERTIFICATE = "/etc/letsencrypt/live/news.example"
READY = ("curl", "--silent", "--fail", "--max-time", "20", "http://127.0.0.1:8000/readyz")
PAGE = ("curl", "--silent", "--fail", "--max-time", "20", "--cacert", f"{CERTIFICATE}/fullchain.pem")
VENV = "python3 -m venv /opt/masthead"
PIP = (
    "[global]\nno-index = true\nfind-links = /srv/wheels\ndisable-pip-version-check = true\n[install]\nno-deps = true\n"
)


def why_not() -> str:
    """One line that says why this cannot be done here; empty if it can."""
    asked = ["/usr/bin/python3", "-c", "import sys, venv, ensurepip; print(sys.version_info[:2])"]
    theirs = subprocess.run(asked, capture_output=True, text=True) if Path(asked[0]).exists() else None
    if theirs is None or theirs.stdout.strip() != str(sys.version_info[:2]):
        return "a machine with systemd needs python3-venv of the system, of the version that runs the tests"
    return machine.why_not()


def wheel(source: Path, folder: Path) -> None:
    """A tree's wheel, as `pip` would get it."""
    code = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=source, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def shared(wheels: Path) -> dict[str, Path]:
    """What the machine sees of this one."""
    return {"/opt/libraries": Path(sysconfig.get_path("purelib")), "/srv/source": guide.ROOT, "/srv/wheels": wheels}


def prepare(made: Machine) -> None:
    """What the guide takes for granted: a name, its certificate, a web server that runs, a disk, another's file."""
    made.done("sh", "-c", f"mkdir -p {CERTIFICATE} && echo 127.0.0.1 news.example >> /etc/hosts")
    made.done(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example",
        "-keyout", f"{CERTIFICATE}/privkey.pem", "-out", f"{CERTIFICATE}/fullchain.pem",
    )  # fmt: skip
    made.done("systemctl", "start", "nginx")
    made.done("sh", "-c", "mknod /dev/disk-of-the-machine b 7 0; touch /tmp/of-another; mkdir -p /etc/masthead")
    made.done("sh", "-c", "umask 077; echo MASTHEAD_LOG_FORMAT=json > /etc/masthead/environment")
    made.done("sh", "-c", f"rm -rf /root/.pip /root/.config/pip; printf '{PIP}' > /etc/pip.conf")


def install(made: Machine) -> None:
    """Each command of the guide, as it stands."""
    typed = guide.commands("A machine of its own")
    assert sum(VENV in line for line in typed) == 1
    libraries = "echo /opt/libraries > $(echo /opt/masthead/lib/python3*/site-packages)/libraries.pth"
    for line in typed:
        made.done("sh", "-c", f"cd /srv/source && {line}" + f" && {libraries}" * (VENV in line), seconds=180)
    [settings] = guide.blocks("A machine of its own", "toml")
    made.wait_for("test", "-s", f"{HOME}/masthead.toml")
    made.done("sh", "-c", f"printf '%s' '{settings}' > {HOME}/masthead.toml && systemctl restart masthead")
