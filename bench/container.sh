#!/usr/bin/env bash
# Builds deploy/Containerfile and runs what comes out, without a registry and without a daemon: the base image is made by
# debootstrap, buildah builds in chroots. `bash bench/container.sh [BASE [WORK]]`: BASE is a folder in which a Debian root is
# kept (made if it is not there), WORK one in which the layers are, for a second run. As root; Debian and PyPI are asked as this machine is set up to ask them. Ends what it starts.
#
# Not the same as podman run: chroots share the network and the processes of the machine, and nobody asks the health
# check by itself. So it is asked here, and --cap-drop all and the read-only root are those of setpriv and mount.
set -euo pipefail
cd "$(dirname "$0")/.."
source_folder=$PWD

for need in buildah:buildah debootstrap:debootstrap setpriv:util-linux unshare:util-linux curl:curl jq:jq; do
  command -v "${need%%:*}" >/dev/null || { echo "this bench needs a program that is not here: apt-get install ${need##*:}"; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "this bench makes Debian roots: it has to be root"; exit 2; }

work=${2:-$(mktemp -d -p "${TMPDIR:-/tmp}" masthead-container-XXXX)}
base=${1:-$work/base}
mkdir -p "$work"
export BUILDAH_ISOLATION=chroot
builder=(buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs)
running="" kept=${2:-}
leave() {
  # unshare leaves SIGTERM to its child, the first process inside.
  [ -z "$running" ] || { pkill -TERM --parent "$running" || true; wait "$running" 2>/dev/null || true; }
  "${builder[@]}" umount --all >/dev/null 2>&1 || true
  "${builder[@]}" rm --all >/dev/null 2>&1 || true
  [ "$work" = "$kept" ] || rm -rf "$work"
}
trap leave EXIT
fail() { echo "FAILED: $*"; exit 1; }

[ -e "$base/etc/debian_version" ] || debootstrap --variant=minbase bookworm "$base" >"$work/debootstrap.log" || fail debootstrap
[ -e "$work/base.tar" ] || tar -C "$base" -cf "$work/base.tar" .
printf 'FROM scratch\nADD base.tar /\n' >"$work/Base"
"${builder[@]}" bud --quiet --tag localhost/debian --file "$work/Base" "$work" >/dev/null
# pip inside believes whom pip outside believes, where that is said by PIP_CERT.
given=()
if [ -n "${PIP_CERT:-}" ]; then
  printf '[global]\ncert = /run/pip-cert.pem\n' >"$work/pip.conf"
  given=(--volume "$PIP_CERT:/run/pip-cert.pem:ro" --volume "$work/pip.conf:/etc/pip.conf:ro")
fi
"${builder[@]}" bud --format docker --build-arg BASE=localhost/debian --tag masthead --file deploy/Containerfile "${given[@]}" \
  "$source_folder" >"$work/build.log" 2>&1 || { tail -n 30 "$work/build.log"; fail "the build"; }

settings=$("${builder[@]}" inspect --type image localhost/masthead | jq .Docker.config)
said() { jq -r "$1" <<<"$settings"; }
[ "$(said .User)" = 10001:10001 ] || fail "user $(said .User)"
[ "$(said '.Volumes | keys | join(" ")')" = /var/lib/masthead ] || fail "volumes"
[ "$(said '.ExposedPorts | keys | join(" ")')" = 8000/tcp ] || fail "ports"
[ "$(said .StopSignal)" = SIGTERM ] || fail "stop signal"
[ "$(said '.Entrypoint | join(" ")')" = "/usr/bin/tini -- masthead" ] || fail "entry point"
[ "$(said '.Cmd | join(" ")')" = serve ] || fail "command"
mapfile -t health < <(said '.Healthcheck.Test[1:][]')
mapfile -t environment < <(said '.Env[]')
echo "image: user, volume, port, stop signal, entry point and health check are there"

