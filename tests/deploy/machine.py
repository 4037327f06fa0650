"""A machine with systemd as its first process, made of this one's files: what is written in it is gone with it.

An overlay over `/` in namespaces of its own (mounts, processes, cgroups, network, names), so that the units run with
all that they ask of the kernel and nothing of them is left. Its network is a loopback alone. Cgroup controllers are not
in it (`MemoryHigh`, `TasksMax`), where the kernel has given them to the older hierarchy.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from pathlib import Path

SYSTEMD = "/lib/systemd/systemd"
NAMESPACES = ("--mount", "--uts", "--ipc", "--net", "--pid")
# A cgroup of its own before the namespace: machines beside each other would find the other's processes in theirs.
OWN = """
set -e
mount --make-rprivate /
mount -t cgroup2 cgroup2 /mnt
mkdir "/mnt/$1"
echo $$ > "/mnt/$1/cgroup.procs"
umount /mnt
shift
exec unshare --cgroup "$@"
"""
DISOWN = """
mount -t cgroup2 cgroup2 /mnt
for try in $(seq 100); do  # until the last process is gone
    find "/mnt/$1" -depth -type d -exec rmdir {} \\;
    test -d "/mnt/$1" || break
    sleep 0.1
done
"""
BOOT = """
set -e
mount -t tmpfs -o mode=755 tmpfs "$1"
cd "$1"
mkdir upper work root
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
cd root
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do : > dev/$name; mount --bind /dev/$name dev/$name; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
ip link set lo up
# Nothing of what this machine starts by itself.
: > etc/machine-id
rm -rf etc/systemd/system/*.wants/* var/log/journal
mkdir -p mnt/old {shared}
{binds}
pivot_root . mnt/old
umount -l mnt/old
exec env -i container=masthead PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
  /lib/systemd/systemd --system --log-target=console --show-status=false systemd.unit=multi-user.target
"""


def why_not() -> str:
    """One line that says why no such machine can be made here; empty if it can."""
    if os.geteuid() != 0:
        return "a machine with systemd can be started by root alone"
    for program in (SYSTEMD, "unshare", "nsenter", "pivot_root", "ip", "curl", "openssl", "nginx"):
        if shutil.which(program) is None:
            return f"a machine with systemd needs {program}, which is not here"
    probe = "mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w /mnt/r"
    probe += " && mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/r"
    probe += " && mount -t sysfs sysfs /mnt/r/sys && mount -t cgroup2 cgroup2 /mnt/r/sys/fs/cgroup"
    probe += " && cd /mnt/r/sys/fs/cgroup && mkdir masthead-probe-$1 && rmdir masthead-probe-$1"
    done = subprocess.run(
        ["unshare", *NAMESPACES, "--cgroup", "--fork", "sh", "-c", probe, "probe", secrets.token_hex(8)],
        capture_output=True, text=True,
    )  # fmt: skip
    lines = done.stderr.strip().splitlines() or ["no reason was given"]
    return f"no namespaces with an overlay and cgroups here: {lines[0]}" if done.returncode else ""


class Machine:
    """Started when made; `shared` folders of this machine are seen under other names, read only."""

    def __init__(self, folder: Path, shared: dict[str, Path]) -> None:
        self._log = (folder / "machine.log").open("wb")
        self.log = folder / "machine.log"
        (place := folder / "machine").mkdir()
        binds = "\n".join(
            f"mount --bind '{here}' .{there}; mount -o remount,ro,bind .{there}" for there, here in shared.items()
        )
        names = " ".join(there.lstrip("/") for there in shared)
        script = BOOT.replace("{shared}", names).replace("{binds}", binds)
        self._cgroup = f"masthead-{secrets.token_hex(8)}"
        boot = ["sh", "-c", script, "boot", str(place)]
        self._outside = subprocess.Popen(
            ["unshare", *NAMESPACES, "--fork", "--kill-child", "sh", "-c", OWN, "own", self._cgroup, *boot],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
        )  # fmt: skip
        self._first = 0
        self.wait_for("systemctl", "is-system-running", "--quiet", seconds=60)

    def first(self) -> int:
        """The number that systemd, the first process in there, has out here."""
        if not self._first:
            children = Path(f"/proc/{self._outside.pid}/task/{self._outside.pid}/children").read_text().split()
            self._first = int(children[0]) if children else 0
        return self._first

    def run(self, *command: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """A command in there, as root."""
        enter = ["nsenter", "--target", str(self.first()), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"]
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "SYSTEMD_PAGER": "cat", "HOME": "/root"}
        return subprocess.run(
            [*enter, "--root", "--wd", *command], capture_output=True, text=True, timeout=seconds, env=clean
        )

    def done(self, *command: str, seconds: float = 60) -> str:
        """What it printed. Fails with what it complained of."""
        ran = self.run(*command, seconds=seconds)
        assert ran.returncode == 0, f"{command}: {ran.returncode}\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"
        return ran.stdout.strip()

    def wait_for(self, *command: str, seconds: float = 40) -> str:
        """Until the command succeeds; what it printed then."""
        end = time.monotonic() + seconds
        while True:
            ran = self.run(*command) if self.first() else None
            if ran is not None and ran.returncode == 0:
                return ran.stdout.strip()
            if time.monotonic() > end:
                said = f"{ran.stdout}{ran.stderr}" if ran else ""
                raise AssertionError(
                    f"{command} did not succeed in {seconds} s: {said}\n{self.log.read_text()[-2000:]}"
                )
            time.sleep(0.2)

    def property(self, unit: str, name: str) -> str:
        """What systemd says of a unit."""
        return self.done("systemctl", "show", "--property", name, "--value", unit)

    def stop(self) -> None:
        """All of its processes go with its first, and all of its mounts."""
        self._outside.kill()
        self._outside.wait()
        self._log.close()
        subprocess.run(["unshare", "--mount", "sh", "-c", DISOWN, "disown", self._cgroup], capture_output=True)
