"""How fast and how cheaply feeds are polled, beside other programs, and how a large schedule behaves."""
