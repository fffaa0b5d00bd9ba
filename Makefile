# Everything a fresh machine needs is made here: Python 3.11 or newer, pip and make are enough.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# Most tests wait for servers and terminals: a few at a time take no longer than one.
JOBS ?= 3
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test check format unit wheel bench clients soak shoot clean

run: $(VENV)/.run
	@$(BIN)/ollama-tui $(ARGS)

test: $(VENV)/.test check unit wheel

check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.test
	$(BIN)/pytest -n $(JOBS) --dist worksteal $(ARGS)

wheel: $(VENV)/.test
	$(BIN)/python tests/wheel.py

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.test
	$(BIN)/python -m pytest tests/bench/bench_*.py -s -p no:cacheprovider $(ARGS)

clients: $(VENV)/.test
	$(PYTHON) -m venv build/clients
	build/clients/bin/python -m pip install --quiet --disable-pip-version-check langchain-ollama oterm
	! command -v npm >/dev/null || npm install --silent --no-audit --no-fund --prefix build/clients ollama
	$(BIN)/pytest tests/clients -v $(ARGS)

soak: $(VENV)/.test
	SOAK=1 $(BIN)/pytest -s tests/cuts $(ARGS)

shoot: $(VENV)/.test
	$(BIN)/pytest tests/pictures --shoot

clean:
	rm -rf $(VENV) build dist

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; make run PYTHON=/path/to/python names one."; exit 1; }
	@# Debian's Python makes no environment with pip in it, but its pip can fill one.
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { $(PYTHON) -m venv --clear --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }
	$(INSTALL) --upgrade pip
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml constraints.txt
	$(INSTALL) -e '.[local]'
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(INSTALL) -e '.[local]' --group dev
	@touch $@
