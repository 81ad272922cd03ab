# The only commands that anyone needs. Everything is installed into .venv; nothing is changed outside this folder.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
LEARNERS ?= 1000

.DEFAULT_GOAL := help
.PHONY: help demo test odd-days check bench storm year generate clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.venv/run: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[postgresql,charts]'
	@touch $@

.venv/dev: .venv/run
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

demo: .venv/run ## run the bot in your browser, with no account
	$(BIN)/mentorbot demo $(ARGS)

test: .venv/dev ## run the tests
	$(BIN)/python -m pytest -n auto $(ARGS)

# A Sunday, the last day of a year, 29 February, and both nights in which the clocks change where TZ is.
# FAKETIME_DONT_FAKE_MONOTONIC: time-outs go on as they are; only the wall clock is moved.
odd-days: .venv/dev ## run the fast tests on five odd days; needs Debian's faketime
	@for day in 'Europe/Berlin 2026-12-06 12:00:00' 'Pacific/Auckland 2027-12-31 23:59:30' 'America/New_York 2028-02-29 00:00:30' \
	            'Europe/Berlin 2027-03-28 01:59:30' 'America/New_York 2027-11-07 01:59:30'; do \
	  set -- $$day; echo "$$2 $$3 in $$1"; \
	  TZ=$$1 FAKETIME_DONT_FAKE_MONOTONIC=1 faketime "$$2 $$3" $(BIN)/python -m pytest -q -n auto -m fast $(ARGS) || exit 1; \
	done

check: .venv/dev ## everything that must be true before a change lands, but for the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/mentorbot content check
	$(BIN)/python deploy/generate.py --check
	$(BIN)/python deploy/try_wheel.py

bench: .venv/dev ## measure: search quality, answers against a bare handler, planning, delivery
	$(BIN)/python -m tests.benchmarks.ask
	$(BIN)/python -m tests.benchmarks.answers
	$(BIN)/python -m tests.benchmarks.planning
	$(BIN)/python -m tests.benchmarks.delivery

storm: .venv/dev ## kill the bot 200 times while it posts 5,000 messages, on both databases; nothing may be lost or come twice
	$(BIN)/python -m tests.storm.storm

year: .venv/dev ## live through a year of simulated time with 1,000 learners in 40 zones, and judge every message; LEARNERS=… for more
	$(BIN)/python -m tests.year.year $(LEARNERS)

generate: .venv/dev ## write the generated files again
	$(BIN)/python deploy/generate.py

clean: ## remove what these commands made
	rm -rf .venv dist build
