# `make` lists the targets; each installs first what it needs.

PYTHON ?= python3
BIN := .venv/bin
RUNNABLE := .venv/runnable
INSTALLED := .venv/installed
# By uv, which pip installs first where it is not on the PATH; where only pip knows the way to the packages, by pip. Both
# show their progress on a terminal, and only errors elsewhere. Bytecode is written for what is imported, when it is.
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip install --no-compile
INSTALL := test -t 1 || set -- --quiet; install() { \
	PATH=$(BIN):$$PATH; \
	{ command -v uv >/dev/null && uv pip install --python $(BIN)/python "$$@"; } || $(PIP) "$$@"; }; install "$$@"
STEP := @printf '== %s\n'
# Where an image of a container forbids it, each of the hundred programs that the targets start would compile Prefect, dbt,
# Great Expectations and Sarai anew: half of the time of a short one.
unexport PYTHONDONTWRITEBYTECODE

# Submissions of the demo, one folder for each country as in an inbox, and the first question to its release.
DEMO := tests/golden/demo
DEMO_HOME := var
DEMO_QUERY := select country_code, month_date, drug_code, seizures_count, quantity_kg \
	from rpt_seizures_by_month where month_date >= '2024-01-01' order by all

.PHONY: help demo test lint fuzz faults crowds clients pages bench
.DELETE_ON_ERROR:

help:
	@echo 'Sarai needs Python 3.11 or 3.12, make and git. Each target installs first what it needs into .venv.'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Exit status 1 of run means findings, which are part of the demo, or a gate that is closed: then publish fails again, else
# it has nothing to do. Copies keep their times, so that a second run has nothing to do.
demo: export SARAI_HOME := $(DEMO_HOME)
demo: $(RUNNABLE) ## send in the files of five states, publish a release and query it (two minutes)
	@mkdir -p $(DEMO_HOME)/inbox
	@cp -Rp $(DEMO)/inbox/. $(DEMO)/history/. $(DEMO_HOME)/inbox/
	$(STEP) 'sarai run: receiving and judging the files of the demo, building, judging and publishing the marts (a minute)'
	@$(BIN)/sarai run || { test $$? -eq 1 && $(BIN)/sarai publish >/dev/null; }
	$(STEP) 'sarai reconcile: accounting for every row (seconds)'
	@$(BIN)/sarai reconcile
	$(STEP) 'sarai query: asking the release (at once)'
	@$(BIN)/sarai query "$(DEMO_QUERY)"

# A process for each processor; what a module's tests share is made once, so a module stays in one process, and those
# that need a warehouse come first.
test: $(INSTALLED) ## run all tests (minutes)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: $(INSTALLED) ## check the style of Python and SQL, the types, and that generated files are up to date (two minutes)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy & types=$$!; $(BIN)/sqlfluff lint --processes 0 dbt_project/models dbt_project/macros; \
		sql=$$?; wait $$types && exit $$sql
	$(BIN)/sarai generate --check

# Files that fail are kept in var/fuzz and named; another SEED tries other files. Then the property tests run, with many
# examples each.
SECONDS := 60
SEED := 1
fuzz: $(INSTALLED) ## read randomly damaged submissions for SECONDS=60, then run the property tests with many examples (twenty minutes)
	$(BIN)/python tests/inputs/fuzzed_files.py --seconds $(SECONDS) --seed $(SEED) --failures $(DEMO_HOME)/fuzz
	EXAMPLES=many $(BIN)/python -m pytest -m chance --numprocesses auto

# FAULTS='--points 10 --one-of-each' is the short form that CI runs.
faults: $(INSTALLED) ## kill a run at 200 points, break its surroundings, and look for losses (an hour)
	PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/faults/run.py $(FAULTS)

# One part alone: CROWDS='--part files --files 50'.
crowds: $(INSTALLED) ## print what many readers, writers, files, rows and cycles take (an hour)
	PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/crowds/run.py $(CROWDS)

