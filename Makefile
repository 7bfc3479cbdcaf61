# `make` alone lists the commands. Only Python >= 3.11 and make are needed beforehand.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check unit pictures soak bench clean packages packages-dev browser

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
PY := .venv/bin/python
ENVIRONMENT := $(or $(PYTHON),python3) platform/yuantou/launcher/environment.py
# Two workers of pytest, each with a database of its own; WORKERS=0 runs them in one process.
WORKERS ?= 2
SHARED := -n $(WORKERS) --dist loadgroup
ARGS ?=

export PYTHONPATH := platform:.
export PYTHONUTF8 := 1
export PORT DEMO WEB_WORKERS

help: ## 列出命令 · list the commands
	@echo "源头 Yuantou"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile
	@echo "  PORT=8001 换端口 · another port    DEMO=0 不要演示数据 · no demo data"

run: packages ## 启动数据库、网站和定时任务 · start database, web server and scheduler
	@exec $(PY) -m yuantou.launcher

test: check browser ## 全部检查与测试 · all checks and tests
	$(PY) -m pytest $(SHARED) -m "not soak" $(ARGS)

check: packages-dev ## 格式、规范、类型、分层 · format, lint, types, import walls
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

unit: packages-dev ## 不用浏览器的测试 · tests without a browser
	$(PY) -m pytest $(SHARED) -m "not soak and not browser" $(ARGS)

pictures: browser ## 更新文档的截图 · renew the pictures of the docs
	$(PY) -m pytest -m browser tests/journeys $(ARGS)
	@mkdir -p docs/screenshots
	@for pair in intake-phone:intake-360 mediator-disputes-1440:desk-1440 matter-1440:matter-1440 \
		map-1440:map-1440 assessment-1440:assessment-1440 assessment-360:assessment-360 \
		mediator-notices-360:inbox-360 supervision:supervision-1440 \
		coordinator-window-1440:window-1440 map-spots-1440:map-spots-1440 \
		map-compared-1440:map-compared-1440 warnings-list-1440:warnings-list-1440 \
		warnings-open-1440:warnings-open-1440 record-index-1440:record-index-1440 \
		source-letter-effect-1440:source-letter-effect-1440; do \
		cp "test-results/pictures/$${pair%%:*}.png" "docs/screenshots/$${pair##*:}.png"; done

soak: packages-dev ## 长时间随机测试 · the long random tests
	$(PY) -m pytest -m soak $(ARGS)

bench: packages-dev ## 性能测量 · measure speed
	$(PY) -m tests.bench $(ARGS)
	$(PY) -m tests.bench.geography

clean: ## 删除缓存(不动数据和 .venv)· remove caches, keep data and .venv
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find platform geo tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +

packages:
	@$(ENVIRONMENT) requirements.txt

packages-dev:
	@$(ENVIRONMENT) requirements.txt requirements-dev.txt

browser: packages-dev
	@$(PY) -m tests.chromium
