# Sanctions Watch on one machine. `make` alone lists what there is.
#
#   FEEDS=include/feeds.yaml      watch the world's real feeds instead of the bundled replay
#   WAREHOUSE_URL=postgresql://…  keep the warehouse on a server of your own (PostgreSQL 15 or newer)
#   PYTHON=python3.12             the interpreter that .venv is made with
#   ONCE=1                        end when the replay has gone through

SHELL = /bin/sh
.DEFAULT_GOAL = help
.PHONY: help run stop status clean mailbox test check lock environment environment-test

export PYTHONPATH := $(CURDIR)/plugins
export FEEDS WAREHOUSE_URL ONCE PYTHON
# Login shells set MAIL to a mail folder: only the one of the command line is meant.
NUMBER = $(if $(filter command,$(firstword $(origin MAIL))),$(MAIL))
LOCAL = .venv/bin/python -P -m sanctions_watch.local

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: environment ## start everything and show the bundled replay (FEEDS=include/feeds.yaml: the real feeds)
	@exec $(LOCAL) run

stop: ## stop everything that `make run` started
	@if [ -x .venv/bin/python ]; then exec $(LOCAL) stop; else echo "Nothing runs: there is no .venv yet."; fi

status: ## say what runs, and where
	@if [ -x .venv/bin/python ]; then exec $(LOCAL) status; else echo "Nothing runs: there is no .venv yet (make run makes it)."; fi

mailbox: ## list the mails that were sent (MAIL=3 prints the third)
	@if [ -x .venv/bin/python ]; then exec $(LOCAL) mailbox $(NUMBER); else echo "No mails: there is no .venv yet (make run makes it)."; fi

clean: ## stop everything and remove var/ (.venv stays)
	@if [ -x .venv/bin/python ]; then exec $(LOCAL) clean; else rm -rf var; fi

test: environment-test ## run the tests (the whole system on the replay: pytest -m end_to_end)
	@exec .venv/bin/python -m pytest tests -n 2 --dist loadscope

check: environment-test ## style, types and the boundaries between the layers
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

lock: environment-test ## resolve requirements*.in anew, for all supported Pythons, with hashes (needs uv)
	@uv --version >/dev/null 2>&1 || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 1; }
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --upgrade requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --upgrade requirements-dev.in -o requirements-dev.txt

environment:
	@scripts/environment.sh

environment-test:
	@scripts/environment.sh dev
