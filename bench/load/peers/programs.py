"""Each program with the same reports in it, started on the server's core; what is asked of it for each page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_plus

from load.client import AGENT
from load.machine import free_port, part_of, started, wait_for
from load.peers import stack
from load.peers.articles import Report
from size.words import MEDIUM

PHP = Path(__file__).parent
BENCH = Path(__file__).parents[2]
SHARE = Path("/usr/share")
GRANIAN = ("--interface", "wsgi", "--host", "127.0.0.1", "--no-ws", "--workers", "1", "--blocking-threads", "4")
WP_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:%s'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', 'http://' . $_SERVER['HTTP_HOST']); define('WP_SITEURL', WP_HOME);
define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true);
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define($name . '_KEY', hash('sha256', $name . '_KEY')); define($name . '_SALT', hash('sha256', $name . '_SALT'));
}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
"""
TTRSS_DATABASE = (
    "$dbtype = 'mysql'; $dbserver = 'localhost;unix_socket=%s'; $dbport = ''; $dbuser = 'root'; $dbname = 'ttrss';"
    " $dbpass = '';"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """An address, and what is posted to it, if anything is."""

    url: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """`pids`: the processes that answer, nginx's besides; their processor time is what counts."""

    name: str
    pids: tuple[int, ...]
    pages: dict[str, Ask] = field(default_factory=dict)


class House:
    """What all programs share: the folder, the core, the reports, and nginx's part for each."""

    def __init__(self, folder: Path, core: int, reports: Path, wanted: Report, running: ExitStack) -> None:
        self.folder, self.core, self.reports, self.wanted, self.running = folder, core, reports, wanted, running
        self.servers: list[str] = []

    def behind(self, inner: int) -> str:
        """The address at which nginx answers for a program."""
        self.servers.append(stack.PROXY.format(port=(port := free_port()), inner=inner))
        return f"http://127.0.0.1:{port}"

    def php(self, root: Path, more: str = "") -> str:
        """The address at which nginx asks php-fpm."""
        self.servers.append(stack.PHP.format(port=(port := free_port()), root=root, folder=self.folder, more=more))
        return f"http://127.0.0.1:{port}"


def masthead(house: House, home: Path, name: str, **more: str) -> Program:
    """Ours. The pipeline has nothing to do and does not count."""
    command = [sys.executable, "-m", "masthead", "--bind", f"127.0.0.1:{(inner := free_port())}"]
    known = {"MASTHEAD_HOME": str(home), **more}
    log = house.folder / f"masthead{inner}.log"
    pid = house.running.enter_context(started(command, core=house.core, log=log, **known))
    wait_for(f"http://127.0.0.1:{inner}/readyz")
    base, report = house.behind(inner), house.wanted
    return Program(name, (part_of(pid, "web"),), {
        "list": Ask(f"{base}/"), "article": Ask(f"{base}/article/{report.pk}-{report.slug}/"),
        "search": Ask(f"{base}/search/?q={MEDIUM}"),
    })  # fmt: skip


def wordpress(house: House, pids: tuple[int, ...], socket: Path) -> list[Program]:
    """Debian's, with its classic theme Twenty Twenty-One; without and with nginx keeping its pages for a minute."""
    root = house.folder / "wordpress"
    # Debian's folder is full of links, and its configuration is that of the whole machine.
    shutil.copytree(SHARE / "wordpress", root)
    (root / "wp-config.php").write_text(WP_CONFIG % socket)
    _database(socket, "wordpress")
    said = stack.php(PHP / "wordpress.php", root, house.reports).split()
    found = []
    for name, more in ((f"WordPress {said[-2]}", ""), (f"WordPress {said[-2]}, nginx's page cache", stack.CACHE)):
        base = house.php(root, more)
        paths = {"list": "/", "article": f"/{house.wanted.slug}/", "search": f"/?s={MEDIUM}"}
        found.append(Program(name, pids, {page: Ask(base + path) for page, path in paths.items()}))
    return found


def ttrss(house: House, pids: tuple[int, ...], socket: Path) -> Program:
    """Debian's Tiny Tiny RSS. Asked is its API, of which apps make pages: no layout is made for it."""
    root = house.folder / "ttrss"
    shutil.copytree(SHARE / "tt-rss" / "www", root)
    config = Path("/etc/tt-rss/config.php").read_text()
    base = house.php(root)
    for old, new in (
        ("include_once('/etc/tt-rss/database.php');", TTRSS_DATABASE % socket),
        ("%SELF_URL_PATH", f"{base}/"), ("/var/lib/tt-rss", str(house.folder)),
        ("/var/cache/tt-rss", str(house.folder)), ("'syslog'", "''"),
    ):  # fmt: skip
        config = config.replace(old, new)
    (root / "config.php").unlink(missing_ok=True)
    (root / "config.php").write_text(config)
    _database(socket, "ttrss")
    stack.php(PHP / "ttrss.php", socket, SHARE / "tt-rss" / "schema" / "ttrss_schema_mysql.sql", house.reports)
    return Program("Tiny Tiny RSS, its API", pids, {"": Ask(f"{base}/api/")})


def logged_in(program: Program, wanted: Report) -> Program:
    """Tiny Tiny RSS with what is posted for each page, by the user that its tables come with."""
    url = program.pages[""].url
    told = json.loads(post(url, json.dumps({"op": "login", "user": "admin", "password": "password"})))
    many = {
        "sid": told["content"]["session_id"],
        "op": "getHeadlines",
        "feed_id": -4,
        "limit": 60,
        "show_excerpt": True,
    }
    asked = {
        "list": many,
        "article": {"sid": many["sid"], "op": "getArticle", "article_id": wanted.pk},
        "search": {**many, "search": MEDIUM},
    }
    return Program(program.name, program.pids, {page: Ask(url, json.dumps(what)) for page, what in asked.items()})


def reader(house: House) -> Program:
    """lemon24/reader's web application under the server that ours has. Only its older pages have a search."""
    database = house.folder / "reader.sqlite"
    fill = [sys.executable, "-m", "load.peers.fill_reader", str(database), str(house.reports)]
    names = os.pathsep.join([str(BENCH), os.environ.get("PYTHONPATH", "")])
    subprocess.run(fill, check=True, env={**os.environ, "PYTHONPATH": names})
    pids, bases = [], []
    for module in ("reader._app.wsgi:app", "reader._app.legacy.wsgi:app"):
        granian = [
            str(Path(sys.executable).with_name("granian")),
            *GRANIAN,
            "--port",
            str(inner := free_port()),
            module,
        ]
        log = house.folder / f"reader{inner}.log"
        pids.append(house.running.enter_context(started(granian, core=house.core, log=log, READER_URL=str(database))))
        wait_for(f"http://127.0.0.1:{inner}/")
        bases.append(house.behind(inner))
    feed = f"https://news.example/{house.wanted.source.replace(' ', '-')}"
    entry = f"/entry?feed={quote_plus(feed)}&entry={quote_plus(house.wanted.slug)}"
    return Program("lemon24/reader", tuple(pids), {
        "list": Ask(f"{bases[0]}/"), "article": Ask(bases[0] + entry), "search": Ask(f"{bases[1]}/?q={MEDIUM}"),
    })  # fmt: skip


def post(url: str, body: str = "") -> str:
    """The page: a GET, if there is nothing to post. Raises `OSError` for anything but 2xx."""
    asked = urllib.request.Request(url, data=body.encode() or None, headers={"User-Agent": AGENT})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return bytes(answer.read()).decode()


def _database(socket: Path, name: str) -> None:
    code = f"(new PDO('mysql:unix_socket={socket}', 'root', ''))->exec('CREATE DATABASE {name}');"
    subprocess.run(["php", "-r", code], check=True)
