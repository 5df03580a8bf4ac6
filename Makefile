# Two commands for a newcomer: `make demo` and `make test`. Both do all set-up themselves.
.PHONY: demo test lint bench campaign setup setup-dev clean
PY = .venv/bin/python

demo: setup
	$(PY) -m ui.cli demo

setup:
	@packaging/bootstrap.sh run

setup-dev:
	@packaging/bootstrap.sh dev

# What shares the machine's card slots, device-service ports or processors runs alone, the rest in two workers.
ALONE = tests/journeys tests/drivers/card tests/drivers/sbi tests/drivers/stage tests/drivers/camera

test: setup-dev
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -q -m "not slow" $(ALONE)
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -q -m "not slow" -n 2 $(ALONE:%=--ignore=%) tests

lint: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup-dev
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.bench

campaign: setup-dev
	REKAM_CAMPAIGN=1 QT_QPA_PLATFORM=offscreen $(PY) -m pytest -q -m slow

clean:
	rm -rf .venv build dist *.egg-info ui/i18n/*.qm
