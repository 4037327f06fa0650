"""Columns of texts that people write and pages show."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.expressions import Combinable

from masthead.core.characters import strip_controls


class PlainCharField(models.CharField[str | int | Combinable, str]):
    """A short text without control characters, through whichever door it came: no page may hold one."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return strip_controls(prepared) if isinstance(prepared, str) else prepared


class PlainTextField(models.TextField[str | Combinable, str]):
    """A text without control characters but line ends, through whichever door it came."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return strip_controls(prepared) if isinstance(prepared, str) else prepared
