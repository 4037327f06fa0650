"""The nginx configuration that is shipped, before a real site: TLS, addresses, caching, sizes, what is shut.

Changed are the ports, the names of files and the certificate; the rest is as it stands in `deploy/nginx`.
"""

from __future__ import annotations

import gzip
import http.client
import os
import re
import runpy
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
AROUND = """
{user} pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off; worker_processes 1;
events {{ worker_connections 128; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/conf.d/*.conf;
}}
"""

pytestmark = [pytest.mark.service("nginx"), pytest.mark.service("openssl"), pytest.mark.slow]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


class House:
    """A site behind nginx, both real."""

    def __init__(self, folder: Path, keep: int = 0) -> None:
        """`keep`: seconds for which nginx keeps pages itself; 0: what it needs for that is not there."""
        self.folder, self.home = folder, folder / "home"
        self.inner, self.plain, self.secure = free_port(), free_port(), free_port()
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("MASTHEAD", "DATABASE", "DJANGO"))}
        self.environment = {
            **kept,
            "MASTHEAD_HOME": str(self.home),
            "MASTHEAD_BASE_URL": "https://news.example",
            "MASTHEAD_TRUSTED_PROXIES": "127.0.0.1/32",
            "MASTHEAD_PROXY_CACHE_SECONDS": str(keep),
        }
        fill = runpy.run_path(str(ROOT / "bench" / "serving.py"), run_name="fill")["FILL"]
        filled = subprocess.run(
            [sys.executable, "-c", fill], env=self.environment, capture_output=True, text=True, timeout=120, check=True
        )
        self.article = f"/article/{filled.stdout.split()[-1]}-report-0/"
        self._certificate()
        self._configure()
        if keep:
            self._configure_cache()
        self.log = (folder / "masthead.log").open("w")
        self.site = subprocess.Popen(
            [sys.executable, "-m", "masthead", "--bind", f"127.0.0.1:{self.inner}"],
            env=self.environment, stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")], stderr=self.log)

    def _certificate(self) -> None:
        subject = ["-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example"]
        files = ["-keyout", str(self.folder / "key.pem"), "-out", str(self.folder / "chain.pem")]
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        command = ["openssl", "req", "-x509", *curve, *subject, *files]
        subprocess.run(command, check=True, capture_output=True, timeout=60)

    def _configure(self) -> None:
        text = (ROOT / "deploy" / "nginx" / "masthead.conf").read_text()
        live = "/etc/letsencrypt/live/news.example/"
        for old, new in (
            ("127.0.0.1:8000;\n    keepalive", f"127.0.0.1:{self.inner};\n    keepalive"),
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("    listen [::]:80;\n", ""),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.secure} ssl"),
            ("    listen [::]:443 ssl http2;\n", ""),
            (f"{live}fullchain.pem", f"{self.folder}/chain.pem"),
            (f"{live}privkey.pem", f"{self.folder}/key.pem"),
            ("/var/log/nginx/masthead.access.log", f"{self.folder}/access.log"),
            ("/var/log/nginx/masthead.error.log", f"{self.folder}/error.log"),
            ("/etc/nginx/masthead.d", f"{self.folder}/masthead.d"),
        ):
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (self.folder / "conf.d").mkdir()
        (self.folder / "conf.d" / "masthead.conf").write_text(text)
        (self.folder / "nginx.conf").write_text(
            AROUND.format(folder=self.folder, user="user root;" if os.geteuid() == 0 else "")
        )

    def _configure_cache(self) -> None:
        deployed = ROOT / "deploy" / "nginx"
        (self.folder / "masthead.d").mkdir()
        shutil.copy(deployed / "masthead.d" / "cache.conf", self.folder / "masthead.d")
        text = (deployed / "masthead-cache.conf").read_text()
        assert text.count(" /var/cache/nginx-masthead ") == 1
        text = text.replace(" /var/cache/nginx-masthead ", f" {self.folder}/cache ")
        (self.folder / "conf.d" / "masthead-cache.conf").write_text(text)

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", peer: str = "127.0.0.1", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """A request over TLS from `peer`, one of this machine's loopback addresses."""
        trust = ssl.create_default_context(cafile=str(self.folder / "chain.pem"))
        raw = socket.create_connection(("127.0.0.1", self.secure), timeout=30, source_address=(peer, 0))
        connection = http.client.HTTPSConnection("news.example", timeout=30)
        connection.sock = trust.wrap_socket(raw, server_hostname="news.example")
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body or None, {"User-Agent": AGENT, **given})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def directly(self, path: str, **headers: str) -> int:
        """Past nginx."""
        connection = http.client.HTTPConnection("127.0.0.1", self.inner, timeout=30)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"Host": "127.0.0.1", **given})
            return connection.getresponse().status
        finally:
            connection.close()

    def ready(self) -> bool:
        assert self.nginx.poll() is None and self.site.poll() is None, (self.folder / "masthead.log").read_text()
        try:
            return self.ask("/readyz")[0] == 200
        except OSError:
            return False

    def counted(self) -> tuple[int, dict[str, int]]:
        """Readings, and what was not counted, as written."""
        with sqlite3.connect(self.home / "masthead.sqlite3", timeout=20) as database:
            [views] = database.execute("SELECT COALESCE(SUM(views), 0) FROM audience_viewcount").fetchone()
            rows = database.execute("SELECT reason, SUM(requests) FROM audience_exclusion GROUP BY reason")
            return views, dict(rows)

    def stop(self) -> None:
        for process in (self.nginx, self.site):
            process.terminate()
            process.wait(30)
        self.log.close()


