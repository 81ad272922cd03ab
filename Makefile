# All the commands you need. Everything is installed into .venv; nothing outside this folder changes.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
LEARNERS ?= 1000

.DEFAULT_GOAL := help
.PHONY: help demo test texts odd-days check bench load storm year generate lock clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.venv/run: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[postgresql,charts,semantic,llm]'
	@touch $@

.venv/dev: .venv/run
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

demo: .venv/run ## try the bot in your browser; no account needed
	$(BIN)/mentorbot demo $(ARGS)

test: .venv/dev ## run the tests; ARGS="-m fast" for the quick ones
	$(BIN)/python -m pytest -n auto $(ARGS)

texts: .venv/dev ## print every card, form, error and notification the tests without servers render, each once, to read them aloud
	@$(BIN)/python -m pytest -q -n auto -p tests.texts --texts texts.txt -m serverless $(ARGS) >&2 || true
	@cat texts.txt; rm texts.txt

# A Sunday, the last day of a year, 29 February, and both nights when the clocks change in TZ.
ODD_DAYS := '2026-12-06T12:00:00 Europe/Berlin' '2027-12-31T23:59:30 Pacific/Auckland' '2028-02-29T00:00:30 America/New_York' \
  '2027-03-28T01:59:30 Europe/Berlin' '2027-11-07T01:59:30 America/New_York'

odd-days: .venv/dev ## run the tests without servers on five odd days
	@for now in $(ODD_DAYS); do \
	  echo "$$now"; $(BIN)/python -m pytest -q -n auto -p tests.odd_days --now "$$now" -m serverless $(ARGS) || exit 1; \
	done

check: .venv/dev ## check everything else a change needs: lint, types, imports, packs, generated files, the wheel
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/mentorbot content check
	$(BIN)/python deploy/generate.py --check
	$(BIN)/python deploy/try_wheel.py

bench: .venv/dev ## measure search quality, answers against a bare handler, planning and delivery
	$(BIN)/python -m tests.benchmarks.ask
	$(BIN)/python -m tests.benchmarks.answers
	$(BIN)/python -m tests.benchmarks.discord_answers
	$(BIN)/python -m tests.benchmarks.planning
	$(BIN)/python -m tests.benchmarks.delivery

load: .venv/dev ## 10,000 people use the bot for a minute while it sends 10,000 messages; SECONDS=… and PEOPLE=… for other numbers
	$(BIN)/python -m tests.benchmarks.load

storm: .venv/dev ## kill the bot 200 times while it posts 5,000 messages, on both databases; none may get lost or arrive twice
	$(BIN)/python -m tests.storm.storm

year: .venv/dev ## simulate a year with 1,000 learners in 40 zones and judge every message; LEARNERS=… for more
	$(BIN)/python -m tests.year.year $(LEARNERS)

generate: .venv/dev ## rewrite the generated files
	$(BIN)/python deploy/generate.py

lock: .venv/dev ## pin the newest dependencies, with their hashes, for the image
	$(BIN)/uv pip compile pyproject.toml --extra postgresql --extra charts --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --upgrade --quiet -o deploy/requirements.lock

clean: ## remove what these commands created
	rm -rf .venv dist build
