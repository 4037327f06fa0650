"""How right articles are read, beside other programs in the same run: `make bench-correctness CORPORA=DIR`."""
