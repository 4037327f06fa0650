"""Which addresses may be connected to, and in which spellings they may be written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core.fetch.guard import AddressRefused, check, parse_networks, refusal
from masthead.core.fetch.target import TargetRefused, parse_target

REFUSED = """
0.0.0.0 0.1.1.1 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.170 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.175.48.1 198.18.0.1 198.19.255.255
198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::a9fe:a9fe ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1
64:ff9b::a9fe:a9fe 64:ff9b::7f00:1 64:ff9b::192.168.2.1 64:ff9b:1::1 64:ff9b:1:ffff::a9fe:a9fe 100::1 100:0:0:1::5
2001::1 2001:0:4136:e378:8000:63bf:3f57:fdf2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:c0a8:ffff::
2002:808:808:: 2620:4f:8000::1 3ffe::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1
4000::1 2a00:1450::5efe:7f00:1 2a00:1450::200:5efe:a9fe:a9fe
""".split()  # noqa: SIM905

REACHED = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255
169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2606:4700:4700::1111 2a00:1450:4001:82b::200e 2001:4860:4860::8888 64:ff9b::808:808 ::ffff:8.8.8.8 2003::1
""".split()  # noqa: SIM905


@pytest.mark.parametrize("address", REFUSED)
def test_special_purpose_addresses_are_refused(address: str) -> None:
    reason = refusal(ip_address(address))
    assert reason is not None
    with pytest.raises(AddressRefused, match="only public addresses are fetched"):
        check(address)


@pytest.mark.parametrize("address", REACHED)
def test_public_addresses_are_reached(address: str) -> None:
    assert refusal(ip_address(address)) is None
    check(address)


def test_allowed_networks_open_what_they_name_and_nothing_else() -> None:
    allowed = parse_networks(["127.0.0.0/8", "fd12::/16"])
    for address in ("127.0.0.1", "127.9.9.9", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fd12::5"):
        assert refusal(ip_address(address), allowed) is None
    for address in ("10.0.0.1", "::1", "fd13::5", "::ffff:10.0.0.1", "169.254.169.254"):
        assert refusal(ip_address(address), allowed) is not None


def test_a_wrong_network_is_named() -> None:
    with pytest.raises(ValueError, match=r"'10\.0\.0\.0/99' is not a network"):
        parse_networks(["10.0.0.0/99"])


@pytest.mark.parametrize(
    "url",
    """http://2130706433/ http://0x7f.1/ http://0x7f000001/ http://0177.0.0.1/ http://127.1/ http://127.0.1/
    http://①②⑦.0.0.1/ http://127。0。0。1/ http://１２７.0.0.1/ http://127.0.0.1./ http://127.0.0.01/ http://0/
    http://%31%32%37.0.0.1/ http://1.2.3.4.5/ http://256.1.1.1/ http://0x/ http://a.0x7f/ http://192.0x00A80001/
    http://[::1%25eth0]/ http://[::1 http://[127.0.0.1]/ http://example.com\\@127.0.0.1/ http://exa%00mple.com/
    http:///x http:// http://.example.com/ http://a..example.com/ http://-.example..com http://example.com:99999/
    http://example.com:22/ http://example.com:25/ http://example.com:6379/""".split(),  # noqa: SIM905
)
def test_odd_spellings_are_refused_never_interpreted(url: str) -> None:
    with pytest.raises(TargetRefused) as caught:
        parse_target(url)
    assert caught.value.code == "address"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "gopher://a.example", "javascript:1", "/x", ""]
)
def test_only_http_and_https(url: str) -> None:
    with pytest.raises(TargetRefused) as caught:
        parse_target(url)
    assert caught.value.code == "scheme"


