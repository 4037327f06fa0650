"""Role x route: every address of the desk is held against the table of rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from masthead.accounts.models import Role
from masthead.accounts.queries import rights_of
from masthead.desk.urls import urlpatterns

OPEN = {"login", "code", "logout", "password"}
GUARDED = [pattern for pattern in urlpatterns if pattern.name not in OPEN]


@pytest.fixture
def things(article, feed, source, section, decision, django_user_model) -> dict[str, Any]:
    """One of each thing that a screen may be about, by the first part of its address."""
    user = django_user_model.objects.create_user(username="somebody")
    return {
        "articles": article,
        "feeds": feed,
        "sources": source,
        "sections": section,
        "users": user,
        "account": user,
        "stories": decision.story,
        "decisions": decision,
    }


def address(pattern, things) -> str:
    kind = str(pattern.pattern).split("/")[0]
    args = [things[kind].pk] if "<int:pk>" in str(pattern.pattern) else []
    return reverse(f"desk:{pattern.name}", args=args)


def test_every_view_names_its_right():
    for pattern in GUARDED:
        assert getattr(pattern.callback, "right", ""), f"desk:{pattern.name} has no right"


@pytest.mark.parametrize("role", [None, *Role], ids=str)
@pytest.mark.parametrize("pattern", GUARDED, ids=lambda p: p.name)
def test_role_by_route(pattern, role, as_role, things):
    client = as_role(role)
    path = address(pattern, things)
    allowed = role is not None and pattern.callback.right in rights_of(role)
    for method in (client.get, client.post):
        response = method(path)
        if role is None:
            assert response.status_code == 302 and response["Location"].startswith("/desk/login/?next=")
        elif allowed:
            assert response.status_code in (200, 302, 405), (path, response.status_code)
        else:
            assert response.status_code == 403
            assert "Your role does not allow this" in response.content.decode()
        if role is not None:
            assert "no-store" in response["Cache-Control"]


def test_a_disabled_user_is_out_at_once(as_role, django_user_model, db):
    client = as_role(Role.EDITOR)
    assert client.get("/desk/").status_code == 200
    django_user_model.objects.update(is_active=False)
    assert client.get("/desk/").status_code == 302


def test_changes_by_get_are_refused(chief, article, feed):
    for path in (f"/desk/articles/{article.pk}/withdraw/", f"/desk/feeds/{feed.pk}/pause/"):
        assert chief.get(path).status_code == 405
    article.refresh_from_db()
    assert article.state == "published"


def test_a_post_without_token_is_refused(article, django_user_model, db):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_user(username="x", role=Role.CHIEF))
    assert client.post(f"/desk/articles/{article.pk}/hold/", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_stays_on_this_site(target, client, django_user_model, db):
    django_user_model.objects.create_user(username="ada", password="correct horse battery", role=Role.EDITOR)
    response = client.post("/desk/login/", {"username": "ada", "password": "correct horse battery", "next": target})
    assert response.status_code == 302 and response["Location"] == "/desk/"
