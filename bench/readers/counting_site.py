"""The site as it is."""

from masthead.wsgi import application

__all__ = ["application"]
