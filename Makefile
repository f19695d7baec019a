# The doors. Everything sets itself up on a machine with Python 3.11 and make.
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: css env test-env demo test check prove bench bench-numbers docs lock

env: .venv/.run
test-env: .venv/.test

.venv/.run: requirements/run.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/run.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test: .venv/.run requirements/test.lock
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/test.lock
	@touch $@

check: .venv/.test
	$(BIN)/ruff check accord tests bench
	$(BIN)/ruff format --check accord tests bench
	$(BIN)/mypy

test: .venv/.test
	$(BIN)/pytest -n 2 -m "not prove"

prove: .venv/.test
	$(BIN)/pytest -n 2

lock:
	$(PYTHON) -m venv .venv/lock && .venv/lock/bin/pip install -q pip-tools
	cd requirements && for f in run test; do ../.venv/lock/bin/pip-compile -q --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --strip-extras --no-header --annotation-style=line -o $$f.lock $$f.in; done

# Only for whoever changes the look: the compiled style sheet is committed, a machine with Python alone runs.
css:
	cd tools/frontend && npm ci --ignore-scripts && npm run -s css
