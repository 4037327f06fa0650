"""Starting and stopping Masthead: the home, its upgrade, and the supervised processes."""
