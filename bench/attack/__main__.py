"""The long round: every payload through every field to every outlet.

    python -m attack [--corpora DIR] [--share PART/OF] [--browser COUNT] [--markdown FILE]

Without --corpora only our own list runs. --share 1/8 tries every eighth payload, 3/8 those after the third, and so on.
Each payload runs escaped zero to three times. --browser opens so many articles in Chromium besides, with the policy of
our pages switched off, so that only clean markup stands between a payload and its canary. Exit status 1: a finding.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

BATCH = 20
MARKS = ("<!-- bench-attack -->", "<!-- /bench-attack -->")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help="folder of the sets of attacks")
    parser.add_argument("--share", default="1/1", help="which part of the payloads")
    parser.add_argument("--browser", type=int, default=60, help="articles to open in Chromium; 0: none")
    parser.add_argument("--markdown", type=Path, help="keep the table in this file")
    options = parser.parse_args()
    _open_site()
    from attack import browser, payloads

    part, of = (int(number) for number in options.share.split("/"))
    every = [*payloads.OWN, *(payloads.corpora(options.corpora) if options.corpora else [])]
    chosen = every[part - 1 :: of]
    began, faults, answers, combinations = time.monotonic(), [], 0, 0
    tried = [(text, times) for text in chosen for times in range(4)]
    for start in range(0, len(tried), BATCH):
        found, asked, articles = _batch(tried[start : start + BATCH])
        answers, combinations = answers + asked, combinations + articles
        faults += found
        done = start + len(tried[start : start + BATCH])
        print(f"{done} of {len(tried)} payloads tried, {answers} answers, {len(faults)} findings", flush=True)
        for fault in found[:5]:
            print(f"  {fault}", flush=True)
    opened = browser.round_of(payloads.OWN[: options.browser]) if options.browser else browser.Opened()
    faults += opened.faults
    rows = [
        ("payloads (own and of the corpora)", len(chosen)),
        ("each escaped so many times", "0, 1, 2, 3"),
        ("payload x escape x field x outlet", combinations),
        ("answers judged by html5lib, lxml and json", answers),
        ("pages opened in Chromium without our policy", opened.pages),
        ("dialogs, requests elsewhere, hits of the canary", len(opened.faults)),
        ("findings", len(faults)),
        ("minutes", round((time.monotonic() - began) / 60, 1)),
    ]
    table = "\n".join(["| what | figure |", "|---|---|", *(f"| {name} | {figure} |" for name, figure in rows)])
    print(table)
    for fault in faults[:40]:
        print(fault)
    if options.markdown:
        _keep(options.markdown, table)
    return 1 if faults else 0


def _open_site() -> None:
    """A home of its own for this run, and Django on it."""
    home = tempfile.mkdtemp(prefix="masthead-attack-")
    os.environ |= {"MASTHEAD_HOME": home, "MASTHEAD_EDITIONS": "en, de", "MASTHEAD_BASE_URL": "http://testserver"}
    os.environ |= {"MASTHEAD_LOG_LEVEL": "error", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    from masthead.serve.home import open_site

    open_site(upgrade=True)
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def _batch(tried: list[tuple[str, int]]) -> tuple[list[str], int, int]:
    """Findings, answers and combinations of some payloads, in a transaction that is taken back."""
    from django.db import transaction
    from django.test import Client

    from attack import outlets, press
    from masthead.accounts.models import Login, Role, User
    from masthead.articles.models import Article

    with transaction.atomic():
        client = Client(raise_request_exception=False)
        user = User.objects.create_user(username="op", role=Role.OPERATOR, is_staff=True, is_superuser=True)
        client.force_login(user)
        texts = [text.replace("CANARY", "https://canary.example") for text, _ in tried]
        things = press.print_news(texts, [times for _, times in tried])
        things |= {"user": user.pk, "login": Login.objects.get(user=user).pk}
        articles = list(Article.objects.values_list("pk", flat=True))
        seen = outlets.Seen()
        paths = outlets.everything(things, articles)
        outlets.ask(client.get, paths, seen)
        transaction.set_rollback(True)
    # Each article stands at its own four outlets and in the lists: front, latest, source, feeds, search, API, desk.
    lists = len(paths) - 4 * len(articles)
    return seen.faults, seen.answers, len(tried) * press.FIELDS * (4 + lists)


def _keep(path: Path, table: str) -> None:
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition(MARKS[0])
    path.write_text(f"{head}{MARKS[0]}\n{table}\n{MARKS[1]}{rest.partition(MARKS[1])[2]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
