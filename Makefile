# The only commands that anyone needs. Everything is installed into .venv; nothing is changed outside this folder.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
LEARNERS ?= 1000

.DEFAULT_GOAL := help
.PHONY: help demo test check bench storm year generate clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

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
