# `make demo` shows what OpenSocle does, `make test` proves it. Needs Python 3.11 or later; brings the rest by itself.

UV ?= $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PYTHON ?= python3
WORKERS ?= 2
ARGS ?=
RUN := $(UV) run --frozen
OWN_UV := $(filter .uv/bin/uv,$(UV))
export UV_PYTHON_PREFERENCE ?= system
export NO_MKDOCS_2_WARNING := 1
# Trust the certificates that the machine trusts, as many offices look into encrypted traffic with one of their own.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /System/Library),)
export UV_SYSTEM_CERTS ?= 1
endif
SHELL := bash

.PHONY: help demo test test-fast lint format docs docs-serve bench lock clean
.DEFAULT_GOAL := help

help: ## what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1@\2/p' $(MAKEFILE_LIST) | awk -F@ '{printf "%-18s %s\n", $$1, $$2}'

demo: $(OWN_UV) ## the tour of Exemplia, a fictional country (ARGS="…" are options of `socle demo`)
	$(RUN) --no-default-groups --extra report --extra office socle demo $(ARGS)

test: lint docs ## everything that must hold before a change is accepted
	$(RUN) pytest -n $(WORKERS) --dist loadgroup $(ARGS)

test-fast: .venv/ready ## the tests alone, up to the first failure (ARGS="tests/law -k unit")
	$(RUN) pytest -x $(ARGS)

lint: .venv/ready ## style, types and the layers
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) ty check
	$(RUN) mypy
	$(RUN) lint-imports --no-cache --no-logo

format: .venv/ready ## put every Python file into the house's style
	$(RUN) ruff check --fix
	$(RUN) ruff format

docs: .venv/ready ## the documentation's pages, in site/
	$(RUN) mkdocs build --strict --quiet

docs-serve: .venv/ready ## the documentation at http://127.0.0.1:8000, renewed at each change
	$(RUN) mkdocs serve

bench: .venv/ready ## time and memory beside OpenFisca and a query written by hand, and whether they agree (ARGS="--quick")
	PATH="$(abspath $(dir $(UV))):$$PATH" $(RUN) python benchmarks/bench.py $(ARGS)

lock: $(OWN_UV) ## new versions of the libraries, within pyproject.toml
	$(UV) lock --upgrade

clean: ## throw away what can be made again
	rm -rf .venv site dist build .ruff_cache .hypothesis

# The environment: the versions of uv.lock, nothing else.
.venv/ready: pyproject.toml uv.lock | $(OWN_UV)
	$(UV) sync --frozen --all-extras
	@touch $@

# uv, where the machine has none. Debian's python3 comes without venv, some have pip only, and some pip refuse without the last option.
.uv/bin/uv:
	@echo "uv is not installed here: putting it into .uv/"
	@rm -rf .uv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.11 …"; exit 1; }
	@export PIP_ROOT_USER_ACTION=ignore; \
	{ $(PYTHON) -m venv .uv >/dev/null 2>&1 && .uv/bin/python -m pip install --quiet uv; } \
	|| { rm -rf .uv; $(PYTHON) -m pip install --quiet --target .uv uv; } \
	|| { rm -rf .uv; $(PYTHON) -m pip install --quiet --target .uv --break-system-packages uv; } \
	|| { rm -rf .uv; echo "Neither venv nor pip works here. On Debian: apt-get install python3-venv. Or see https://docs.astral.sh/uv/."; exit 1; }
