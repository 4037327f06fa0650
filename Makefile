# The commands of a developer. `make run` and `make test` need Python 3.11 or newer and make; the rest is installed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
SOURCES := src tests bench docs

# Where the sets of pages with expected values lie, which bench-correctness and bench-feeds read.
CORPORA ?=

.PHONY: run test check audit sbom bench-attack bench bench-load bench-correctness bench-feeds bench-poll \
	bench-schedule fuzz bench-front bench-counting bench-stories chaos chaos-long bench-size bench-cluster \
	docs screenshots clean

run: $(STAMP)
	$(BIN)/masthead demo

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

# All tests on SQLite; then those that touch the database once more, on a real PostgreSQL. One process more than there are
# cores, four at the most, since many tests wait; files that take long begin first (tests/conftest.py).
PARALLEL = -n $$($(BIN)/python -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))') --dist loadfile --no-loadscope-reorder
test: $(STAMP)
	$(BIN)/pytest $(PARALLEL)
	MASTHEAD_TEST_DATABASE=postgres $(BIN)/pytest $(PARALLEL)

check: $(STAMP)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	mkdir -p $(VENV)/check-home
	MASTHEAD_HOME=$(VENV)/check-home $(BIN)/python -m django makemigrations --check --dry-run --settings masthead.settings

# Known faults of what is installed. Where the advisory service cannot be asked, one line says so; with
# MASTHEAD_REQUIRE_AUDIT=1 that fails.
audit: $(STAMP)
	$(BIN)/python bench/supply.py audit

# What Masthead needs to run, as a bill of materials (CycloneDX).
SBOM ?= dist/masthead.cdx.json
sbom: $(STAMP)
	$(BIN)/python bench/supply.py sbom $(SBOM)

# Every payload x escape x field x outlet, judged by other parsers and in Chromium; docs/security.md keeps the table.
# `make bench-attack CORPORA=DIR` tries all of them, SHARE=1/30 every thirtieth; without CORPORA our own list alone. With
# JOURNAL=FILE a run that was stopped (or ended by MINUTES) goes on where it was.
SHARE ?= 1/1
JOURNAL ?=
bench-attack: $(STAMP)
	PYTHONPATH=bench $(BIN)/python -m attack --share $(SHARE) --minutes $(MINUTES) $(if $(CORPORA),--corpora "$(CORPORA)") \
		$(if $(JOURNAL),--journal "$(JOURNAL)")

bench: $(STAMP)
	$(BIN)/python bench/serving.py

# Ready pages beside nginx, readers while 5,000 feeds are taken in, an hour of both; docs/performance.md keeps the tables.
# `make bench-load PART=pages` runs one of pages, peers, ingest, soak; MINUTES= shortens the last two. PART=peers measures
# WordPress and feed readers on the same pages; what of them is missing it names in one line, with the command to install it.
PART ?=
MINUTES ?= 0
bench-load: $(STAMP)
	PYTHONPATH=bench $(BIN)/python -m load $(PART) --minutes $(MINUTES) --markdown docs/performance.md

# How right pages are read, beside other programs; docs/correctness.md keeps the table. `make bench-correctness CORPORA=DIR`
bench-correctness: $(STAMP)
	@test -n "$(CORPORA)" || { echo "Name the folder of the sets: make bench-correctness CORPORA=DIR"; exit 2; }
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	PYTHONPATH=bench $(BIN)/python -m correctness --corpora "$(CORPORA)" --markdown docs/correctness.md

# How right and how fast feeds are read, beside feedparser. `make bench-feeds CORPORA=DIR`
bench-feeds: $(STAMP)
	@test -n "$(CORPORA)" || { echo "Name the folder of the sets: make bench-feeds CORPORA=DIR"; exit 2; }
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	PYTHONPATH=bench $(BIN)/python bench/feeds.py --corpora "$(CORPORA)"

