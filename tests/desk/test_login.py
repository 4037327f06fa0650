"""The door of the desk: passwords, codes, limits, and logins that end when they should."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pyotp
import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.test import Client
from django.urls import reverse

from masthead.accounts import factor, throttle
from masthead.accounts.models import ApiToken, Login, RecoveryCode, Role, SecondFactor, Strike, User

PASSWORD = "seven grey herons wading"
START = "2026-11-20 12:00:00+00:00"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(START, tick=False)
    return time_machine


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user(username="ada", password=PASSWORD, role=Role.CHIEF)


def enter(client: Client, password: str = PASSWORD, name: str = "ada", address: str = "192.0.2.1", **more: str):
    return client.post(
        "/desk/login/", {"username": name, "password": password, **more}, headers={}, REMOTE_ADDR=address
    )


def inside(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def with_factor(user: User) -> tuple[pyotp.TOTP, list[str]]:
    made = factor.prepare(user)
    totp = pyotp.TOTP(made.secret)
    codes = factor.confirm(user, code_now(totp))
    assert len(codes) == 10
    return totp, codes


def code_now(totp: pyotp.TOTP, steps: int = 0) -> str:
    from django.utils import timezone

    return totp.generate_otp(int(timezone.now().timestamp()) // 30 + steps)


# Sessions


def test_a_login_has_a_new_session_and_the_old_one_is_dead(client, ada):
    client.get("/desk/login/")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    enter(client)
    first = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert inside(client) and first != planted and len(first) >= 26
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert not inside(stranger)
    enter(client)
    second = client.cookies[settings.SESSION_COOKIE_NAME].value
    stranger.cookies[settings.SESSION_COOKIE_NAME] = first
    assert second != first and inside(client) and not inside(stranger)
    assert Login.objects.filter(user=ada, ended_at=None).count() == 1


def test_logging_out_kills_a_copy_of_the_cookie(client, ada):
    enter(client)
    copy = Client()
    copy.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert inside(copy)
    assert client.get("/desk/logout/").status_code == 405 and inside(client)
    client.post("/desk/logout/")
    assert not inside(client) and not inside(copy)


def test_a_login_ends_when_idle_and_when_old(client, ada, clock):
    enter(client)
    clock.shift(timedelta(minutes=119))
    assert inside(client)
    clock.shift(timedelta(minutes=119))
    assert inside(client), "use keeps it alive"
    clock.shift(timedelta(minutes=121))
    assert not inside(client)
    enter(client)
    for _ in range(12):
        clock.shift(timedelta(minutes=59))
        assert inside(client)
    clock.shift(timedelta(minutes=59))
    assert not inside(client), "twelve hours are the most"


def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(client, ada, clock):
    enter(client)
    assert 'hx-headers=\'{"X-Masthead-Poll": "1"}\'' in client.get("/desk/").content.decode()
    for _ in range(4):
        clock.shift(timedelta(minutes=40))
        last = client.get("/desk/", headers={"HX-Request": "true", "X-Masthead-Poll": "1"}).status_code
    assert last == 302


def test_logins_are_listed_and_can_be_ended(client, ada):
    other, third, stranger = Client(), Client(), Client()
    for browser in (client, other, third):
        enter(browser)
    User.objects.create_user(username="bob", password=PASSWORD, role=Role.CHIEF)
    enter(stranger, name="bob")
    page = client.get("/desk/account/").content.decode()
    assert page.count("This browser") == 1 and page.count(">End</button>") == 2
    bobs = Login.objects.get(user__username="bob")
    client.post(reverse("desk:end-login", args=[bobs.pk]))
    assert inside(stranger), "another's login is none of ours"
    client.post(reverse("desk:end-login", args=[other.session["masthead.login"]]))
    assert not inside(other) and inside(third) and inside(client)
    client.post("/desk/account/logins/end/")
    assert not inside(third) and inside(client) and inside(stranger)


def test_a_new_password_ends_the_other_logins(client, ada):
    other = Client()
    enter(client)
    enter(other)
    new = "nine brown otters asleep"
    answer = client.post("/desk/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.status_code == 302 and inside(client) and not inside(other)


def test_shutting_out_kills_logins_and_tokens_and_letting_in_revives_none(client, ada, as_role):
    from django.utils import timezone

    token = ApiToken.objects.create(user=ada, label="reader", digest="d" * 64, created_at=timezone.now())
    enter(client)
    operator = as_role(Role.OPERATOR)
    form = {"first_name": "", "last_name": "", "email": "", "role": "chief"}
    assert operator.post(reverse("desk:user", args=[ada.pk]), form).status_code == 302
    assert not inside(client)
    token.refresh_from_db()
    assert token.revoked_at is not None
    operator.post(reverse("desk:user", args=[ada.pk]), form | {"is_active": "on"})
    ada.refresh_from_db()
    assert ada.is_active and not inside(client)


def test_an_operator_ends_the_logins_of_others(client, ada, as_role):
    enter(client)
    operator = as_role(Role.OPERATOR)
    operator.post(reverse("desk:door", args=[ada.pk]), {"act": "end"})
    assert not inside(client) and inside(operator)


def test_who_may_come_in_is_changed_with_a_fresh_password_only(client, ada, clock):
    User.objects.filter(pk=ada.pk).update(role=Role.OPERATOR, is_staff=True, is_superuser=True)
    enter(client)
    assert client.get("/desk/users/new/").status_code == 200
    clock.shift(timedelta(minutes=16))
    for path in ("/desk/users/new/", f"/desk/users/{ada.pk}/", "/desk/account/factor/", "/admin/accounts/user/"):
        answer = client.get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/desk/again/?next="), path
    before = User.objects.count()
    made = {"username": "eve", "password1": "x" * 20, "password2": "x" * 20, "role": "operator"}
    client.post("/desk/users/new/", made)
    assert User.objects.count() == before
    assert client.post("/desk/again/", {"password": "wrong", "next": "/desk/users/new/"}).status_code == 200
    assert client.get("/desk/users/new/").status_code == 302
    answer = client.post("/desk/again/", {"password": PASSWORD, "next": "/desk/users/new/"})
    assert answer["Location"] == "/desk/users/new/" and client.get("/desk/users/new/").status_code == 200


# The second factor


def test_a_second_factor_is_set_up_and_asked_for(client, ada):
    enter(client)
    assert client.get("/desk/account/factor/").status_code == 200 and not SecondFactor.objects.exists()
    client.post("/desk/account/factor/", {"act": "begin"})
    made = SecondFactor.objects.get()
    page = client.get("/desk/account/factor/").content.decode()
    assert made.secret in page and "data:image/svg+xml" in page
    totp = pyotp.TOTP(made.secret)
    wrong = f"{(int(code_now(totp)) + 1) % 1_000_000:06}"
    assert "not right" in client.post("/desk/account/factor/", {"act": "confirm", "code": wrong}).content.decode()
    shown = client.post("/desk/account/factor/", {"act": "confirm", "code": code_now(totp)}).content.decode()
    assert shown.count("<li><code>") == 10
    assert made.secret not in client.get("/desk/account/factor/").content.decode()
    browser = Client()
    answer = enter(browser)
    assert answer["Location"] == "/desk/login/code/" and not inside(browser)


def test_a_code_is_good_once(client, ada, clock):
    totp, codes = with_factor(ada)
    clock.shift(timedelta(seconds=30))
    other = Client()
    for browser in (client, other):
        enter(browser)
        assert not inside(browser)
    code = code_now(totp)
    client.post("/desk/login/code/", {"code": f"{code[:3]} {code[3:]}"})
    other.post("/desk/login/code/", {"code": code})
    assert inside(client) and not inside(other)
    other.post("/desk/login/code/", {"code": code_now(totp, -1)})
    assert not inside(other), "nor one before the one that was used"
    other.post("/desk/login/code/", {"code": codes[0].upper()})
    assert inside(other)
    third = Client()
    enter(third)
    third.post("/desk/login/code/", {"code": codes[0]})
    assert not inside(third)
    assert RecoveryCode.objects.filter(used_at=None).count() == 9


def test_a_code_without_the_password_is_nothing(client, ada, clock):
    totp, _ = with_factor(ada)
    clock.shift(timedelta(seconds=60))
    answer = client.post("/desk/login/code/", {"code": code_now(totp)})
    assert answer["Location"] == "/desk/login/" and not inside(client)
    enter(client)
    clock.shift(timedelta(minutes=6))
    assert client.post("/desk/login/code/", {"code": code_now(totp)})["Location"] == "/desk/login/"


def test_a_new_password_does_not_pass_the_second_factor_by(client, ada):
    with_factor(ada)
    ada.set_password("nine brown otters asleep")
    ada.save()
    assert enter(client, "nine brown otters asleep")["Location"] == "/desk/login/code/"


def test_codes_are_not_guessed(client, ada, clock):
    with_factor(ada)
    enter(client)
    for number in range(5):
        assert client.post("/desk/login/code/", {"code": f"{number:06}"}).status_code == 200
    assert client.post("/desk/login/code/", {"code": "000009"})["Location"] == "/desk/login/"
    enter(client)
    assert client.post("/desk/login/code/", {"code": "000009"}).status_code == 429


def test_roles_that_need_one_set_it_up_first(client, ada, monkeypatch):
    from dataclasses import replace

    monkeypatch.setattr(settings, "MASTHEAD", replace(settings.MASTHEAD, second_factor_for=("chief",)))
    enter(client)
    for path in ("/desk/", "/desk/log/", "/desk/password/"):
        assert client.get(path)["Location"].startswith("/desk/account/factor/")
    assert "Your role needs" in client.get("/desk/account/factor/").content.decode()
    client.post("/desk/account/factor/", {"act": "begin"})
    totp = pyotp.TOTP(SecondFactor.objects.get().secret)
    client.post("/desk/account/factor/", {"act": "confirm", "code": code_now(totp)})
    assert inside(client)


def test_a_role_that_is_none_is_named_and_demands_nothing_in_silence(tmp_path):
    from masthead.options import ROLES, OptionError, load

    assert set(ROLES) == set(Role.values)
    with pytest.raises(OptionError, match="no such role: cheif"):
        load({"MASTHEAD_HOME": str(tmp_path), "MASTHEAD_SECOND_FACTOR_FOR": "cheif, operator"})


def test_an_operator_takes_a_lost_factor_away(client, ada, as_role):
    with_factor(ada)
    as_role(Role.EDITOR).post(reverse("desk:door", args=[ada.pk]), {"act": "factor"})
    assert SecondFactor.objects.exists()
    as_role(Role.OPERATOR).post(reverse("desk:door", args=[ada.pk]), {"act": "factor"})
    assert not SecondFactor.objects.exists() and not RecoveryCode.objects.exists()
    enter(client)
    assert inside(client)


# Guessing


def test_one_address_guesses_five_times(client, ada):
    for _ in range(5):
        assert enter(Client(), "wrong").status_code == 200
    answer = enter(Client())
    assert answer.status_code == 429 and int(answer["Retry-After"]) == 601
    assert enter(Client(), address="192.0.2.2").status_code == 302, "another place is not shut"


def test_the_wait_ends(client, ada, clock):
    for _ in range(5):
        enter(Client(), "wrong")
    clock.shift(timedelta(minutes=10, seconds=1))
    assert enter(client).status_code == 302


def test_many_addresses_guess_a_hundred_times_and_the_editor_still_comes_in(client, ada, clock):
    enter(client)
    client.post("/desk/logout/")
    refused = 0
    for number in range(110):
        refused += enter(Client(), "wrong", address=f"198.51.100.{number}").status_code == 429
    assert refused == 10
    assert enter(Client(), address="203.0.113.9").status_code == 429, "a strange browser waits"
    assert enter(client).status_code == 302 and inside(client), "the editor's own does not"
    throttle.forget("ada")
    assert enter(Client(), address="203.0.113.9").status_code == 302


def test_the_mark_of_a_browser_is_for_one_account_and_cannot_be_made_up(client, ada):
    User.objects.create_user(username="eve", password=PASSWORD, role=Role.EDITOR)
    enter(client, name="eve")
    for _ in range(5):
        enter(client, "wrong")
    assert enter(client, "wrong").status_code == 429, "eve's mark opens nothing of ada's"
    client.cookies[throttle.MARK] = "WyJhZGEiLCJ4Il0:1:forged"
    assert enter(client, "wrong").status_code == 429


def test_a_known_browser_guesses_ten_times(client, ada):
    enter(client)
    for _ in range(10):
        assert enter(client, "wrong").status_code == 200
    assert enter(client).status_code == 429


def test_one_address_tries_thirty_accounts(db):
    for number in range(30):
        assert enter(Client(), "wrong", name=f"user{number}", address="2001:db8::1").status_code == 200
    assert enter(Client(), "wrong", name="user31", address="2001:db8::ffff:2").status_code == 429
    assert enter(Client(), "wrong", name="user31", address="2001:db8:0:1::1").status_code == 200


def test_a_name_that_is_nobodys_is_answered_alike(client, ada, monkeypatch):
    """The same words, waits, and number of hashes, by which time would tell (ASVS 6.3.8)."""
    User.objects.create_user(username="gone", password=PASSWORD, is_active=False)
    hashed: list[str] = []
    hasher = type(hashers.get_hasher("default"))
    original = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *a, **k: (hashed.append("x"), original(self, *a, **k))[1])
    seen = []
    for name, password in (("ada", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD), ("gone", "wrong")):
        hashed.clear()
        page = enter(Client(), password, name=name, address=f"192.0.2.{len(seen) + 10}").content.decode()
        seen.append((len(hashed), "Please enter a correct username and password" in page))
    assert seen == [(1, True)] * 4
    for _ in range(5):
        enter(Client(), "wrong", name="nobody", address="192.0.2.50")
    assert enter(Client(), "wrong", name="nobody", address="192.0.2.50").status_code == 429


def test_tries_are_forgotten_after_a_day_and_hold_no_names(client, ada, clock):
    enter(client, "planted-secret-password")
    row = Strike.objects.values().get()
    assert "ada" not in str(row) and "planted" not in str(row)
    clock.shift(timedelta(days=1, minutes=1))
    enter(client, "wrong")
    assert Strike.objects.count() == 1


# One door


def test_the_admin_has_no_door_of_its_own(client, ada):
    User.objects.filter(pk=ada.pk).update(is_staff=True, is_superuser=True)
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/desk/login/?next=")
    assert client.post("/admin/login/", {"username": "ada", "password": PASSWORD}).status_code == 302
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_the_door_is_written_down_without_secrets(client, ada, caplog):
    with caplog.at_level(logging.INFO):
        enter(client, "planted-secret-one")
        enter(client, name="ada\r\n12:00:00 INFO forged\u2028line", password="planted-secret-two")
        enter(client)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.post("/desk/again/", {"password": "planted-secret-three"})
        client.post("/desk/logout/")
    lines = [record.getMessage() for record in caplog.records if record.name == "masthead.accounts"]
    assert [line.split(":")[0] for line in lines] == [
        "login refused", "login refused", "logged in", "asked who it is, refused", "logged out",
    ]  # fmt: skip
    assert all(len(line.splitlines()) == 1 for line in lines)
    assert "planted" not in caplog.text and cookie not in caplog.text and PASSWORD not in caplog.text


NEXT = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example",
    "/\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example",
    " //evil.example", "\x00//evil.example", "\x01//evil.example", "\x1f//evil.example", "http://evil.example",
    "https://evil.example", "HTTPS://EVIL.EXAMPLE", "http:evil.example", "https:evil.example", "http:/evil.example",
    "https:/evil.example", "http:///evil.example", "https:\\\\evil.example", "ftp://evil.example",
    "//evil.example/desk/",
    "http://testserver@evil.example", "//testserver@evil.example", "http://testserver.evil.example",
    "http://evil.example#testserver", "http://evil.example?testserver", "//evil%2eexample", "//evil.example:80",
    "//[::1]/", "//2130706433/", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)",
    "javascript://testserver/%0aalert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd",
    "//evil.example\\@testserver", "http://testserver:80@evil.example/", "//⁄evil.example", "／／evil.example", "",
]  # fmt: skip


@pytest.mark.parametrize("target", NEXT)
def test_every_way_in_leads_to_this_site(target, client, ada):
    for path, form in (
        ("/desk/login/", {"username": "ada", "password": PASSWORD}),
        ("/desk/again/", {"password": PASSWORD}),
    ):
        answer = client.post(path, form | {"next": target})
        assert answer.status_code == 302
        place = answer["Location"]
        # A browser drops what stands before and tabs and line breaks within, and reads a backslash as a slash.
        assert not re.match(r"[/\\]{2}|\\|[a-z][a-z0-9+.-]*:", place, re.IGNORECASE), place
        assert place.isascii() and place.isprintable() and not place.startswith(" ")
