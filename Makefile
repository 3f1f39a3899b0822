# kaigiroku: everything a fresh machine needs is Python 3.11+ (with pip and venv), make and git.
#   make demo    set up, then draft the minutes of the sample meeting into demo/
#   make test    set up, then the checks (ruff, mypy, import direction) and the whole test suite
#   make faults  kill, fill and damage a library over and over (docs/reliability.md; TRIES=30, about an hour)
#   make lint    the checks alone        make bench   the benchmarks        make clean   remove what make made
#   make kit     all of it in one folder, for machines without network (docs/operate.md)
# PYTHON=python3.12 make … picks another Python; VENV=… another place for the environment.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SAMPLE := audio_samples
TRIES ?= 30
BENCH ?= ../shared/bench
KIT ?= dist/kit

export KAIGIROKU_REQUIRE_WEIGHTS = 1
export PYANNOTE_METRICS_ENABLED = false
export HF_HUB_DISABLE_TELEMETRY = 1

.PHONY: demo test lint bench kit kit-test faults clean setup test-setup weights
.DELETE_ON_ERROR:

demo: setup weights
	$(BIN)/kaigiroku draft $(SAMPLE)/meeting.opus \
		--meeting $(SAMPLE)/meeting.toml --out demo

test: test-setup weights lint
	@.ci/office
	$(BIN)/python -m pipeline.kit --system linux dist/kit-linux
	KAIGIROKU_KIT=dist/kit-linux $(BIN)/python -m pytest

lint: test-setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: test-setup weights
	set -e; for script in $$(grep -l -e --bench benchmarks/*.py); do $(BIN)/python $$script --bench $(BENCH); done

# KIT_OPTIONS="--system windows --python 3.12 --extra cluster": one system, other Pythons, optional parts.
kit: setup weights
	$(BIN)/python -m pipeline.kit $(KIT_OPTIONS) $(KIT)

kit-test: test-setup kit
	KAIGIROKU_KIT=$(KIT) $(BIN)/python -m pytest tests/kit

faults: test-setup weights
	PYTHONPATH=$(CURDIR):$(CURDIR)/tests $(BIN)/python -m faults --tries $(TRIES)

clean:
	rm -rf demo build dist $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@echo "The weights in models/ stay; delete their folders there if you want them gone."

setup: $(VENV)/.installed
test-setup: $(VENV)/.installed-for-tests
weights: models/.prepared

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "make: $(PYTHON) is not Python 3.11 or newer. Install one, then: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "make: $(PYTHON) cannot make virtual environments. Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The build tools come from the same pins as everything else, hence no build isolation.
$(VENV)/.installed: $(VENV)/.python pyproject.toml constraints.txt
	@echo "Installing the pinned packages into $(VENV) (a few minutes the first time) …"
	$(PIP) install -c constraints.txt hatchling editables
	$(PIP) install -c constraints.txt --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-for-tests: $(VENV)/.installed
	$(PIP) install -c constraints.txt --no-build-isolation -e '.[test]'
	@$(PIP) install -c constraints.txt meeteval simplejson >/dev/null 2>&1 || \
		echo "make: meeteval could not be built (needs a C++ compiler); comparisons with it are skipped." >&2
	@touch $@

models/.prepared: models/manifest.toml | $(VENV)/.installed
	$(BIN)/kaigiroku models fetch
	@touch $@