# Clients come from Debian's packages, which root installs; for others it names them.
clients: demo ## let clients of PostgreSQL read the shared server, and compare what they read with the release (minutes)
	SARAI_HOME=$(DEMO_HOME) PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/clients/run.py

# Chromium comes from Debian's packages, which root installs; for others it names them.
pages: $(INSTALLED) demo ## let Chromium and axe-core read the bulletins of the demo, on screens and on paper (two minutes)
	SARAI_HOME=$(DEMO_HOME) PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/pages/run.py

# The queries of docs/queries.md are timed on the release of the demo.
bench: demo ## print timings, among them of the queries in docs/queries.md (minutes)
	$(BIN)/python tests/benchmarks/reading.py
	$(BIN)/python tests/benchmarks/check.py
	PYTHONPATH=tests/expectations:tests/inputs $(BIN)/python tests/benchmarks/gate.py
	PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/benchmarks/matching.py
	PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/benchmarks/disclosure.py
	PYTHONPATH=.:tests:tests/inputs $(BIN)/python tests/benchmarks/known_program.py
	$(BIN)/python tests/benchmarks/suggestions.py
	$(BIN)/python tests/benchmarks/proposals.py tests/golden/demo/inbox
	$(BIN)/python tests/benchmarks/chain.py
	SARAI_HOME=$(DEMO_HOME) $(BIN)/python tests/benchmarks/queries.py
	$(BIN)/python tests/benchmarks/start.py
	$(BIN)/python tests/benchmarks/path.py
	PYTHONPATH=.:tests/inputs $(BIN)/python tests/benchmarks/cluster.py
	PYTHONPATH=.:tests/inputs $(BIN)/python tests/benchmarks/million.py
	SARAI_HOME=$(DEMO_HOME) PYTHONPATH=.:tests/inputs $(BIN)/python tests/benchmarks/serving.py
	SARAI_HOME=$(DEMO_HOME) PYTHONPATH=tests/benchmarks:tests/inputs $(BIN)/python tests/benchmarks/kits.py
	SARAI_HOME=$(DEMO_HOME) PYTHONPATH=tests/inputs $(BIN)/python tests/benchmarks/bulletin.py

# After a change of dependencies, with uv installed anywhere, in this order; versions that still fit are kept:
#   options='--universal --no-strip-extras --python-version 3.11 --generate-hashes --no-header --no-emit-index-url'
#   uv pip compile pyproject.toml --extra install --extra dask --extra kits --extra server --extra dev $options \
#     --output-file requirements.lock
#   uv pip compile pyproject.toml --extra install --constraint requirements.lock $options --output-file requirements-run.lock
#   uv pip compile pyproject.toml --extra install --extra dask --constraint requirements.lock $options \
#     --output-file requirements-dask.lock
#   uv pip compile pyproject.toml --extra install --extra server --constraint requirements.lock $options \
#     --output-file requirements-server.lock
#   uv pip compile pyproject.toml --extra install --extra kits --constraint requirements.lock $options \
#     --output-file requirements-kits.lock
#   uv pip compile --group pyproject.toml:installer $options --output-file requirements-uv.lock
$(INSTALLED): $(RUNNABLE) requirements.lock
	$(STEP) 'Installing the packages for tests into .venv (half a minute)'
	@$(INSTALL) --require-hashes --requirement requirements.lock
	@touch $@

$(RUNNABLE): requirements-run.lock requirements-uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || \
		{ echo 'Sarai needs Python 3.11 or 3.12. Name one: make PYTHON=python3.11'; exit 2; }
	$(STEP) 'Creating .venv (seconds)'
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@command -v uv >/dev/null || $(PIP) --quiet --require-hashes --requirement requirements-uv.lock || \
		echo 'uv cannot be had; pip installs all, which takes longer.'
	$(STEP) 'Installing the packages that Sarai runs with into .venv (half a minute; some minutes without uv)'
	@$(INSTALL) --require-hashes --requirement requirements-run.lock
	$(STEP) 'Installing Sarai into .venv (seconds)'
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