@pytest.mark.parametrize(
    ("url", "asked", "host", "port"),
    [
        ("HTTP://Example.COM", "http://example.com/", "example.com", 80),
        ("https://example.com:443/a?b#c", "https://example.com/a?b", "example.com", 443),
        ("http://example.com./x", "http://example.com/x", "example.com", 80),
        (
            "http://bücher.example/ü?q=ä b",
            "http://xn--bcher-kva.example/%C3%BC?q=%C3%A4%20b",
            "xn--bcher-kva.example",
            80,
        ),
        ("http://example.com/a%2Fb%zz", "http://example.com/a%2Fb%zz", "example.com", 80),
        ("http://[2606:4700::1]:8080/x", "http://[2606:4700::1]:8080/x", "2606:4700::1", 8080),
        ("http://8.8.8.8/x", "http://8.8.8.8/x", "8.8.8.8", 80),
        (" http://my_feed.example.com/x ", "http://my_feed.example.com/x", "my_feed.example.com", 80),
    ],
)
def test_addresses_are_asked_for_in_one_plain_spelling(url: str, asked: str, host: str, port: int) -> None:
    target = parse_target(url)
    assert (target.url, target.host, target.port) == (asked, host, port)


def test_credentials_leave_the_address_and_become_a_header() -> None:
    target = parse_target("https://user:p%40ss@example.com/feed")
    assert target.url == "https://example.com/feed"
    assert target.authorization == "Basic dXNlcjpwQHNz"


def _corpus(name: str) -> object:
    return json.loads((Path(os.environ["MASTHEAD_CORPORA"]) / "ssrf" / name).read_text())


@pytest.mark.corpora
def test_every_blocked_address_of_the_corpus_is_refused() -> None:
    data = _corpus("advocate.json")
    assert isinstance(data, dict)
    open_by_mistake = [a for a in data["kind_blocked"] if refusal(ip_address(a)) is None]
    assert len(data["kind_blocked"]) > 10
    assert open_by_mistake == []


@pytest.mark.corpora
def test_every_host_of_the_corpus_is_refused_or_leads_to_no_private_address() -> None:
    data = _corpus("wpt-ip-hosts.json")
    assert isinstance(data, list)
    reached: list[str] = []
    for case in data:
        try:
            target = parse_target(case["input"])
        except TargetRefused:
            continue
        try:
            address = ip_address(target.host)
        except ValueError:
            # A name: it is looked up, and what is found is checked.
            continue
        if case["failure"] or refusal(address) is None:
            assert not case["failure"], case
            reached.append(target.host)
    assert all(refusal(ip_address(host)) is None for host in reached)


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u2060", "\ufeff"])
@pytest.mark.parametrize("number", ["2130706433{}", "2130{}706433", "127.0.0.1{}", "0x7f{}.1", "127.0.0.0{}1"])
def test_a_number_with_an_unseen_letter_in_it_is_no_name(number: str, unseen: str) -> None:
    with pytest.raises(TargetRefused) as caught:
        parse_target(f"http://{number.format(unseen)}/")
    assert caught.value.code == "address"


def test_an_unseen_letter_makes_no_second_spelling_of_a_host() -> None:
    hosts = ("paper.example", "paper.example.", "pa\u00adper.example", "paper.example\u200b.", "paper.example.\ufeff")
    assert {parse_target(f"http://{host}/").url for host in hosts} == {"http://paper.example/"}


@pytest.mark.parametrize("url", ["http://a.example/\udc85", "http://a.example/" + "é" * 2000, "http://\ud800.example/"])
def test_what_cannot_be_sent_is_refused(url: str) -> None:
    with pytest.raises(TargetRefused) as caught:
        parse_target(url)
    assert caught.value.code == "address"


