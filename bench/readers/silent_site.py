"""The site with nobody told of what was answered: everything else is the same."""

from masthead import wsgi

wsgi.cache._observer = None
application = wsgi.application

__all__ = ["application"]
