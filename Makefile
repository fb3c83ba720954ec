# demo, test, lint, fuzz, faults, crowds, bench: each sets up what it needs and runs. Needs Python 3.11 or 3.12, make and git.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Submissions of the demo, one folder for each country as in an inbox, and the first question to its release.
DEMO_INBOX := tests/golden/demo/inbox
DEMO_HOME := var
DEMO_QUERY := select country_code, month_date, drug_code, seizures_count, quantity_kg \
	from rpt_seizures_by_month order by all

.PHONY: demo test lint fuzz faults crowds bench
.DELETE_ON_ERROR:

# Exit status 1 of ingest means findings; they are part of the demo. Anything else, and any findings of the other
# commands, end it. Copies keep their times, so that a second run has nothing to do.
demo: export SARAI_HOME := $(DEMO_HOME)
demo: $(INSTALLED)
	@mkdir -p $(DEMO_HOME)/inbox
	@cp -Rp $(DEMO_INBOX)/. $(DEMO_HOME)/inbox/
	$(BIN)/sarai ingest || test $$? -eq 1
	$(BIN)/sarai publish
	$(BIN)/sarai reconcile
	$(BIN)/sarai query "$(DEMO_QUERY)"

# A process for each processor; what a module's tests share is made once, so a module stays in one process, and those
# that need a warehouse come first.
test: $(INSTALLED)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 0 dbt_project/models dbt_project/macros
	$(BIN)/sarai generate --check

# Golden submissions damaged by chance; what fails is kept in var/fuzz and named. Another SEED tries other files. Then the
# tests by chance, each with many examples.
SECONDS := 60
SEED := 1
fuzz: $(INSTALLED)
	$(BIN)/python tests/inputs/fuzzed_files.py --seconds $(SECONDS) --seed $(SEED) --failures $(DEMO_HOME)/fuzz
	EXAMPLES=many $(BIN)/python -m pytest -m chance --numprocesses auto

# Kills a run at 200 points and breaks its surroundings; FAULTS='--points 10 --one-of-each' is the short form of CI.
faults: $(INSTALLED)
	PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/faults/run.py $(FAULTS)

# Many readers, writers, files, rows and cycles; prints what they take. Parts alone: CROWDS='--part files --files 50'.
crowds: $(INSTALLED)
	PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/crowds/run.py $(CROWDS)

# The queries of docs/queries.md are timed on the release of the demo.
bench: demo
	$(BIN)/python tests/benchmarks/reading.py
	$(BIN)/python tests/benchmarks/check.py
	PYTHONPATH=tests/expectations:tests/inputs $(BIN)/python tests/benchmarks/gate.py
	PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/benchmarks/matching.py
	PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/benchmarks/disclosure.py
	$(BIN)/python tests/benchmarks/suggestions.py
	$(BIN)/python tests/benchmarks/chain.py
	SARAI_HOME=$(DEMO_HOME) $(BIN)/python tests/benchmarks/queries.py
	$(BIN)/python tests/benchmarks/path.py

# After a change of dependencies, with uv installed anywhere, in one line; versions that still fit are kept:
#   uv pip compile pyproject.toml --extra dev --universal --no-strip-extras --python-version 3.11
#     --generate-hashes --no-header --no-emit-index-url --output-file requirements.lock
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || \
		{ echo 'Sarai needs Python 3.11 or 3.12. Name one: make PYTHON=python3.11'; exit 2; }
	@echo 'Installing the packages of requirements.lock into .venv (one to two minutes)'
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