WATCHED = Path(__file__).parents[1] / "hooks" / "watched.py"
PRIVATE = [f"http://{f'[{a}]' if ':' in a else a}/" for a in REFUSED if "%" not in a]
SPELLED = """http://2130706433/ http://0x7f.1/ http://0177.0.0.1/ http://127.1/ http://①②⑦.0.0.1/ http://127。0。0。1/
http://%31%32%37.0.0.1/ http://localhost/ http://LOCALHOST./ http://a.localhost:8080/ http://user@127.0.0.1/
http://127.0.0.1:6379/ http://[::ffff:7f00:1]/ http://[0:0:0:0:0:0:0:1]/ http://example.com\\@127.0.0.1/ http://0/
""".split()  # noqa: SIM905


def asked(urls: list[str]) -> list[dict[str, Any]]:
    """What became of each address, and every connection that was tried, as Python's audit hooks saw it."""
    done = subprocess.run(
        [sys.executable, str(WATCHED), "fetch"], input=json.dumps(urls), capture_output=True, text=True, timeout=300,
        check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_what_is_refused_is_refused_before_anything_is_connected() -> None:
    for record in asked(PRIVATE + SPELLED):
        assert record["error"] == "address", record
        assert record["connects"] == [], record


@pytest.mark.corpora
def test_no_address_of_the_corpus_is_connected_to() -> None:
    advocate, hosts = _corpus("advocate.json"), _corpus("wpt-ip-hosts.json")
    assert isinstance(advocate, dict) and isinstance(hosts, list)
    urls = [f"http://{f'[{a}]' if ':' in a else a}/" for a in advocate["kind_blocked"]]
    urls += [f"http://{ip_network(block)[1]}/" for block in advocate["bad_netblocks"] if ":" not in block]
    urls += [case["input"] for case in hosts]
    public = {case["input"] for case in hosts if _is_public(case["input"])}
    records = asked([url for url in urls if url not in public])
    assert len(records) > 50
    for record in records:
        assert record["error"] in ("address", "scheme", "dns"), record
        assert record["connects"] == [], record


def _is_public(url: str) -> bool:
    """Whether an address names a public number, which may be connected to."""
    try:
        return refusal(ip_address(parse_target(url).host)) is None
    except ValueError:
        return False


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_whatever_the_standard_library_knows_to_be_special_is_refused(data: st.DataObject) -> None:
    """A second table, kept by others: ours lets nothing through that theirs does not. Edges of ranges come first."""
    edge = data.draw(st.sampled_from([int(ip_address(a.partition("%")[0])) for a in REFUSED + REACHED]))
    bits = data.draw(st.sampled_from((32, 128)))
    near = edge + data.draw(st.integers(-3, 3))
    value = data.draw(st.one_of(st.just(near), st.integers(0, 2**bits - 1))) % 2**bits
    address = (IPv4Address if bits == 32 else IPv6Address)(value)
    if refusal(address) is None:
        inner = _inner(address) if isinstance(address, IPv6Address) else None
        assert (inner or address).is_global and not (inner or address).is_multicast


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address in ip_network("64:ff9b::/96"):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


@pytest.mark.parametrize(
    "inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "172.16.9.9", "100.64.0.1"]
)
def test_an_inner_address_in_any_clothes_is_refused(inner: str) -> None:
    value = int(IPv4Address(inner))
    clothes = {
        "compatible": value,
        "mapped": 0xFFFF << 32 | value,
        "translated": 0xFFFF << 48 | value,
        "NAT64": 0x64FF9B << 96 | value,
        "local NAT64": 0x64FF9B0001 << 80 | value,
        "local NAT64, /48": 0x64FF9B0001 << 80 | (value >> 16) << 64 | (value & 0xFFFF) << 40,
        "6to4": 0x2002 << 112 | value << 80,
        "Teredo": 0x20010000 << 96 | (value ^ 0xFFFFFFFF),
        "ISATAP": 0x2A001450 << 96 | 0x5EFE << 32 | value,
        "ISATAP, global": 0x2A001450 << 96 | 0x02005EFE << 32 | value,
    }
    open_by_mistake = {name for name, number in clothes.items() if refusal(IPv6Address(number)) is None}
    assert open_by_mistake == set()
