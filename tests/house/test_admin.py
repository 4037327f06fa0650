"""Operators find every table in the admin, in lists that cost the same for few rows and for many."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import get_resolver, reverse

from masthead.accounts.models import Role, User
from masthead.feeds.models import Source
from masthead.store import generation

TABLES = [model for model in apps.get_models() if model.__module__.startswith("masthead.")]


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(
        User.objects.create_user("op", password="x", role=Role.OPERATOR, is_staff=True, is_superuser=True)
    )
    return client


@pytest.mark.parametrize("model", TABLES, ids=lambda m: m._meta.label)
def test_every_table_has_its_list(model, operator):
    assert get_resolver().url_patterns
    assert admin.site.is_registered(model), f"{model._meta.label} is not in the admin"
    response = operator.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
    assert response.status_code == 200
    if admin.site.get_model_admin(model).search_fields:
        found = operator.get(response.request["PATH_INFO"], {"q": "ferry 'quoted\" <b>"})
        assert found.status_code == 200


def test_what_an_operator_changes_shows_at_once(operator, django_capture_on_commit_callbacks):
    source = Source.objects.create(name="Hill Gazette", slug="hill-gazette")
    before = generation.current()
    form = {"name": "Hill Gazette", "slug": "hill-gazette", "policy": "link", "embargo_minutes": 0, "weight": 0}
    with django_capture_on_commit_callbacks(execute=True):
        response = operator.post(reverse("admin:feeds_source_change", args=[source.pk]), form)
    assert response.status_code == 302
    assert generation.current()[1] > before[1]


def test_editors_do_not_get_in(db: None):
    client = Client()
    client.force_login(User.objects.create_user("ed", role=Role.CHIEF))
    assert client.get("/admin/").status_code == 302


def test_only_a_process_that_serves_pages_imports_what_operators_see():
    """Every start and every command waited for it."""
    code = "import sys, django; django.setup(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "masthead.feeds.models" in loaded
    assert not loaded & {"masthead.feeds.admin", "masthead.core.parse", "masthead.core.repair"}
