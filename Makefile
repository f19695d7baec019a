# The commands. Everything sets itself up on a machine with Python 3.11 and make; `make` alone lists them.
PYTHON := $(or $(PYTHON),$(shell for python in python3.11 python3 python3.12 python3.13; do \
  $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done))
PORT ?= 8000
BIN := .venv/bin
CODE := accord tests bench tools
TRANSLATIONS := $(shell find accord -name '*.po')

.PHONY: help env test-env demo test check fix prove bench load bench-numbers docs who-can-open css lock clean
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile

ifeq ($(PYTHON),)
env test-env:
	@echo "Accord needs Python 3.11 or newer with its venv module (Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1
else
env: ## what Accord runs on, in .venv
	@$(PYTHON) tools/environment.py run
test-env: ## what the tests need, too
	@$(PYTHON) tools/environment.py test
endif

demo: env build/.translated ## Riverbend on http://127.0.0.1:8000 (PORT=8000)
	@$(BIN)/accord demo --serve --port $(PORT)

test: test-env build/.translated ## everything a change needs (ROOM=people: that room, in 90 seconds)
	@$(BIN)/python tools/browser.py ensure >/dev/null
	@files=$$($(BIN)/python -m tests.rooms $(ROOM)) && $(BIN)/pytest -n 2 -m "not prove" $$files

prove: test-env build/.translated ## everything, including the long proofs
	@$(BIN)/python tools/browser.py ensure >/dev/null
	@$(BIN)/python tools/debian_postgres.py 15 >/dev/null || true
	@$(BIN)/pytest -n 2
	@$(BIN)/python -m tests.moments

check: test-env ## style, types, and the order of the rooms, in a minute
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/python tools/templates.py check
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2 -m "not prove" tests/architecture

fix: test-env ## fix what ruff can fix, and format code and templates
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)
	$(BIN)/python tools/templates.py format

bench: test-env build/.translated ## budgets, as ratios to a calibration loop
	$(BIN)/python -m bench

load: test-env build/.translated ## sixteen people at work for two minutes
	$(BIN)/python -m bench.load

bench-numbers: test-env ## the numbers library's budgets
	$(BIN)/python -m bench.numbers

who-can-open: test-env build/.translated ## ask new pages as every person of the demo, and write the table (ALL=1: all pages)
	@ACCORD_WRITE_TABLE=$(if $(ALL),all,new) $(BIN)/pytest -n 0 tests/access/test_who_can_open.py -k everyone

docs: test-env build/.translated ## the pages generated from the code
	$(BIN)/python tools/docs.py

css: ## the style sheets, from their sources (needs Node.js; the result is in the repository)
	cd tools/frontend && npm ci --ignore-scripts && npm run -s css

build/.translated: $(TRANSLATIONS) | env
	@mkdir -p build
	@$(if $(TRANSLATIONS),$(BIN)/python tools/messages.py compile)
	@touch $@

lock: ## new lock files from requirements/*.in
	$(PYTHON) -m venv build/lock && build/lock/bin/pip install -q pip-tools
	cd requirements && for set in run test; do ../build/lock/bin/pip-compile -q --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --strip-extras --no-header --annotation-style=line -o $$set.lock $$set.in; done

clean: ## remove what can be rebuilt; data in var/ stays
	rm -rf "$$(readlink build/test-memory)" build .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
