.DEFAULT_GOAL := help
SHELL := /bin/sh
export PYTHON
# Byte code that is thrown away would be compiled again by each of Airflow's processes.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
WORKERS ?= 2

.PHONY: help install install-dev demo stop reset test check format lock docs screenshots schema bench soak

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

install: ## Make .venv with the locked packages
	@scripts/install run

install-dev:
	@scripts/install dev

demo: install ## A filled, living Pushline in Airflow on this machine
	@$(BIN)/pushline demo up

stop: ## Stop the demo; its data stays
	@test ! -x $(BIN)/pushline || $(BIN)/pushline demo down

reset: ## Stop the demo and throw its data away
	@test ! -x $(BIN)/pushline || $(BIN)/pushline demo reset $(if $(YES),--yes)

test: install-dev ## Run the tests on a throw-away Postgres
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile -q $(ARGS)

check: install-dev ## Lint, types, import directions, SQL style, docs up to date
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --processes $(WORKERS) --disable-progress-bar -q sql
	@$(BIN)/python -m scripts.docs --check

format: install-dev ## Put Python and SQL into house style
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format -q .
	@$(BIN)/sqlfluff fix --processes $(WORKERS) --disable-progress-bar -q sql || true

bench: install-dev ## Measure; e.g. make bench ONLY=plan,claim SIZE=1m
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY)) $(if $(SIZE),--size $(SIZE))

soak: install-dev ## Faults, laws and hostile input for a while; e.g. make soak MINUTES=30 ONLY=faults
	@$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),30) $(if $(ONLY),--only $(ONLY))

docs: install-dev ## Write docs/reference anew from the code
	@$(BIN)/python -m scripts.docs

screenshots: install-dev ## Take docs/pictures anew, of the demo that runs here
	@$(BIN)/python -m scripts.screenshots $(if $(ONLY),--only $(ONLY))

schema: install-dev ## Write sql/schema.sql anew from the migrations
	@$(BIN)/python -m pushline.database.snapshot

lock: install-dev ## Resolve requirements*.in anew
	@for kind in "" -dev -production; do \
	    $(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
	        -o requirements$$kind.txt requirements$$kind.in || exit 1; \
	done
