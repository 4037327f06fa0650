"""The OpenAPI 3.1 description of the API, made from its operations and the schemas of its records."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from masthead.api.operations import OPERATIONS, Operation
from masthead.pages import addresses

SCHEMAS = Path(__file__).with_name("schemas.json")
_PROBLEMS = {
    301: "The record stands elsewhere, for ever",
    400: "A parameter is unknown or cannot be used",
    404: "There is none",
    410: "It was taken down; the reason is told",
}


@cache
def schemas() -> dict[str, Any]:
    """The schemas of what the API answers, by name."""
    data: dict[str, Any] = json.loads(SCHEMAS.read_text(encoding="utf-8"))
    return data


def description() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": settings.MASTHEAD.site_name,
            "version": "1",
            "description": "Reads what the site's pages show, within the rights of each source. No key is needed.",
        },
        "servers": [{"url": addresses.absolute("/api/v1")}],
        "paths": {operation.path: {"get": _operation(operation)} for operation in OPERATIONS},
        "components": {"schemas": schemas()},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {
            "name": parameter.name,
            "in": "query",
            "required": parameter.required,
            "description": parameter.description,
            "schema": parameter.schema(),
        }
        for parameter in operation.parameters
    ]
    if "{id}" in operation.path:
        parameters.insert(
            0, {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
        )
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {
            "200": _content("application/json", operation.answer, "Done"),
            "304": {"description": "Not changed since the ETag that was sent"},
            **{
                str(status): {"description": _PROBLEMS[status]}
                if status < 400
                else _content("application/problem+json", "Problem", _PROBLEMS[status])
                for status in sorted({400, *operation.problems})
            },
        },
    }


def _content(kind: str, schema: str, description: str) -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}
