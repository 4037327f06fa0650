"""Who works at the desk: users with a role, how they are known again, and the log of what they did."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from masthead.accounts.agents import named


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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new password ends every login; shutting out ends tokens too, so that letting in again revives nothing.

        Here, because the desk, the admin and the command line all come through here. A hash that is only made
        stronger at a login is no new password (Django leaves `_password` empty then).
        """
        new_password = self._password is not None  # type: ignore[attr-defined]
        super().save(*args, **kwargs)
        if new_password or not self.is_active:
            self.logins.filter(ended_at=None).update(ended_at=timezone.now())
        if not self.is_active:
            self.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


class Login(models.Model):
    """One browser that logged in. Its session names the row; a row that ended makes the session worthless."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="logins")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="last used by a person, to the minute")
    ended_at = models.DateTimeField(null=True, blank=True)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-seen_at", "-id"]
        indexes = [models.Index(fields=["user", "ended_at"], name="login_user_ended")]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.address}"

    @property
    def browser(self) -> str:
        """What it calls itself, in a few words of ours."""
        return named(self.agent)


class Strike(models.Model):
    """One wrong password or code, kept for a day to slow guessing down. Holds digests, never what was typed."""

    kind = models.CharField(max_length=10)
    account = models.CharField(max_length=64, help_text="digest of the name that was typed")
    address = models.CharField(max_length=64, help_text="of an IPv6 address, the network")
    device = models.CharField(max_length=64, blank=True, help_text="digest of the mark of a known browser")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="strike_account"),
            models.Index(fields=["address", "at"], name="strike_address"),
            models.Index(fields=["at"], name="strike_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class SecondFactor(models.Model):
    """The secret that a user's phone and we share (TOTP, RFC 6238). It counts once a code of it was typed."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="factor")
    secret = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0, help_text="the newest 30 seconds of which a code was used")

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class RecoveryCode(models.Model):
    """A code for the day when the phone is lost. Only its SHA-256 is stored; it works once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


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
