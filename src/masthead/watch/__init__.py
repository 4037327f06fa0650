"""For machines and people that watch a site: whether it lives, whether it is ready, and its numbers."""
