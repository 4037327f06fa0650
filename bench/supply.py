"""What Masthead is made of: known faults of it (`audit`), and a bill of materials (`sbom`), both of this environment.

    python bench/supply.py audit
    python bench/supply.py sbom FILE

`audit` asks the advisory service by way of pip-audit: exit status 1 where a fault is known. What could not be asked
is said in one line that begins "NOT AUDITED"; with MASTHEAD_REQUIRE_AUDIT=1 that is exit status 1 too. pip-audit itself
passes in silence then. `sbom` writes CycloneDX JSON of what Masthead needs to run, without the tools of developers.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
OURS = "masthead"


def audit() -> int:
    """Print what is known against the packages here; the exit status."""
    command = [sys.executable, "-m", "pip_audit", "--local", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _not_done("the advisory service could not be asked: " + (done.stderr.strip().splitlines() or ["?"])[-1])
    return judge([package for package in packages if package["name"] != OURS])


def judge(packages: list[dict[str, Any]]) -> int:
    """The exit status for what pip-audit found of each package."""
    faults = [(package, fault) for package in packages for fault in package.get("vulns", [])]
    for package, fault in faults:
        cure = ", ".join(fault.get("fix_versions", [])) or "no version yet"
        print(f"{package['name']} {package['version']}: {fault['id']}, mended in {cure}")
    skipped = [package for package in packages if "skip_reason" in package]
    if faults:
        return 1
    if skipped or not packages:
        names = ", ".join(package["name"] for package in skipped[:3])
        return _not_done(
            f"{len(skipped)} of {len(packages)} packages are unknown to the advisory service ({names}, ...)"
        )
    print(f"{len(packages)} packages, no known fault")
    return 0


def _not_done(why: str) -> int:
    print(f"NOT AUDITED: {why}")
    return 1 if os.environ.get("MASTHEAD_REQUIRE_AUDIT") == "1" else 0


def sbom(target: Path) -> int:
    """Write the bill of materials of what runs."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", str(ROOT / "pyproject.toml")]
    command += ["--output-reproducible", "--output-format", "JSON", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    bill = needed(json.loads(done.stdout), direct())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{target}: {len(bill['components'])} packages")
    return 0


def needed(bill: dict[str, Any], wanted: Iterable[Requirement]) -> dict[str, Any]:
    """A bill with the packages alone that these requirements bring, by what each installed package asks for itself.

    The edges of the bill do not tell: they hold what a package only asks for with extras that nobody wanted.
    """
    names, ahead = set[str](), [(one.name, one.extras) for one in wanted]
    seen = set[tuple[str, str]]()
    while ahead:
        name, extras = ahead.pop()
        for extra in ("", *extras):
            if (_plain(name), extra) in seen:
                continue
            seen.add((_plain(name), extra))
            names.add(_plain(name))
            for line in _asks(name):
                asked = Requirement(line)
                if asked.marker is None or asked.marker.evaluate({"extra": extra}):
                    ahead.append((asked.name, asked.extras))
    bill["components"] = [part for part in bill["components"] if _plain(part["name"]) in names]
    kept = {part["bom-ref"] for part in bill["components"]}
    bill["dependencies"] = [
        entry | {"dependsOn": sorted(kept & set(entry.get("dependsOn", [])))}
        for entry in bill["dependencies"]
        if entry["ref"] in kept
    ]
    return bill


def direct() -> list[Requirement]:
    """What `pyproject.toml` names for running, on one machine or on many."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["postgres"], *extras["cluster"], *extras["s3"]]
    return [Requirement(line) for line in lines]


def _asks(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: list[str]) -> int:
    if arguments == ["audit"]:
        return audit()
    if len(arguments) == 2 and arguments[0] == "sbom":
        return sbom(Path(arguments[1]))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
