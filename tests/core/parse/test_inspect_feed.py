"""`masthead inspect feed`: one object a line, refusals named, exit status, no site needed."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from masthead.cli.inspect_feed import command

FIXTURES = Path(__file__).parents[2] / "fixtures" / "feeds"
KEYS = (
    "schema file format title link description language updated license image hints hubs self next archives entries"
    " warnings"
)


def test_a_line_for_each_file_and_status_1_when_one_is_refused(tmp_path: Path) -> None:
    good, bad = FIXTURES / "courier-rss2.xml", tmp_path / "page.html"
    bad.write_text("<html><link rel=alternate type=application/atom+xml href=/a.xml></html>")
    result = CliRunner().invoke(command, ["--url", "https://paper.example/x", str(good), str(bad), "/nowhere"])
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert list(lines[0]) == KEYS.split()
    assert lines[0]["schema"] == "masthead.feed/1"
    assert set(lines[1]) == set(lines[2]) == {"file", "error"}
    assert "https://paper.example/a.xml" in lines[1]["error"]
    assert "/nowhere: cannot be read" in result.stderr


def test_all_read_is_status_0_and_nothing_on_stderr() -> None:
    result = CliRunner().invoke(command, [str(FIXTURES / "mill-rdf.xml")])
    assert (result.exit_code, result.stderr) == (0, "")


def test_standard_input() -> None:
    result = CliRunner().invoke(command, ["-"], input=(FIXTURES / "tide-atom.xml").read_bytes())
    assert json.loads(result.stdout)["title"] == "Ebbe und Flut"


def test_nothing_active_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "evil.xml"
    file.write_text(
        "<rss><channel><item>"
        "<description>&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;x&lt;/script&gt;</description>"
        "<link>javascript:alert(1)</link></item></channel></rss>"
    )
    entry = json.loads(CliRunner().invoke(command, [str(file)]).stdout)["entries"][0]
    assert entry["link"] == ""
    assert "onerror" not in entry["summary_html"]
    assert "script" not in entry["summary_html"]
