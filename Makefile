# Run `make` for the list of targets.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3.11
BIN := .venv/bin

# Nobody is told that these tools run here.
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export DAGSTER_DISABLE_TELEMETRY := yes
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Python keeps what it compiles of the packages: dbt starts in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: .venv/project ## Make the warehouse: seeds, dbt, audit, publish
	@$(BIN)/gouji build

# Assets, checks, the schedule and the sensor, at http://127.0.0.1:3000; what it remembers is in warehouse/.dagster.
.PHONY: dagster
dagster: export DAGSTER_HOME := $(CURDIR)/warehouse/.dagster
dagster: .venv/project ## Run the build in Dagster, on this machine
	@mkdir -p $(DAGSTER_HOME)
	@cp orchestration/dagster.yaml $(DAGSTER_HOME)
	@$(BIN)/dagster dev --host 127.0.0.1 --python-file orchestration/definitions.py

# Both halves run whatever the other says, and pytest's summary comes last.
# A GOUJI_DB or GOUJI_LANDING of the caller would turn the tests to other files.
.PHONY: test
test: .venv/project ## Run every test: dbt's unit and data tests, then pytest
	@unset GOUJI_DB GOUJI_LANDING; [[ -t 1 ]] || export DBT_USE_COLORS=false; \
	dbt=0; $(BIN)/dbt build || dbt=$$?; \
	if (( dbt )); then echo 'make test: dbt build failed, see above; pytest follows' >&2; fi; \
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder && exit $$dbt

# Java comes first: the rest is a download of half a gigabyte.
.PHONY: test-spark
test-spark: java .venv-spark/project ## Build on a Spark cluster on this machine and compare with DuckDB (needs Java 17)
	@unset GOUJI_DB GOUJI_LANDING SPARK_HOME PYSPARK_SUBMIT_ARGS; \
	.venv-spark/bin/python tests/spark --reports $(or $(REPORTS),10000)

.PHONY: java
java:
	@command -v java >/dev/null || [[ -x "$${JAVA_HOME:-}/bin/java" ]] || { \
	  echo "make: Spark needs Java 17, and there is none: install Debian's default-jre-headless" >&2; exit 2; }

# Checks that see less than they should make this fail: REPORTS=20000 SHARE=0.1
.PHONY: faults
faults: .venv/project ## Measure the checks on synthetic reports with planted faults
	@$(BIN)/python -m gouji.synthetic faults --reports $(or $(REPORTS),20000) --share $(or $(SHARE),0.1)

# A screen that accuses too much or finds too little makes this fail.
.PHONY: screens
screens: .venv/project ## Measure the screens on synthetic reports: false alarms, and what they find
	@$(BIN)/python -m gouji.synthetic screens --reports $(or $(REPORTS),20000) --share $(or $(SHARE),0.1)

# N=1000000 for the whole country; GROWTH=1 measures 1,000, 10,000 ... up to N too and draws the picture;
# BENCH='--only queries' runs one step, BENCH=--keep leaves reports and databases for the next one.
.PHONY: bench
bench: .venv/project ## Measure speed and memory on synthetic reports: N=100000
	@unset GOUJI_DB GOUJI_LANDING; \
	$(BIN)/python -m benchmarks --reports $(or $(N),100000) $(if $(GROWTH),--growth) $(BENCH)

# Stops at the first thing that is wrong, and keeps the project as it was then: BUILDS=40 SEED=2
.PHONY: soak
soak: .venv/project ## Build 200 times while things happen and others read (docs/reliability.md)
	@unset GOUJI_DB GOUJI_LANDING; \
	$(BIN)/python -m benchmarks.soak --builds $(or $(BUILDS),200) --seed $(or $(SEED),1)

.PHONY: pictures
pictures: .venv/project ## Take the README's pictures from the published site (needs Chromium)
	@$(BIN)/python docs/pictures/take.py

.PHONY: lint
lint: .venv/project ## Check style, types and the house rules of SQL and YAML
	@$(BIN)/pre-commit run --all-files

.PHONY: format
format: .venv/project ## Mend what the linters can mend by themselves
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@GOUJI_DB=:memory: $(BIN)/sqlfluff fix --quiet models tests/singular

COMPILE = CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
  --no-strip-extras --no-emit-options $(LOCK_ARGS)

.PHONY: lock
lock: ## Write the lock files from pyproject.toml (LOCK_ARGS=--upgrade: newest versions)
	@test -x $(BIN)/pip-compile || $(MAKE) .venv/project
	@$(COMPILE) --extra dev --extra semantic --extra collect --extra ocr --extra orchestration --build-deps-for editable --output-file requirements.lock pyproject.toml
	@$(COMPILE) --extra spark --build-deps-for editable --constraint requirements.lock --output-file requirements-spark.lock pyproject.toml
	@echo 'requirements.lock and requirements-spark.lock are written; the next make installs them'

.PHONY: clean
clean: ## Delete .venv and what dbt and the tests left; keep warehouse/
	@rm -rf .venv .venv-spark target logs *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name .git -prune -o -name __pycache__ -prune -exec rm -rf {} +

# The environment: made anew when the lock file changes, the project put in when its metadata does.
.venv/locked: requirements.lock
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	  echo "make: Gouji needs Python 3.11, and $(PYTHON) is not it. Install it, or name one: make PYTHON=/path/to/python3.11" >&2; \
	  exit 2; }
	@echo "Making .venv from requirements.lock: $$(grep -c == $<) packages, about a minute"
	@$(PYTHON) -m venv --clear .venv
	@PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --progress-bar off --no-compile --no-deps --require-hashes --requirement $< \
	  | sed -u -n -E -e 's/^Collecting (dbt-core|great-expectations|pandas|sqlfluff|virtualenv)=.*/  fetching: \1/p' \
	    -e 's/^Installing collected packages.*/  installing what was fetched/p'
	@$(BIN)/python -m pip check | sed '/^No broken requirements/d'
	@touch $@

.venv/project: .venv/locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Spark has an environment of its own: Great Expectations would load pyspark wherever it finds it.
.venv-spark/locked: requirements-spark.lock
	@$(PYTHON) -m venv --clear .venv-spark
	@.venv-spark/bin/python -m pip install --quiet --no-compile --no-deps --require-hashes --requirement $<
	@.venv-spark/bin/python -m pip check | sed '/^No broken requirements/d'
	@touch $@

.venv-spark/project: .venv-spark/locked pyproject.toml
	@.venv-spark/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
