"""Who works at the desk: users with a role, their tokens for the API, and the log of what they did."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    READER = "reader", "Reader (API only)"
    EDITOR = "editor", "Editor"
    CHIEF = "chief", "Editor-in-chief"
    OPERATOR = "operator", "Operator"


class User(AbstractUser):
    """A person with a login. `role` decides what the desk lets them do (`accounts.queries`)."""

    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class ApiToken(models.Model):
    """A key for the API. Only its SHA-256 is stored; the key itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class Act(models.Model):
    """One thing that somebody did at the desk, kept for ever: who, when, what, to which object, why."""

    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=40)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    label = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"
