"""Outgoing feeds: a list page of the site as RSS 2.0, Atom 1.0 or JSON Feed 1.1."""
