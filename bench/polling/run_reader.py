"""lemon24/reader as a program of three verbs, run by the Python that has it.

python run_reader.py add|update|count DATABASE [LIST-OF-ADDRESSES] [WORKERS]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from reader import make_reader


def main() -> None:
    verb, database = sys.argv[1:3]
    with make_reader(database) as reader:
        if verb == "add":
            for url in Path(sys.argv[3]).read_text().split():
                reader.add_feed(url)
        elif verb == "update":
            began = time.monotonic()
            reader.update_feeds(scheduled=False, workers=int(sys.argv[3]))
            print(time.monotonic() - began)
        else:
            print(reader.get_entry_counts().total)


if __name__ == "__main__":
    main()
