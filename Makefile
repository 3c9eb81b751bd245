# make demo | check | test | test-all | test-cluster | bench | storms | figures | run
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# What is compiled is kept, whatever the shell says: else every worker and bot compiles all anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo check test test-all test-cluster bench storms figures screenshots run constraints

help:
	@echo "make demo          a workspace on this machine and the bot in it"
	@echo "make check         lint, types, contracts, fast tests (< 60 s)"
	@echo "make test          check, then whole conversations, kills, the wheel (< 8 min)"
	@echo "make test-all      test, and all that needs servers or Chromium"
	@echo "make test-cluster  what needs a Kubernetes cluster, on KUBECONFIG"
	@echo "make bench         how fast it is"
	@echo "make storms        what storms of alerts lose, whom they disturb, what they cost"
	@echo "make figures       how much is left half made when calls fail and the bot is killed"
	@echo "make screenshots   the pictures in docs/images, anew"
	@echo "make run           the bot, with the tokens in .env"

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

demo:
	@began=$$(date +%s); $(MAKE) --no-print-directory --silent $(VENV)/installed && \
		echo "Installed in $$(($$(date +%s) - began)) s."
	@exec $(BIN)/responder sandbox

check: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q -n auto -m "not slow and not server and not browser"

test: check
	$(BIN)/python -m pytest -q -n 2 -m "slow and not server and not browser"

# Where CI or RESPONDER_NEEDS_SERVERS is set, a missing server or browser is a failure; elsewhere its tests are skipped.
test-all: test
	$(BIN)/python -m pytest -q -n 2 -m "server or browser"

test-cluster:
	@echo "No test needs a cluster yet: remediation is not built. KUBECONFIG is left alone."

bench: $(VENV)/installed
	$(BIN)/python -m tests.bench

storms: $(VENV)/installed
	$(BIN)/python -m tests.storms

figures: $(VENV)/installed
	$(BIN)/python -m tests.figures

screenshots: $(VENV)/installed
	$(BIN)/python -m tests.screenshots

run: $(VENV)/installed
	$(BIN)/python -m bot

constraints: $(VENV)/installed
	@echo "# Versions that were tested together; names and versions only. Renew: make constraints" > constraints.txt
	$(BIN)/python -m pip freeze --exclude-editable >> constraints.txt
