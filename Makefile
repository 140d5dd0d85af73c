# make demo     a whole month end on an invented law office, in a folder of its own
# make test     everything that must hold: style, types, tests
# make torture  the long form of the tests that have one: an hour and more of kills and of chance
# make bench    how fast it is, beside a plain loop that does the same work
# make curves   how time and memory grow up to 100,000 matters, with the picture of it
# make peers    how long a key press waits, beside other programs, which it installs from PyPI
# make clean    take away what these made

VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
# A kept package that brings axe-core along; the Playwright that it asks for isn't needed.
AXE := 'axe-playwright-python>=0.1.8'

# The tests start hundreds of programs; what is compiled is kept, also where a container says not to.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test torture bench curves peers clean
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	@$(BIN)/billcli demo

test: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@command -v hledger >/dev/null || echo "hledger isn't here, so what it proves of the exported" \
		"books is skipped. On Debian and Ubuntu: apt-get install hledger"
	@command -v chromium >/dev/null || echo "Chromium isn't here, so nobody looks at the" \
		"dashboard. On Debian and Ubuntu: apt-get install chromium"
	@$(BIN)/python -c 'import weasyprint' 2>/dev/null || echo "WeasyPrint finds no Pango, so no PDF is" \
		"made. On Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
	@command -v pdftotext >/dev/null || echo "pdftotext isn't here, so nobody reads the PDFs." \
		"On Debian and Ubuntu: apt-get install poppler-utils"
	@echo "$(BIN)/python -m pytest -n $(JOBS) --dist worksteal, and $(BIN)/mypy beside it"; \
	$(BIN)/mypy >$(VENV)/types.txt 2>&1 & types=$$!; \
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal; tests=$$?; \
	wait $$types; types=$$?; cat $(VENV)/types.txt; exit $$((tests + types))

torture: $(VENV)/installed-for-tests
	@$(BIN)/python -c 'import atheris' 2>/dev/null || echo "atheris isn't here, so no search is led" \
		"by the lines it reaches: $(BIN)/pip install atheris"
	$(BIN)/python -m pytest --torture -n $(JOBS) --dist worksteal

bench: $(VENV)/installed-for-tests
	$(BIN)/python benchmarks/run.py

curves: $(VENV)/installed-for-tests
	$(BIN)/python benchmarks/curves.py

peers: $(VENV)/installed-for-tests
	$(BIN)/python benchmarks/peers.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find billcli tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Each mark is made last, so that an interrupted step is taken again. An installation for the
# tests also serves the demo.
$(VENV)/installed: pyproject.toml | $(VENV)/made
	@test $(VENV)/installed-for-tests -nt pyproject.toml || \
		{ echo "Installing billcli into $(VENV) …"; $(BIN)/pip install --quiet --editable .; }
	@touch $@

$(VENV)/installed-for-tests: pyproject.toml | $(VENV)/made
	@echo "Installing billcli and what its tests need into $(VENV) …"
	@$(BIN)/pip install --quiet --no-compile --editable '.[dev]'
	@$(BIN)/pip install --quiet --no-deps $(AXE) || echo "axe-core isn't here, so nobody asks" \
		"whether the dashboard can be read by everybody."
	@touch $@

$(VENV)/made:
	@for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$($$python --version) …"; \
			$$python -m venv $(VENV) && touch $@ && exit 0; \
			echo "$$python could not make a virtual environment (see above)." >&2; exit 1; \
		fi; \
	done; \
	echo "billcli needs Python 3.11 or newer, and $(or $(PYTHON),python3) is" \
		"$$($(or $(PYTHON),python3) --version 2>&1). Install one, or name it:" \
		"make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1
