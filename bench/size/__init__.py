"""Sites of any size, made in bulk, and what their pages cost."""
