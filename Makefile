# Everything a newcomer needs: `make demo` runs a shop, `make test` proves the code.
# PORT and HOST are set here, so that a shell's own HOST variable does not leak in; `make demo PORT=9000` still wins.
HOST = 127.0.0.1
PORT = 8000
DEMO = demo
# Two, because browser tests and PostgreSQL share the cores; `make test JOBS=8` on a larger machine.
JOBS = 2
# Passed on to pytest: `make test TESTS="tests/domain -k refund"`.
TESTS =

VENV = .venv
BIN = $(VENV)/bin
JUDGES = tests/judges
TYPED = storegen tools .typing/storegen_plugins .typing/storegen_themes

export PUPPETEER_SKIP_DOWNLOAD = 1
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD = 1
export CHROMEDRIVER_SKIP_DOWNLOAD = true
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL = help
.PHONY: help demo test lint judge bench clean

help:
	@echo "make demo    install, generate the sample brand's shop in ./$(DEMO) and serve it (PORT=$(PORT) HOST=$(HOST))"
	@echo "make test    the whole suite: lint, types, architecture contracts, tests on SQLite and PostgreSQL"
	@echo "make lint    the part of the suite that starts nothing"
	@echo "make judge   every outside judge, Lighthouse too, on a generated shop; prints one table"
	@echo "make bench   every benchmark; each prints a ratio"
	@echo "make clean   remove all that the targets above made: .venv, ./$(DEMO), caches"

# -- environments ---------------------------------------------------------------------------------
# A stamp per set of dependencies, so that the second run installs nothing. Editable, so that edited
# code is live without a reinstall; a wheel's contents are the matter of tests/test_packaging.py.

$(VENV)/.run: setup.cfg pyproject.toml tools/make-venv
	@tools/make-venv $(VENV)
	@echo "Installing storegen and what it needs into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: setup.cfg pyproject.toml tools/make-venv
	@tools/make-venv $(VENV)
	@echo "Installing storegen and the test tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $@ $(VENV)/.run

$(JUDGES)/node_modules/.quick: $(JUDGES)/package-lock.json
	@tools/npm-install $(JUDGES) --omit=dev && if [ -d $(@D) ]; then touch $@; fi

$(JUDGES)/node_modules/.all: $(JUDGES)/package-lock.json
	@tools/npm-install $(JUDGES) && if [ -d $(@D) ]; then touch $@ $(@D)/.quick; fi

# -- targets --------------------------------------------------------------------------------------

demo: $(VENV)/.run
	@test -f $(DEMO)/store.toml || $(BIN)/storegen new $(DEMO) --sample
	@exec $(BIN)/storegen serve $(DEMO) --host $(HOST) --port $(PORT) --print-admin-link

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet storegen plugins themes

test: lint $(JUDGES)/node_modules/.quick
	@$(BIN)/pytest -n $(JOBS) --dist loadgroup $(TESTS)

judge: $(VENV)/.dev $(JUDGES)/node_modules/.all
	@$(BIN)/python tools/judge.py

bench: $(VENV)/.dev
	@set -e; for script in bench/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script; done

clean:
	rm -rf $(VENV) $(DEMO) build dist *.egg-info .judge .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(JUDGES)/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
