"""How the site serves under load: beside nginx, while it ingests, over an hour. `make bench-load`."""
