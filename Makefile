# Every target sets up .venv by itself; once that is done it costs nothing.
# Another interpreter for a new .venv: make demo PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: demo test check lint bench bench-motion bench-orders

demo: $(INSTALLED)
	@$(BIN)/aislewise demo

test: $(INSTALLED)
	$(BIN)/pytest

check: lint test

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks

bench-motion: $(INSTALLED)
	$(BIN)/python -m benchmarks --motion --write

bench-orders: $(INSTALLED)
	$(BIN)/python -m benchmarks --orders --write

# The two variables hold the tools that build the package to constraints.txt too: older
# and newer pip read different ones.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	  2>/dev/null || { echo "Aislewise needs Python 3.11, 3.12 or 3.13;" \
	    "$(PYTHON) is $$($(PYTHON) -V 2>/dev/null || echo 'not installed')."; \
	    echo "Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; } >&2
	@echo "Setting up .venv; once, about a minute."
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv \
	  || { echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
	  $(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
