"""Role x route x method, over every route that the urlconf has, found by introspection."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from attack import packs, press, routes
from masthead.accounts.models import Act, Login, Role, User
from masthead.accounts.queries import rights_of
from masthead.articles.models import Article
from masthead.feeds.models import Feed, Source
from masthead.pages.models import Section

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PASSWORD = "seven grey herons wading"
ALL = routes.all_routes()
ADMIN = [route for route in ALL if routes.is_admin(route)]
DESK = [route for route in ALL if route.name.startswith("desk:")]
PUBLIC = [route for route in ALL if route not in ADMIN and route not in DESK]
# Reviewed by hand: where somebody who has not logged in may go at the desk (RSSBox GHSA-6g83-8v98-rq5v).
OPEN = {"desk:login", "desk:code", "desk:logout", "desk:password"}
# What changes something, and so refuses GET. The others of the desk take POST for their own form, or not at all.
ACTS = {
    f"desk:{name}"
    for name in (
        "logout", "end-others", "end-login", "hold", "withdraw", "restore", "move", "pin", "unpin", "poll", "pause",
        "choose", "lead", "door", "separate", "merge", "undo",
    )
}  # fmt: skip
FORMS = {
    f"desk:{name}"
    for name in (
        "login", "code", "password", "again", "factor", "source", "subscribe", "feed", "new-section", "section",
        "new-user", "user", "belongs",
    )
}  # fmt: skip
# The right that each screen needs, stated a second time, so that a slip of the decorator shows.
RIGHTS = {
    "keep own account": "again account factor end-others end-login",
    "see desk": "overview articles article sources feeds front sections categories readers stories story",
    "hold article": "hold restore",
    "place article": "move belongs separate merge undo",
    "pin article": "pin unpin",
    "withdraw article": "withdraw",
    "edit source": "source",
    "edit feed": "subscribe feed poll pause choose",
    "edit section": "new-section lead section",
    "see log": "log",
    "edit user": "users new-user user door",
}
METHODS = ("get", "head", "post", "put", "delete", "options")


@pytest.fixture(scope="module")
def news(django_db_setup, django_db_blocker):
    """A small hostile newsroom for the whole module, taken away at its end; the keys of what there is."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        things = press.print_news(packs.alone(["<b>quiet</b>", "<i>words</i>"], [0, 1]))
        for role in Role:
            operator = role == Role.OPERATOR
            User.objects.create_user(
                username=str(role), password=PASSWORD, role=role, is_staff=operator, is_superuser=operator
            )
        stranger = User.objects.create_user(username="somebody else", role=Role.CHIEF)
        client = Client()
        client.force_login(stranger)
        yield things | {"user": stranger.pk, "login": Login.objects.get(user=stranger).pk}
        transaction.set_rollback(True)


def browser(role: Role | None, **options: bool) -> Client:
    client = Client(raise_request_exception=False, **options)
    if role is not None:
        client.force_login(User.objects.get(username=str(role)))
    return client


def state() -> tuple[object, ...]:
    """Everything that a request could have changed."""
    tables = (Article, Feed, Source, Section, User, Act)
    return tuple(sorted(map(str, model.objects.values_list())) for model in tables)


def refused(answer: HttpResponse) -> bool:
    location = answer.headers.get("Location", "")
    return answer.status_code in (401, 403) or (answer.status_code == 302 and location.startswith("/desk/login/"))


def test_every_screen_needs_the_right_that_was_reviewed():
    reviewed = {f"desk:{name}": right for right, names in RIGHTS.items() for name in names.split()}
    found = {route.name: getattr(route.callback, "right", "") for route in DESK if route.name not in OPEN}
    assert found == reviewed, "a screen is new or changed its right: review it, then state it in RIGHTS"


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_the_desk_lets_in_who_has_the_right(role, news):
    client = browser(role)
    for route in DESK:
        if route.name in OPEN:
            continue
        allowed = role is not None and route.callback.right in rights_of(role)
        for place in routes.places(route, news):
            for method in METHODS:
                before = state() if not allowed and method == "post" else None
                answer = getattr(client, method)(place)
                assert answer.status_code < 500, (place, method)
                assert refused(answer) is not allowed, (place, method, role, answer.status_code)
                assert before is None or state()[:5] == before[:5], (place, role)