@contextmanager
def running(folder: Path, keep: int = 0) -> Iterator[House]:
    built = House(folder, keep)
    try:
        wait_for(built.ready)
        yield built
    finally:
        built.stop()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("nginx")) as built:
        yield built


def test_nginx_accepts_its_configuration(house: House) -> None:
    done = subprocess.run(["nginx", "-t", "-c", str(house.folder / "nginx.conf")], capture_output=True, text=True)
    assert done.returncode == 0 and "[warn]" not in done.stderr, done.stderr


def test_plain_http_leads_to_tls(house: House) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", house.plain, timeout=30)
    connection.request("GET", "/latest/?page=2", headers={"Host": "elsewhere.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://news.example/latest/?page=2")


def test_pages_come_through_with_their_validators_and_packed(house: House) -> None:
    status, headers, body = house.ask("/", Accept_Encoding="gzip")
    assert status == 200 and headers["content-encoding"] == "gzip" and b"<html" in gzip.decompress(body)
    assert headers["strict-transport-security"].startswith("max-age=")
    assert headers["cache-control"] == "no-cache" and headers["vary"] == "Accept-Encoding"
    status, again, body = house.ask("/", Accept_Encoding="gzip", If_None_Match=headers["etag"])
    assert (status, body, again["etag"]) == (304, b"", headers["etag"])


def test_pictures_come_through_for_ever_and_shut_in(house: House) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"x" * 100_000
    place = house.home / "media" / "ab" / "0123456789abcdef.png"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(picture)
    status, headers, body = house.ask("/media/ab/0123456789abcdef.png")
    assert (status, body) == (200, picture) and headers["content-type"] == "image/png"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "sandbox" in headers["content-security-policy"] and headers["x-content-type-options"] == "nosniff"
    assert house.ask("/media/../masthead.toml")[0] in (400, 404)
    assert house.ask("/media/ab/..%2f..%2fsecret_key")[0] in (400, 404)


def test_readers_keep_their_addresses_and_what_they_claim_is_forgotten(house: House) -> None:
    """Two readers with one browser are two readings; one that claims to be ever another is one, and repeats."""
    before, _ = house.counted()
    for peer in ("127.0.0.21", "127.0.0.22"):
        assert house.ask(house.article, peer=peer)[0] == 200
    for number in range(3):
        claim = f"192.0.2.{number}"
        assert house.ask(house.article, peer="127.0.0.21", X_Forwarded_For=claim, X_Real_IP=claim)[0] == 200
    wait_for(lambda: house.counted()[0] + sum(house.counted()[1].values()) >= before + 5, 40)
    views, excluded = house.counted()
    assert (views - before, excluded) == (2, {"repeat": 3})


def test_the_numbers_are_not_for_the_world(house: House) -> None:
    for headers in ({}, {"X_Forwarded_For": "127.0.0.1"}, {"X_Real_IP": "127.0.0.1"}):
        assert house.ask("/metrics", **headers)[0] == 404
    assert house.directly("/metrics") == 200
    assert house.directly("/metrics", X_Forwarded_For="8.8.8.8") == 403


def test_the_scheme_is_told_so_that_editors_can_log_in(house: House) -> None:
    status, headers, body = house.ask("/desk/login/")
    assert status == 200 and "__Host-masthead-csrf" in headers["set-cookie"] and "Secure" in headers["set-cookie"]
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', body)
    assert token is not None
    cookie = headers["set-cookie"].split(";")[0]
    form = b"username=nobody&password=wrong&csrfmiddlewaretoken=" + token[1]
    given = {"Cookie": cookie, "Content_Type": "application/x-www-form-urlencoded"}
    own = house.ask("/desk/login/", "POST", form, Origin="https://news.example", **given)[0]
    assert own == 200, "a wrong password is told on the form: the origin was believed"
    assert house.ask("/desk/login/", "POST", form, Origin="http://news.example", **given)[0] == 403


def test_bodies_have_their_limits(house: House) -> None:
    assert house.ask("/desk/login/", "POST", b"x" * 5_300_000)[0] == 413
    # A hub may send as much; Masthead knows no such subscription, and says so itself.
    status, headers, _ = house.ask("/websub/nobody-knows-this/", "POST", b"x" * 6_000_000)
    assert status in (404, 410) and "content-security-policy" in headers


def test_the_log_keeps_no_addresses_and_no_parameters(house: House) -> None:
    house.ask("/search/?q=secret-words", peer="127.0.0.23")
    wait_for(lambda: "/search/" in (house.folder / "access.log").read_text(), 10)
    logged = (house.folder / "access.log").read_text()
    assert "127.0.0." not in logged and "secret-words" not in logged and "Mozilla" not in logged


def test_nginx_keeps_pages_but_for_those_whose_readers_are_counted(tmp_path: Path) -> None:
    """What it has, it sends also when Masthead is gone, which proves that it did not ask."""
    with running(tmp_path, keep=60) as house:
        accepted = {"plain": "", "gzip": "gzip, deflate", "br": "gzip, deflate, br, zstd", "none": "gzip;q=0, br;q=0"}
        before = {name: house.ask("/", Accept_Encoding=value) for name, value in accepted.items()}
        assert {name: answer[1].get("content-encoding") for name, answer in before.items()} == {
            "plain": None, "gzip": "gzip", "br": "br", "none": None,
        }  # fmt: skip
        assert gzip.decompress(before["gzip"][2]) == before["plain"][2]
        assert not any("x-accel-expires" in answer[1] for answer in before.values())
        assert house.ask(house.article, "HEAD")[0] == 200
        _, headers, _ = house.ask(house.article, peer="127.0.0.31")
        assert house.ask(house.article, peer="127.0.0.32", If_None_Match=headers["etag"])[0] == 304
        assert house.ask(house.article, peer="127.0.0.33")[0] == 200
        assert house.ask("/nothing-here/")[0] == 404
        login = house.ask("/desk/login/")[1]
        assert "__Host-masthead-csrf" in login["set-cookie"]
        wait_for(lambda: house.counted()[0] == 3, 40)
        assert house.counted() == (3, {"head": 1}), "each is counted as it was asked"
        house.site.terminate()
        house.site.wait(30)
        for name, value in accepted.items():
            assert house.ask("/", Accept_Encoding=value)[::2] == before[name][::2]
        status, again, body = house.ask("/", Accept_Encoding="br", If_None_Match=before["br"][1]["etag"])
        assert (status, body, again["etag"]) == (304, b"", before["br"][1]["etag"])
        assert again["content-security-policy"] == before["br"][1]["content-security-policy"]
        for path in (house.article, "/desk/login/", "/nothing-here/", "/latest/"):
            assert house.ask(path)[0] == 502, path


def test_what_is_taken_down_is_gone_from_nginx_when_its_time_is_over(tmp_path: Path) -> None:
    with running(tmp_path, keep=1) as house:
        path = house.article.encode()
        number = house.article.split("/")[2].split("-")[0]
        code = f"""
from masthead.cli import ready
ready()
from masthead.articles.models import Article
from masthead.store import generation
Article.objects.filter(pk={number}).update(state="withdrawn")
generation.bump(hard=True)
"""
        assert path in house.ask("/latest/")[2]
        subprocess.run([sys.executable, "-c", code], env=house.environment, check=True, timeout=60)
        time.sleep(2.1)  # nginx counts whole seconds: a page of 1 is over when the next but one begins
        assert path not in house.ask("/latest/")[2]
        assert house.ask(house.article)[0] == 410
