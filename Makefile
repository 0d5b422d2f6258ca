# Two commands do everything: `make demo` and `make test`. Each sets up what it needs, once.
# Needs python3 (3.11 or later, with venv) and make.

.DELETE_ON_ERROR:
.PHONY: help setup demo up test test-faults lint types test-serving check-infra fuzz resilience bench-serving cost \
  function-archive bench-reading demo-php test-php test-php-kill test-bridge-kill debian lock clean

CANDIDATES := python3.13 python3.12 python3.11 python3.14 python3
USABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in $(CANDIDATES); do $$p -c '$(USABLE)' 2>/dev/null && echo $$p && break; done)
VENV_PYTHON := .venv/bin/python
WHEELS := function/wheels
CHECKED := function infra serving training tests

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do \
	  printf '  make %-14s %s\n' "$$name" "$$what"; done

setup: .venv/.done build/venv-function/.done build/fixtures/.done ## make what the others need, unless it is there

demo: setup ## upload the sample sheets to the local stack and show each result
	@$(VENV_PYTHON) -m infra.local.demo

up: setup ## run the local stack until Ctrl-C, for an application of one's own
	@$(VENV_PYTHON) -m infra.local.up $(ARGS)

test: setup debian ## run every test
	@$(VENV_PYTHON) -m pytest $(ARGS)

test-faults: setup ## let everything around the function fail in turn: each fault a test (about six minutes)
	@SHEETID_FAULTS=all $(VENV_PYTHON) -m pytest tests/e2e/faults $(ARGS)

lint: .venv/.done ## check style and formatting
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check

types: .venv/.done ## check types
	@.venv/bin/mypy $(CHECKED)

test-serving: .venv/.done ## hold a TensorFlow Serving to the contract: make test-serving SERVING_TARGET=host:port
	@test -n "$(SERVING_TARGET)" || { echo "usage: make test-serving SERVING_TARGET=host:port" >&2; exit 2; }
	@SERVING_TARGET=$(SERVING_TARGET) $(VENV_PYTHON) -m pytest tests/integration/serving $(ARGS)

check-infra: .venv/.done build/venv-checks/.done ## check what is deployed, without a cloud
	@$(VENV_PYTHON) -m infra.checks

fuzz: build/venv-fuzz/.done ## fuzz what reads input from outside, guided by coverage: ARGS="--runs 1000000 --seconds 600"
	@build/venv-fuzz/bin/python -m tests.fuzz $(ARGS)

resilience: setup build/venv-fuzz/.done ## faults, load, a soak, fuzzing: what it withstands (20 minutes): ARGS="--only soak"
	@$(VENV_PYTHON) -m tests.resilience $(ARGS)

bench-serving: setup ## measure cold starts, sheets and batches (0.6 GB are fetched to compare with TensorFlow)
	@$(VENV_PYTHON) -m tests.benchmarks.serving

cost: .venv/.done ## compute the tables of docs/cost.md anew
	@$(VENV_PYTHON) -m infra.cost

function-archive: .venv/.done ## pack what is deployed as the function: build/function.zip
	@$(VENV_PYTHON) -m infra.release.package build/function.zip

bench-reading: .venv/.done build/venv-bench/.done ## compare readers on the same sheets (needs tesseract): ARGS="--count 100"
	@$(VENV_PYTHON) -m tests.benchmarks.reading $(ARGS)

bench-stages: .venv/.done ## measure where the time of a sheet goes
	@$(VENV_PYTHON) -m tests.benchmarks.stages

demo-php: setup debian examples/php/vendor/autoload.php ## upload and subscribe with PHP: row by row
	@$(VENV_PYTHON) -m infra.local.demo_php

test-php: setup debian ## run the tests of the PHP package alone
	@$(VENV_PYTHON) -m pytest tests/php $(ARGS)

test-php-kill: setup debian ## kill the PHP worker in 100 runs of 20 messages (about three minutes)
	@SHEETID_PHP_KILL_RUNS=100 $(VENV_PYTHON) -m pytest tests/php/test_worker_killed.py $(ARGS)

test-bridge-kill: setup debian ## kill bridge and function, twice, while 500 jobs are moved (some minutes)
	@SHEETID_BRIDGE_JOBS=500 $(VENV_PYTHON) -m pytest tests/integration/bridge/test_bridge_killed.py $(ARGS)

fonts: build/fonts/.done ## fetch the fonts that training prints with (Debian packages, nothing is installed)

train: build/venv-training/.done build/fonts/.done ## make strips, train, test and report: build/training/<run>/
	@$(TRAINING) train $(ARGS)

compare-training: build/venv-training/.done build/fonts/.done ## train the baselines and write training/RESULTS.md
	@$(TRAINING) compare

release-model: build/venv-training/.done ## make the latest run the next version, unless it is worse than the last
	@$(TRAINING) release $(ARGS)

test-training: build/venv-training/.done ## run the tests that need TensorFlow
	@PYTHONPATH=function build/venv-training/bin/python -m pytest tests/integration/training $(ARGS)

clean: ## remove everything that was made, the environments too
	rm -rf build .venv $(WHEELS) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

# --- environments ---------------------------------------------------------------------------------------------------

PIP := -m pip --disable-pip-version-check --no-input install --no-compile

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "python3 of version 3.11 or later with venv is needed:" \
	  "apt install python3 python3-venv" >&2; exit 1; }
	@echo "» .venv, with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv

