# Python and make are all that is needed: `make chat` and `make test` set up .venv by themselves.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# A name on the PATH may be a shim of a Python that is not switched on, so each one is run.
SUITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c '$(SUITS)' >/dev/null 2>&1 && echo $$python && break; done)

PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install -qq --require-hashes --no-deps --only-binary :all:
# Compiled at once, so that not even the first start has to.
INSTALL_OURSELVES := $(PIP) install -qq --no-deps --no-build-isolation --no-index --editable . \
	&& $(BIN)/python -m compileall -q bot dialogs knowledge scheduler storage

# .venv holds absolute paths: one that was moved or whose Python is gone is made anew.
HERE := $(shell test "$$(cat $(VENV)/.made 2>/dev/null)" = "$(CURDIR)" && $(BIN)/python -c '' 2>/dev/null && echo yes)
ifneq ($(HERE),yes)
.PHONY: $(VENV)/.made
endif

.PHONY: help setup chat serve test slow lint format fuzz bench lock env-example reference clean

help:
	@echo 'make chat    talk to the advisor in this terminal, e.g. make chat ARGS="--lang en"'
	@echo 'make serve   the same for others, on what .env switches on; docs/operations.md'
	@echo 'make test    everything that must hold: lint, types, import contracts, licences, YAML, the suite'
	@echo 'make lint    the first four of these          make format  lay out the code'
	@echo 'make slow    the tests that measure or seek for minutes'
	@echo 'make fuzz    the properties, 100,000 tries each; less with FUZZ=1000'
	@echo 'make bench   the quick measurements; the longer ones, each alone: make load, crash, reminders, storm, year, simulation'
	@echo 'make setup   .venv with all that maintainers need'
	@echo 'make lock    the requirements files from pyproject.toml; newer releases with ARGS=--upgrade'
	@echo 'make env-example   .env.example from bot/settings.py'
	@echo 'make reference     docs/checks.md, docs/flow-yaml.md and docs/schema from what they tell of'
	@echo 'make clean   remove .venv and what tools leave behind'

# ---- Set-up: a stamp says what .venv holds

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Lampwise needs Python 3.11, 3.12 or 3.13, and none was found." \
		"Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -c '$(SUITS)' || { echo "Lampwise needs Python 3.11, 3.12 or 3.13;" \
		"$(PYTHON) is none of these. Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks its venv module." \
		"On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	@echo "Setting up $(VENV), once; this takes about half a minute." >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@printf '%s\n' "$(CURDIR)" > $@

$(VENV)/.run: $(VENV)/.made requirements.txt pyproject.toml
	@$(INSTALL) -r requirements.txt
	@$(INSTALL_OURSELVES)
	@touch $@

$(VENV)/.serve: $(VENV)/.made requirements-serve.txt pyproject.toml
	@$(INSTALL) -r requirements-serve.txt
	@$(INSTALL_OURSELVES)
	@touch $(VENV)/.run $@

$(VENV)/.dev: $(VENV)/.made requirements-dev.txt pyproject.toml
	@$(INSTALL) -r requirements-dev.txt
	@$(INSTALL_OURSELVES)
	@touch $(VENV)/.run $@

setup: $(VENV)/.dev

# ---- Use

chat: $(VENV)/.run
	@$(BIN)/lampwise chat $(ARGS)

serve: $(VENV)/.serve
	@exec $(BIN)/lampwise serve $(ARGS)

# ---- Checks

test: lint
	@$(BIN)/lampwise check
	@$(BIN)/python -m pytest -q -n auto $(ARGS)

lint: $(VENV)/.dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --diff .
	@$(BIN)/pyright --pythonpath $(BIN)/python --warnings
	@$(BIN)/lint-imports --no-logo --no-cache > $(VENV)/imports.txt || { cat $(VENV)/imports.txt; exit 1; }
	@$(BIN)/pip-licenses > $(VENV)/licences.txt

slow: $(VENV)/.dev
	@$(BIN)/python -m pytest -q -n auto -m slow $(ARGS)

format: $(VENV)/.dev
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

FUZZ ?= 100000
fuzz: $(VENV)/.dev
	@FUZZ=$(FUZZ) $(BIN)/python -m pytest -q -n auto -m fuzz --hypothesis-profile=fuzz $(ARGS)

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks $(ARGS)

LONGER := crash load reminders simulation storm year
.PHONY: $(LONGER)
$(LONGER): $(VENV)/.dev
	@$(BIN)/python -m benchmarks.$@ $(ARGS)

# ---- What is made from something else

# uv is only for whoever changes the pins, so it is in neither file.
UV := uv==0.13.9
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --quiet --no-config --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --group build
EXTRAS := --extra telegram --extra aiogram --extra pictures --extra postgresql
lock: $(VENV)/.made
	@$(PIP) install -qq --only-binary :all: '$(UV)'
	@$(COMPILE) $(ARGS) --output-file requirements.txt
	@$(COMPILE) $(ARGS) --group dev $(EXTRAS) --constraints requirements.txt --output-file requirements-dev.txt
	@$(COMPILE) $(ARGS) $(EXTRAS) --constraints requirements-dev.txt --output-file requirements-serve.txt

env-example: $(VENV)/.run
	@$(BIN)/python -m bot.env_example > .env.example

reference: $(VENV)/.dev
	@$(BIN)/python -m tests.reference

clean:
	@rm -rf $(VENV) build dist .hypothesis .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
