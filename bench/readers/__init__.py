"""A crowd of readers and programs by script, whose true number is known, sent through the real stack."""