$(WHEELS)/.done: function/cut_protos_wheel.py | .venv/bin/python
	@$(VENV_PYTHON) function/cut_protos_wheel.py $(WHEELS)
	@touch $@

.venv/.done: requirements-dev.txt pyproject.toml $(WHEELS)/.done
	@echo "» .venv: tools, tests and the local stack (about a minute)"
	@$(VENV_PYTHON) $(PIP) --require-hashes -r requirements-dev.txt
	@$(VENV_PYTHON) $(PIP) --no-deps -e .
	@touch $@

build/venv-function/.done: function/requirements.txt $(WHEELS)/.done
	@echo "» build/venv-function: exactly what the deployed function has"
	@$(VENV_PYTHON) -m venv --clear build/venv-function
	@build/venv-function/bin/python $(PIP) --require-hashes -r function/requirements.txt
	@touch $@

build/fixtures/.done: $(wildcard tests/corpus/*.py) | .venv/.done
	@echo "» build/fixtures: the sample sheets"
	@$(VENV_PYTHON) -m tests.corpus.fixtures build/fixtures >build/fixtures.txt
	@touch $@

build/venv-checks/.done: infra/requirements-checks.txt | .venv/bin/python
	@echo "» build/venv-checks: checkers of infra/"
	@$(VENV_PYTHON) -m venv --clear build/venv-checks
	@build/venv-checks/bin/python $(PIP) --require-hashes -r infra/requirements-checks.txt
	@touch $@

build/venv-fuzz/.done: tests/fuzz/requirements.txt function/requirements.txt $(WHEELS)/.done
	@echo "» build/venv-fuzz: the fuzzer, and what the deployed function has"
	@$(VENV_PYTHON) -m venv --clear build/venv-fuzz
	@build/venv-fuzz/bin/python $(PIP) --require-hashes -r function/requirements.txt -r tests/fuzz/requirements.txt
	@touch $@

build/venv-bench/.done: tests/benchmarks/requirements.txt | .venv/bin/python
	@echo "» build/venv-bench: the OCR library that the benchmark compares with"
	@$(VENV_PYTHON) -m venv --clear build/venv-bench
	@build/venv-bench/bin/python $(PIP) --require-hashes -r tests/benchmarks/requirements.txt
	@touch $@

# --- programs from Debian, and PHP's libraries ------------------------------------------------------------------------

DEBIAN := php-cli php-curl php-gd php-mbstring php-sqlite3 php-xml phpunit php-codesniffer beanstalkd
DEBIAN_PROGRAMS := php phpunit phpcs beanstalkd
MISSING = for p in $(DEBIAN_PROGRAMS); do command -v $$p >/dev/null || echo $$p; done

# Installed where that is allowed; where it is not, the tests that need them say that they were left out.
debian:
	@missing="$$($(MISSING))"; test -z "$$missing" && exit 0; \
	if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
	  echo "» $(DEBIAN), from apt"; \
	  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
	    apt-get -qq install --yes --no-install-recommends $(DEBIAN); } >/dev/null; \
	fi; \
	missing="$$($(MISSING))"; test -z "$$missing" || \
	  echo "» left out, what needs" $$missing": as root, apt install $(DEBIAN)"

examples/php/vendor/autoload.php:
	@command -v composer >/dev/null || { echo "composer is needed: as root, apt install composer" >&2; exit 1; }
	@composer install --no-dev --no-interaction --working-dir=examples/php

# Arrays come and go by the thousand: memory that the C library gave back each time would be asked for again (malloc(3)).
KEPT_MEMORY := MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456
TRAINING := $(KEPT_MEMORY) PYTHONPATH=function build/venv-training/bin/python -m training

build/venv-training/.done: training/requirements.txt | .venv/bin/python
	@echo "» build/venv-training: TensorFlow and what training needs (1.9 GB)"
	@$(VENV_PYTHON) -m venv --clear build/venv-training
	@build/venv-training/bin/python $(PIP) --no-deps --require-hashes -r training/requirements.txt
	@touch $@

build/fonts/.done: training/synthesis/packages.txt build/venv-training/.done
	@$(TRAINING) fonts
	@touch $@

# --- locks ----------------------------------------------------------------------------------------------------------

UV := build/venv-lock/bin/uv
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --no-emit-index-url --find-links $(WHEELS) $(1).in -o $(1).txt
FIND_LINKS = { echo "--find-links $(2)"; cat $(1).txt; } > $(1).new && mv $(1).new $(1).txt

lock: $(WHEELS)/.done $(UV) ## pin the requirements anew from the *.in files
	$(call COMPILE,function/requirements)
	@$(call FIND_LINKS,function/requirements,./wheels)
	$(call COMPILE,requirements-dev)
	@$(call FIND_LINKS,requirements-dev,./$(WHEELS))
	$(call COMPILE,tests/benchmarks/requirements)
	$(call COMPILE,tests/fuzz/requirements)
	$(call COMPILE,infra/requirements-checks)
	$(call COMPILE,training/requirements) --no-emit-package tensorflow

$(UV): | .venv/bin/python
	@$(VENV_PYTHON) -m venv build/venv-lock
	@build/venv-lock/bin/python $(PIP) uv==0.13.9
