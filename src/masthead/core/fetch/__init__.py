"""Guarded, polite HTTP: the only input and output of core."""

from __future__ import annotations

from masthead.core.fetch.client import Client
from masthead.core.fetch.types import MAX_BYTES, ClientOptions, FetchRequest, Kind, Validators

__all__ = ["MAX_BYTES", "Client", "ClientOptions", "FetchRequest", "Kind", "Validators"]
