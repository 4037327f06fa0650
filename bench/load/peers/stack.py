"""MariaDB and php-fpm of one's own in a folder, and the nginx that stands before all programs of the bench.

Nothing of the system's own services is used or left: sockets, data and logs lie in the folder.
"""

from __future__ import annotations

import getpass
import grp
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from load.machine import started

POOL = """
[global]
error_log = {folder}/fpm.log
daemonize = no
[www]
user = {user}
group = {group}
listen = {folder}/php.sock
pm = static
pm.max_children = {children}
catch_workers_output = yes
php_admin_value[session.save_path] = {folder}
"""

NGINX = """
{user} worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
  access_log off; include /etc/nginx/mime.types; default_type application/octet-stream; sendfile on;
  keepalive_requests 1000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  fastcgi_cache_path {folder}/cache levels=1:2 keys_zone=pages:10m inactive=60m;
{servers}
}}
"""

PHP = """  server {{
    listen 127.0.0.1:{port}; root {root}; index index.php;
    location / {{ try_files $uri $uri/ /index.php?$args; }}
    location ~ \\.php$ {{
      include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_pass unix:{folder}/php.sock; {more}
    }}
  }}"""

CACHE = (
    "fastcgi_cache pages; fastcgi_cache_key $request_method$host$request_uri; fastcgi_cache_valid 200 60s;"
    " fastcgi_cache_use_stale updating; fastcgi_cache_background_update on;"
)

PROXY = """  upstream up{port} {{ server 127.0.0.1:{inner}; keepalive 32; keepalive_timeout 20s; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://up{port}; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Host $http_host;
    }}
  }}"""


def php_fpm() -> str | None:
    """Debian's program bears its version in its name; the newest."""
    found = [str(path) for place in ("/usr/sbin", "/usr/local/sbin") for path in Path(place).glob("php-fpm*")]
    return max(found, default=shutil.which("php-fpm"))


@contextmanager
def mariadb(folder: Path, core: int) -> Iterator[tuple[int, Path]]:
    """Its process and socket. As it comes, but for a pool that holds all of the data."""
    data, socket = folder / "mariadb", folder / "db.sock"
    user = f"--user={getpass.getuser()}"
    install = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", user, "--skip-test-db"]
    done = subprocess.run([*install, "--auth-root-authentication-method=normal"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    command = [
        "mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking", user,
        f"--pid-file={folder}/db.pid", "--innodb-buffer-pool-size=512M", "--innodb-flush-log-at-trx-commit=2",
    ]  # fmt: skip
    with started(command, core=core, log=folder / "mariadb.log") as pid:
        _until(socket.exists, folder / "mariadb.log")
        yield pid, socket


@contextmanager
def fpm(folder: Path, core: int, children: int = 4) -> Iterator[int]:
    """Four processes of PHP with Debian's php.ini, in which compiled code is kept (opcache)."""
    group = grp.getgrgid(os.getgid()).gr_name
    pool = folder / "fpm.conf"
    pool.write_text(POOL.format(folder=folder, user=getpass.getuser(), group=group, children=children))
    root = ["--allow-to-run-as-root"] if os.geteuid() == 0 else []
    with started([str(php_fpm()), "-F", *root, "-y", str(pool)], core=core, log=folder / "fpm.out") as pid:
        _until((folder / "php.sock").exists, folder / "fpm.out")
        yield pid


@contextmanager
def nginx(folder: Path, core: int, servers: list[str]) -> Iterator[int]:
    """Before all of them."""
    user = "user root;" if os.geteuid() == 0 else ""
    path = folder / "front.conf"
    path.write_text(NGINX.format(folder=folder, servers="\n".join(servers), user=user))
    with started(["nginx", "-c", str(path)], core=core, log=folder / "nginx.out") as pid:
        _until((folder / "nginx.pid").exists, folder / "nginx.out")
        yield pid


def php(*arguments: object) -> str:
    """Run a script; what it prints. Raises `SystemExit` with what it complained of."""
    done = subprocess.run(["php", "-d", "memory_limit=1G", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{arguments[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _until(there: Callable[[], bool], log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not there():
        if time.monotonic() > end:
            raise SystemExit(log.read_text())
        time.sleep(0.1)
