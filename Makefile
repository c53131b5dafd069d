# Casefiles: `make demo` to try it, `make check` and `make test` before every commit.
# PORT, DATA_DIR, DEMO_PASSWORD and the other settings go through, as make variables or from the environment.

SHELL := /bin/sh
VENV := .venv
PYTHON_IN_VENV := $(VENV)/bin/python
STAMPS := $(VENV)/stamps
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP_INSTALL := $(PYTHON_IN_VENV) -m pip install --quiet --only-binary :all: --no-binary searoute --require-hashes --no-deps

# A stamp's name carries the checksum of what it stands for: another lock, another stamp, another installation.
checksum = $(shell cat $(1) 2>/dev/null | cksum | tr ' ' '-')
RUNTIME := $(STAMPS)/runtime-$(call checksum,requirements.txt)
DEVELOPMENT := $(STAMPS)/development-$(call checksum,requirements.txt requirements-dev.txt)

.DEFAULT_GOAL := help
.PHONY: help demo install runtime browser-files check test bench format lock clean

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: runtime browser-files ## Install what is missing, load the Angara case and serve it on 127.0.0.1
	@CASEFILES_DEMO=1 $(PYTHON_IN_VENV) manage.py demo

install: $(DEVELOPMENT) browser-files ## Install everything for developing
runtime: $(RUNTIME)

browser-files: $(RUNTIME)
	@$(PYTHON_IN_VENV) tools/install_browser_files.py

check: $(DEVELOPMENT) ## Static checks: format, lint, layers, templates, types, migrations
	@$(PYTHON_IN_VENV) -m tools.run_checks

test: install ## All tests on SQLite and PostgreSQL, and the journeys in a browser; ARGS go to pytest
	@$(PYTHON_IN_VENV) -m tools.run_tests $(ARGS)

bench: $(DEVELOPMENT) browser-files ## Measure against the floor, a bare Django project; ARGS say how much
	@$(PYTHON_IN_VENV) -m benchmarks $(ARGS)

format: $(DEVELOPMENT) ## Rewrite Python and templates in the house style
	@$(VENV)/bin/ruff check --quiet --fix --exit-zero . && $(VENV)/bin/ruff format --quiet .
	@git ls-files -co --exclude-standard 'templates/*.html' | xargs $(VENV)/bin/djade --target-version 5.2 || true

LOCK := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
  --no-emit-find-links --custom-compile-command 'make lock'
lock: $(DEVELOPMENT) ## Write the three locks anew; UPGRADE=--upgrade takes newer versions
	$(VENV)/bin/$(LOCK) $(UPGRADE) requirements.in -o requirements.txt
	$(VENV)/bin/$(LOCK) $(UPGRADE) requirements-s3.in -o requirements-s3.txt
	$(VENV)/bin/$(LOCK) $(UPGRADE) requirements-dev.in -o requirements-dev.txt

clean: ## Remove the environment and every cache; data in var/ stays
	rm -rf $(VENV) .cache .ruff_cache test-reports node_modules static/vendor

# --- Installing --------------------------------------------------------------------------------------------------

$(RUNTIME): requirements.txt
	@sh tools/make_environment.sh $(VENV)
	@echo "Installing requirements"
	@$(PIP_INSTALL) -r requirements.txt
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/runtime-* && touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt
	@echo "Installing requirements for developing"
	@$(PIP_INSTALL) -r requirements-dev.txt
	@rm -f $(STAMPS)/development-* && touch $@