def test_the_open_routes_of_the_desk_are_those_that_were_reviewed(news):
    client = browser(None)
    for route in DESK:
        for place in routes.places(route, news):
            # The page of the password sends to log in by itself.
            assert refused(client.get(place)) is (route.name not in OPEN - {"desk:password", "desk:code"}), place


@pytest.mark.parametrize("role", [Role.CHIEF, Role.OPERATOR], ids=str)
def test_what_changes_something_refuses_to_be_asked_by_get(role, news):
    client = browser(role)
    for route in DESK:
        for place in routes.places(route, news):
            before = state()
            answer = client.get(place)
            if route.name in ACTS and route.callback.right not in rights_of(role) if route.name not in OPEN else False:
                assert answer.status_code == 403
            else:
                assert (answer.status_code == 405) is (route.name in ACTS), (place, answer.status_code)
            assert state() == before, f"{place} changed something by GET"


def test_every_act_refuses_other_sites_and_requests_without_token(news):
    """A form of another site brings the cookie, where a browser lets it, but neither our token nor our origin."""
    client = browser(Role.OPERATOR, enforce_csrf_checks=True)
    for route in [route for route in DESK if route.name in ACTS | FORMS]:
        for place in routes.places(route, news):
            before = state()
            for headers in ({}, {"origin": "https://evil.example"}, {"origin": "null"}):
                answer = client.post(place, {"reason": "x", "act": "end"}, headers=headers)
                assert answer.status_code == 403, (place, headers, answer.status_code)
            assert state() == before
    page = client.get("/desk/account/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert len(token) == 64
    foreign = client.post(
        "/desk/account/logins/end/", {"csrfmiddlewaretoken": token}, headers={"origin": "https://evil.example"}
    )
    own = client.post(
        "/desk/account/logins/end/", {"csrfmiddlewaretoken": token}, headers={"origin": "http://testserver"}
    )
    assert (foreign.status_code, own.status_code) == (403, 302)


def test_every_route_of_the_desk_is_an_act_a_form_or_only_read(news):
    client = browser(Role.OPERATOR)
    for route in DESK:
        if route.name in ACTS | FORMS:
            continue
        for place in routes.places(route, news):
            before = state()
            client.post(place, {"reason": "x", "act": "end", "name": "x"})
            assert state() == before, f"{route.name} changes something: list it in ACTS or FORMS"


@pytest.mark.parametrize("role", [None, Role.CHIEF], ids=str)
def test_the_admin_is_for_operators(role, news):
    client = browser(role)
    for route in ADMIN:
        for place in routes.places(route, news):
            for method in ("get", "post"):
                answer = getattr(client, method)(place)
                assert answer.status_code in (302, 403, 404, 405), (place, answer.status_code)
                target = answer.headers.get("Location", "")
                assert answer.status_code != 302 or target.startswith(("/desk/", "/admin/")), (place, target)


def test_readers_change_nothing_and_get_no_cookie(news):
    client = browser(None)
    for route in PUBLIC:
        for place in routes.places(route, news):
            for method in METHODS:
                answer = getattr(client, method)(place)
                assert answer.status_code < 500, (place, method, answer.status_code)
                assert not answer.cookies, place
                safe = method in ("get", "head") or (method == "options" and place.startswith("/api/"))
                hub = route.name == "site:outlets:websub"
                assert safe or hub or answer.status_code in (403, 404, 405), (place, method, answer.status_code)


def test_a_login_changes_nothing_for_readers(news):
    """No public answer may depend on who asks: it could be cached for all."""
    reader, operator = browser(None), browser(Role.OPERATOR)
    for route in PUBLIC:
        for place in routes.places(route, news):
            if place in ("/metrics", "/about/counting/", "/de/about/counting/"):
                continue
            one, other = reader.get(place), operator.get(place)
            assert one.status_code == other.status_code, place
            assert "Cookie" not in other.headers.get("Vary", ""), place
            if not one.streaming:
                assert one.content == other.content, place


def test_nobodys_login_is_ended_by_another(news):
    client = browser(Role.OPERATOR)
    client.post(f"/desk/account/logins/{news['login']}/end/")
    assert Login.objects.get(pk=news["login"]).ended_at is None