# How fast and cheaply feeds are polled, beside other programs on one loopback server; docs/performance.md keeps the
# tables. newsboat, if wanted beside the others, comes from the system (apt-get install newsboat).
bench-poll: $(STAMP)
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	PYTHONPATH=bench $(BIN)/python -m polling --markdown docs/performance.md

# How a schedule of 50,000 feeds behaves beside one of 500, in simulated time, on both databases; the same page.
bench-schedule: $(STAMP)
	PYTHONPATH=bench $(BIN)/python -m polling.schedule --markdown docs/performance.md
	PYTHONPATH=bench $(BIN)/python -m polling.schedule --postgres --markdown docs/performance.md

# Damaged documents, addresses, dates and lists through everything that reads them; what fails is named with its number.
# `make fuzz` mutates invented ones, `make fuzz CORPORA=DIR INPUTS=1000000 SEED=2` real ones besides.
INPUTS ?= 100000
SEED ?= 1
fuzz: $(STAMP)
	PYTHONPATH=bench $(BIN)/python bench/fuzz.py --inputs $(INPUTS) --seed $(SEED) $(if $(CORPORA),--corpora "$(CORPORA)")

# What a front page costs on 10,000 articles and on a million, in processor time; fails at twice the time.
bench-front: $(STAMP)
	$(BIN)/python bench/front.py

# Whether a million requests are counted to the unit, and what counting costs a ready page; the same page.
bench-counting: $(STAMP)
	PYTHONPATH=bench $(BIN)/python bench/counting.py --markdown docs/performance.md

# How right reports are grouped into stories, beside a TF-IDF baseline, and what a report costs from 1,000 to 1,000,000;
# docs/stories.md keeps the tables. Half an hour; COST=100000 makes it five minutes. `make bench-stories CORPORA=DIR`
COST ?= 1000000
bench-stories: $(STAMP)
	@test -n "$(CORPORA)" || { echo "Name the folder of the sets: make bench-stories CORPORA=DIR"; exit 2; }
	PYTHONPATH=bench $(BIN)/python bench/stories.py --corpora "$(CORPORA)" --cost $(COST) --markdown docs/stories.md

# Faults on purpose (kill -9, power loss, full disks, clocks, PostgreSQL stopped, ...) and what is left: a short round of each.
chaos: $(STAMP)
	$(BIN)/pytest $(PARALLEL) tests/chaos

# The long round, hours of it; docs/reliability.md keeps the table. `make chaos-long SCALE=0.1` makes a tenth of it.
SCALE ?= 1
chaos-long: $(STAMP)
	PYTHONPATH=bench $(BIN)/python -m chaos --scale $(SCALE) --seed $(SEED) --markdown docs/reliability.md
# What every page, search and desk list costs on small and large sites, on both databases; docs/performance.md keeps the
# tables. A million reports need 30 GB and half an hour: `make bench-size SIZES=10000,100000` is a smaller one
SIZES ?= 10000,1000000
bench-size: $(STAMP)
	PYTHONPATH=bench $(BIN)/python -m size --sizes $(SIZES) --markdown docs/performance.md

# Four workers on PostgreSQL and a broker, one killed again and again, 2,000 feeds: nothing lost, nothing twice; then the pace of
# 1, 2 and 4 workers. `make bench-cluster BROKER=rabbitmq FEEDS=200`
BROKER ?= redis
FEEDS ?= 2000
bench-cluster: $(STAMP)
	PYTHONPATH=bench:src $(BIN)/python -m cluster --feeds $(FEEDS) --broker $(BROKER) --markdown docs/scale-out.md

docs: $(STAMP) docs/settings.md docs/commands.md

docs/settings.md: src/masthead/options.py src/masthead/serve/template.py $(STAMP)
	$(BIN)/python -m masthead.serve > $@

docs/commands.md: docs/make_commands.py $(wildcard src/masthead/cli/*.py) $(STAMP)
	$(BIN)/python docs/make_commands.py > $@

screenshots: $(STAMP)
	$(BIN)/python bench/screenshots.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