# A container of it: its root read only but for the volume and /tmp, nobody's rights, its own network and processes.
"${builder[@]}" rm --all >/dev/null 2>&1 || true
"${builder[@]}" from --name one localhost/masthead >/dev/null
root=$("${builder[@]}" mount one)
owner=$(stat -c '%u:%g %a' "$root/var/lib/masthead")
[ "$owner" = "10001:10001 700" ] || fail "the volume is of $owner"
rm -rf "$work/volume" "$work/log"
mkdir "$work/volume"
chown 10001:10001 "$work/volume"
cat >"$work/start" <<'IN'
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
mount --bind "$2" "$1/var/lib/masthead"
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
mount -t tmpfs -o mode=755 tmpfs "$1/dev"
for name in null zero full random urandom; do : >"$1/dev/$name"; mount --bind "/dev/$name" "$1/dev/$name"; done
mkdir "$1/dev/shm"
mount -t tmpfs tmpfs "$1/dev/shm"
mount -t proc proc "$1/proc"
mount -o remount,ro,bind "$1"
ip link set lo up
exec chroot "$1" /usr/bin/env -i "${@:3}"
IN
run=(/usr/bin/setpriv --reuid 10001 --regid 10001 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs)
start() {
  unshare --mount --net --pid --fork --kill-child=SIGTERM bash "$work/start" "$root" "$work/volume" "${environment[@]}" \
    MASTHEAD_BASE_URL=https://news.example MASTHEAD_TRUSTED_PROXIES=10.88.0.0/16 "${run[@]}" /usr/bin/tini -- masthead serve \
    >>"$work/log" 2>&1 &
  running=$!
}
inside() {
  nsenter --target "$(cat "/proc/$running/task/$running/children" | tr -d ' ')" --mount --net --pid --root --wd \
    env -i "${environment[@]}" "$@"
}
ready() {
  for _ in $(seq 240); do
    kill -0 "$running" 2>/dev/null || break
    inside python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=5)" 2>/dev/null && return
    sleep 0.5
  done
  tail -n 20 "$work/log"
  fail "it did not become ready"
}

start
ready
inside python3 -c "
import urllib.request as u
page = u.urlopen(u.Request('http://127.0.0.1:8000/', headers={'Host': 'news.example'})).read()
assert b'<html' in page and b'https://news.example' in page, page[:300]" || fail "the front page"
[ "${health[0]}" = python3 ] || fail "health check ${health[*]}"
inside "${health[@]}" || fail "the health check of a running site"
for process in $(inside ps -e -o uid= 2>/dev/null || inside sh -c 'stat -c %u /proc/[0-9]*'); do
  [ "$process" = 10001 ] || [ "$process" = 0 ] || fail "a process of $process"
done
inside sh -c 'for one in /proc/[0-9]*; do grep -qs masthead $one/cmdline || continue; [ $one = /proc/$$ ] && continue
  grep -q "^CapBnd:.0000000000000000$" $one/status && grep -q "^Uid:.10001" $one/status || { cat $one/status; exit 1; }; done' ||
  fail "rights"
inside sh -c 'touch /opt/masthead/x 2>/dev/null || touch /etc/x 2>/dev/null' && fail "its root can be written"
inside python3 -c "import sqlite3, psycopg, celery; print('libraries:', sqlite3.sqlite_version, psycopg.__version__, celery.__version__)"
inside "${run[@]}" masthead user add anna --role chief --generate >/dev/null || fail "a command in it"
echo "running: the front page, the health check, nobody's rights, a root that is read only, a command in it"

main=$(inside sh -c 'for one in /proc/[0-9]*; do case "$(tr "\0" " " <$one/cmdline)" in "/usr/bin/tini "*) basename $one;; esac; done')
begin=$(date +%s)
inside sh -c "kill -TERM $main"
wait "$running" || true
running=""
took=$(($(date +%s) - begin))
[ "$took" -lt 15 ] || fail "SIGTERM took $took s"
tail -n 1 "$work/log"

# Another container on the same volume: what was in it is there.
start
ready
inside "${run[@]}" masthead user list | grep -q anna || fail "the volume forgot"
echo "stopped in $took s; a second container on the volume knows the first one's user"
