# Everything here does its own set-up: `make demo` and `make test` are meant to be the first thing typed.
# Paths are relative, so that a checkout may lie in a folder with spaces in its name.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
UV_VERSION := 0.13.9
PIP_AUDIT_VERSION := 2.10.1

.PHONY: help
help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: .venv/.installed ## Make .venv with `muster` in it.
	@echo "ready: .venv/bin/muster"

.PHONY: demo
demo: .venv/.installed broker ## See it work: broker, workers, sample articles, alerts. ONCE=1 ends after the summary.
	@exec $(BIN)/muster demo $(if $(filter-out 0 no false,$(ONCE)),--once)

.PHONY: test
test: .venv/.installed-development broker tools ## Lints, types and all tests, those on the real broker among them.
	$(BIN)/ruff check --no-cache
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 2 --dist loadfile

.PHONY: tools
tools:
	@scripts/test-tools.sh

.PHONY: fuzz
fuzz: .venv/.installed-development ## Feed generated hostile articles to all stages, a hundred times as many as `make test` does.
	$(BIN)/pytest -q tests/hostile --hypothesis-profile=deep

.PHONY: bench
bench: .venv/.installed-development broker ## Measure: one table, each row a ratio inside one run.
	$(BIN)/python -m bench.table

.PHONY: audit
audit: .venv/.installed ## Look the locked packages up among known vulnerabilities. Exit code 2: some could not be looked up.
	@test -x build/audit/bin/pip-audit-$(PIP_AUDIT_VERSION) || { python3 -m venv build/audit \
		&& build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==$(PIP_AUDIT_VERSION) \
		&& ln -sf pip-audit build/audit/bin/pip-audit-$(PIP_AUDIT_VERSION); }
	@$(BIN)/python scripts/audit.py build/audit/bin/pip-audit requirements.txt requirements-development.txt

.PHONY: soak
soak: .venv/.installed-development broker ## Fifty faults on a real broker, and whether what is left is the same. FAULTS=, SEED=
	$(BIN)/python -m bench.soak --faults $(or $(FAULTS),50) --seed $(or $(SEED),1)

.PHONY: corpora
corpora: .venv/.installed ## Fetch the real text of `python -m bench.claims` and `python -m bench.copies` (30 MB).
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --upgrade \
		--target build/corpora gensim==4.4.0

.PHONY: comparators
comparators: .venv/.installed ## Fetch the packages that the bench compares with (160 MB, most of it SciPy).
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --upgrade \
		--target build/comparators datasketch==2.0.0 rensa==0.5.0 scipy==1.17.1 confluent-kafka==2.16.1

.PHONY: broker
broker: .venv/.installed
	@scripts/broker.sh

# The stamps make a second call do nothing; they are older than a requirement file that changed.
.venv/.installed: requirements.txt pyproject.toml scripts/setup.sh scripts/install.sh scripts/packages.sh
	@scripts/setup.sh requirements.txt
	@touch $@

.venv/.installed-development: .venv/.installed requirements-development.txt
	@scripts/install.sh $(BIN)/python requirements-development.txt
	@touch $@

.PHONY: lock
lock: .venv/.installed ## Resolve all dependencies anew, and write their versions and hashes.
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	$(BIN)/uv pip compile --quiet --upgrade $(LOCK) --group build --output-file requirements.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade $(LOCK) --group development --constraint requirements.txt \
		--output-file requirements-development.txt
	$(BIN)/python -m streams.kafka_distribution.download --lock

LOCK := --universal --generate-hashes --python-version 3.11 --no-annotate --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

.PHONY: clean
clean: ## Remove what the targets above made inside the checkout.
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
