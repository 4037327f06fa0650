"""Bodies of requests that never end, sent to the real server over real sockets: they are cut off, nothing else is."""

from __future__ import annotations

import http.client
import io
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from masthead.store import bodies

pytestmark = pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="the kernel does not tell of connections")

HOST, PATIENCE = "127.0.0.1", 1.5
APP = f"""
import sys, time
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from masthead.store import bodies

bodies.PATIENCE = {PATIENCE}

def application(environ, start_response):
    bodies.watched(environ)
    if environ["PATH_INFO"] == "/sleep":
        time.sleep({PATIENCE} * 2)
    length, status = 0, "200 OK"
    try:
        while piece := environ["wsgi.input"].read(20_000):
            length += len(piece)
    except OSError:
        status = "408 Request Timeout"
    start_response(status, [("Content-Type", "text/plain")])
    return [str(length).encode()]

if __name__ == "__main__":
    Granian("app:application", address=sys.argv[1], port=int(sys.argv[2]), interface=Interfaces.WSGI,
            http=HTTPModes.auto, websockets=False, workers=1, blocking_threads=2).serve()
"""
Server = tuple[str, int]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server, with two threads for requests."""
    folder: Path = tmp_path_factory.mktemp("server")
    (folder / "app.py").write_text(APP)
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    path = os.pathsep.join([str(folder), str(Path(bodies.__file__).parents[2])])
    command = [sys.executable, str(folder / "app.py"), HOST, str(port)]
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}, cwd=folder)
    try:
        for _ in range(100):
            try:
                socket.create_connection((HOST, port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield HOST, port
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def begin(server: Server, *headers: str, body: bytes = b"", path: str = "/") -> socket.socket:
    """Begin a POST; what follows is the caller's."""
    link = socket.create_connection(server, 20)
    link.sendall("\r\n".join([f"POST {path} HTTP/1.1", "Host: a", *headers, "", ""]).encode() + body)
    return link


def status(link: socket.socket) -> int:
    """The status of the answer."""
    received = b""
    while not received.count(b"\r\n\r\n"):
        piece = link.recv(1000)
        assert piece, received
        received = (received + piece).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    return int(received.split()[1])


def get(server: Server, path: str = "/") -> int:
    link = http.client.HTTPConnection(server[0], server[1], timeout=20)
    link.request("GET", path)
    return link.getresponse().status


def test_threads_held_by_bodies_that_stop_come_free(server: Server) -> None:
    start = time.monotonic()
    stalled = [
        begin(server, "Content-Length: 100", body=b"abc"),
        begin(server, "Content-Length: 100"),
        begin(server, "Content-Length: 100", body=b"x" * 99),
        begin(server, "Content-Length: 100", "Expect: 100-continue"),
    ]
    time.sleep(0.6)
    assert get(server) == 200, "both threads were held, twice"
    assert PATIENCE <= time.monotonic() - start < PATIENCE * 4
    assert [status(link) for link in stalled] == [408] * 4
    for link in stalled:
        link.close()


def test_a_chunked_body_that_stops_is_cut_off_too(server: Server) -> None:
    with begin(server, "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n") as link:
        assert status(link) == 408


def test_a_client_that_goes_away_leaves_no_half_body() -> None:
    def stream(*pieces: bytes) -> bodies.Body:
        environ = {"CONTENT_LENGTH": "6", "wsgi.input": io.BytesIO(b"".join(pieces)), "SERVER_PORT": "80"}
        bodies.watched(environ)
        body = environ["wsgi.input"]
        assert isinstance(body, bodies.Body)
        return body

    for read in (bodies.Body.read, lambda body: body.read(6) + body.read(6), lambda body: b"".join(body)):
        assert read(stream(b"abc\n", b"ef")) == b"abc\nef"
        with pytest.raises(ConnectionResetError):
            read(stream(b"abc\n"))


def test_addresses_are_compared_in_one_form() -> None:
    assert bodies._plain("::ffff:192.0.2.1") == bodies._plain("192.0.2.1")
    assert bodies._plain("fe80::1%eth0") == bodies._plain("FE80:0::1")


def test_a_body_that_drips_is_one_that_stops(server: Server) -> None:
    link = begin(server, "Content-Length: 100000")
    start = time.monotonic()
    while not select.select([link], [], [], 0.05)[0] and time.monotonic() - start < PATIENCE * 5:
        link.sendall(b"x")
    assert status(link) == 408
    link.close()
    assert PATIENCE <= time.monotonic() - start < PATIENCE * 3


def test_a_slow_line_that_goes_on_is_waited_for(server: Server) -> None:
    pieces = 16
    link = begin(server, f"Content-Length: {pieces * 10_000}")
    start = time.monotonic()
    for _ in range(pieces):
        time.sleep(0.25)
        link.sendall(b"x" * 10_000)
    assert time.monotonic() - start > PATIENCE * 2 and status(link) == 200
    link.close()


def test_nothing_else_of_the_same_client_is_shut(server: Server) -> None:
    idle = http.client.HTTPConnection(server[0], server[1], timeout=20)
    idle.request("GET", "/")
    assert idle.getresponse().read() == b"0"
    kept = idle.sock
    stalled = begin(server, "Content-Length: 100", body=b"abc")
    time.sleep(0.6)
    # Its answer takes longer than a body may.
    assert get(server, "/sleep") == 200
    whole = begin(server, "Content-Length: 3", body=b"abc", path="/sleep")
    assert status(whole) == 200, "a body that is there is not held against a slow answer"
    assert status(stalled) == 408
    idle.request("GET", "/")
    assert idle.getresponse().read() == b"0" and idle.sock is kept, "a connection that rests stays"
    for link in (stalled, whole, kept):
        link.close()
