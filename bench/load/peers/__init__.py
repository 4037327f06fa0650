"""The same reports in other programs: WordPress, Tiny Tiny RSS and lemon24/reader. `make bench-load PART=peers`."""
