"""The second factor: codes of the time (TOTP, RFC 6238), each good once, and codes for the day the phone is lost."""

from __future__ import annotations

import hashlib
import secrets

import pyotp
import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from masthead.accounts.models import RecoveryCode, SecondFactor, User

CODES = 10
STEP = 30
"""Seconds that a code of the time stands for."""
SLACK = 1
"""Steps that the phone's clock may be off, either way."""


def prepare(user: User) -> SecondFactor:
    """The secret that a user is setting up: the one not yet confirmed, or a new one. Never one that counts already."""
    made, _ = SecondFactor.objects.get_or_create(
        user=user, defaults={"secret": pyotp.random_base32(), "made_at": timezone.now()}
    )
    return made


def picture(factor: SecondFactor) -> str:
    """The QR code for the phone, as the address of an image (`data:`)."""
    uri = pyotp.TOTP(factor.secret).provisioning_uri(
        name=factor.user.get_username(), issuer_name=settings.MASTHEAD.site_name
    )
    return str(segno.make(uri, error="m").svg_data_uri(scale=5, border=3, light="white"))


def confirm(user: User, code: str) -> list[str]:
    """Make the prepared secret count, on a right code of it. The recovery codes, to be shown once; [] when wrong."""
    with transaction.atomic():
        factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
        if factor is None or not _use(factor, code):
            return []
        SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=timezone.now())
        return new_codes(user)


def new_codes(user: User) -> list[str]:
    """New recovery codes in the place of all old ones. 80 bits each, so that a plain digest keeps them."""
    codes = [secrets.token_hex(10) for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(code)) for code in codes)
    return [_spaced(code) for code in codes]


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def passes(user: User, code: str) -> bool:
    """Whether a code is right and was never used: one of the time, or one for recovery. It is used up by this."""
    factor = SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).first()
    if factor is None:
        return False
    unused = RecoveryCode.objects.filter(user=user, digest=_digest(code), used_at=None)
    return _use(factor, code) or unused.update(used_at=timezone.now()) == 1


def remove(user: User) -> bool:
    """Take the second factor away with its recovery codes; whether there was one."""
    RecoveryCode.objects.filter(user=user).delete()
    return SecondFactor.objects.filter(user=user).delete()[0] > 0


def _use(factor: SecondFactor, code: str) -> bool:
    """Whether a code is that of about now, newer than every one used before; a conditional write decides races."""
    typed = "".join(code.split())
    if len(typed) != 6 or not (typed.isascii() and typed.isdecimal()):
        return False
    now = int(timezone.now().timestamp()) // STEP
    generator = pyotp.TOTP(factor.secret, interval=STEP)
    for step in range(now - SLACK, now + SLACK + 1):
        if secrets.compare_digest(generator.generate_otp(step), typed):
            return SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step) == 1
    return False


def _digest(code: str) -> str:
    return hashlib.sha256("".join(code.split()).replace("-", "").lower().encode("utf-8", "replace")).hexdigest()


def _spaced(code: str) -> str:
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))
