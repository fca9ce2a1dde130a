# `make` lists what can be made. Everything here is a short name for a command that also works without make.
.DEFAULT_GOAL := help
SECONDS_OF_FUZZING ?= 300

.PHONY: help setup run test soak bench fuzz lint types check ci wheel lock clean

PY := .venv/bin/python

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: ## make .venv with everything a developer needs
	@bash scripts/setup.sh dev

run: ## the main job: corpus/ into out/
	@bash scripts/run.sh

test: ## all tests (make test ARGS="tests/cli -k help")
	@bash scripts/test.sh $(ARGS)

soak: setup ## the slow tests: 200 killed runs, heavy bombs, every sample damaged
	@BAOCAO_SLOW=1 BAOCAO_KILLS=200 $(PY) -m pytest -n 2 tests/hostile

bench: setup ## speed and memory beside other readers (peers: .venv/bin/pip install -e '.[bench]'; ARGS=--many)
	@$(PY) -m bench.speed $(ARGS)

fuzz: setup ## fuzz each reader (make fuzz SECONDS_OF_FUZZING=60); needs pip install atheris
	@$(PY) -m tests.hostile.fuzz $(SECONDS_OF_FUZZING)

lint: setup ## ruff
	@$(PY) -m ruff check .

types: setup ## mypy --strict on the three packages
	@$(PY) -m mypy

check: lint types test ## lint, types, tests

ci: ## what has to pass before a change lands
	@bash .ci/run

wheel: setup ## build dist/baocao-*.whl
	@$(PY) -m build --wheel --no-isolation

lock: ## write requirements/*.txt anew (needs uv)
	@bash scripts/lock.sh

clean: ## remove what can be made again, except out/
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
