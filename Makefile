# make book             the book                 -> _build/html/index.html
# make site             the book whose cells run in the browser -> _build/site, which is what is published; PYODIDE names
#                       a folder or a base address of Pyodide's files: by default where its makers publish them
# make pdf              the book on paper        -> _build/pdf/training-a-softmax-classifier.pdf; needs chromium
# make epub             the book for e-readers   -> _build/epub/training-a-softmax-classifier.epub
# make test             every check that needs nothing else, but for the slow ones
# make release          the assignments as students get them, and the wheel -> _build/release; makes the secret of your course, once;
#                       STUDENTS=list.csv adds numbers.csv, a number for each student
# make grade-proof      that the grader gives what is due: every mistake, every question
# make site-test        the pages in a browser, Debian's chromium: access, layout, weight, keyboard
# make test-pyodide     every notebook in the Python of the browser, whose files PYODIDE names
# make test-live        every page of `make site`, run in a browser; PYODIDE as above
# make test-system      what is slow, and what needs Debian's bubblewrap and chromium, or Pyodide: grading in sandboxes, and
#                       both above
# make test-floor       the package's tests, and every notebook, under the oldest NumPy and Matplotlib
# make test-frameworks  the book's listings for PyTorch, JAX and Keras, with these installed
# make bench            accuracy and speed against the peers -> tests/benchmarks/results*.json
# make refresh          run the notebooks and write their outputs
# make lint             style, types and import rules of the code, and the rules that a notebook keeps
# make requirements     choose the pinned versions anew
#
# `make book` and `make test` need Python 3.11 or newer and nothing else. PYTHON=... names another one.

SUPPORTED = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p -c '$(SUPPORTED)' 2>/dev/null && echo $$p && break; done)
RUN = .venv/bin/python -m
PYTEST = $(RUN) pytest -p tools.without_iris
SECONDS = 2
HERE = not slow and not browser and not sandbox and not pyodide and not live
NBVAL = -p tools.notebooks.nbval_figures --nbval --nbval-current-env
NOTEBOOKS = book tools/notebooks/template.ipynb
INSTALL = $(RUN) pip install --quiet --disable-pip-version-check

# Else hundreds of short processes would each compile all that they import.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: book site pdf epub test release grade-proof site-test test-pyodide test-live test-system test-floor test-frameworks bench \
	refresh lint requirements

book: .venv/installed
	@rm -rf _build/html
	.venv/bin/jupyter-book build . --all -W -n --keep-going
	@$(if $(filter site,$(MAKECMDGOALS)),,echo "These pages run no code: make site adds that.")

site: epub
	$(RUN) tools.site

# `make test` builds the book: what is asked for beside it takes that one.
BOOK = $(if $(filter test,$(MAKECMDGOALS)),test,book)

epub: $(BOOK)
	$(RUN) tools.book_ext.epub

# Debian's Chromium prints the pages of the site.
pdf: book
	$(RUN) tools.book_ext.pdf

# Two processes with two threads of OpenBLAS each would wait for each other.
# What shares a long set-up comes first, when the processes still get many tests in a row.
test: .venv/installed
	@$(MAKE) --no-print-directory -j2 lint book
	OPENBLAS_NUM_THREADS=1 $(PYTEST) -n 2 $(NBVAL) -m '$(HERE)' tests/site tests/conformance softmax_lib tests $(NOTEBOOKS)

release: .venv/installed
	$(RUN) tools.course.release $(if $(STUDENTS),--students $(STUDENTS))
	$(RUN) hatchling build --target wheel --directory _build/release

grade-proof: book
	$(PYTEST) -n 2 -m 'not sandbox' tests/course \
		tests/site/test_site.py::test_the_site_offers_each_assignment_and_none_of_its_secrets

site-test: book
	$(PYTEST) -n 2 --dist worksteal -m browser tests/site

# Where nothing says where Pyodide's files are, the tests that need them say so and are left out.
LIVE = $(if $(PYODIDE),site,.venv/installed)
FIREFOX = $(if $(PYODIDE),node_modules/puppeteer-core)

test-pyodide: $(LIVE)
	$(PYTEST) -n 2 -m pyodide -r s tests/notebooks

test-live: $(LIVE) $(FIREFOX)
	$(PYTEST) -n 2 --dist worksteal -m live -r s tests/site/live

# All in one run: neither core waits for the other at the end of each. And while one test waits
# for a clock or a browser, another works.
QUICK = slow or browser or pyodide or sandbox or (live and not weekly)
test-system: $(BOOK) $(LIVE) $(FIREFOX)
	OPENBLAS_NUM_THREADS=1 $(PYTEST) -n 3 --dist worksteal -r s -m '$(QUICK)' tests

# Texts alone: the IPython of today shows no figure of the oldest Matplotlib.
test-floor:
	$(PYTHON) -m venv _build/floor
	grep -vE '^(numpy|matplotlib|pyparsing)==' requirements.txt > _build/floor/requirements.txt
	_build/floor/bin/python -m pip install --quiet --disable-pip-version-check \
		--requirement _build/floor/requirements.txt \
		numpy==2.0.2 matplotlib==3.8.4 pyparsing==3.1.4
	PYTHONPATH=$(CURDIR) OPENBLAS_NUM_THREADS=1 _build/floor/bin/python -m pytest -n 3 --dist loadfile \
		--nbval --nbval-current-env softmax_lib tests/softmax_lib tests/conformance book

# What may steer OpenBLAS is left to its own choice.
BENCH = env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 \
	_build/bench/bin/python -m pytest --seconds $(SECONDS)
RESULTS = tests/benchmarks/results

bench: _build/bench/installed
	$(BENCH) tests/benchmarks --results $(RESULTS).json
	NPY_DISABLE_CPU_FEATURES="$$(_build/bench/bin/python -m tests.support.vector_instructions)" \
		ATEN_CPU_CAPABILITY=avx2 $(BENCH) tests/benchmarks/test_accuracy_table.py \
		tests/benchmarks/test_speed.py --results $(RESULTS)-without-avx512.json

test-frameworks: _build/bench/installed
	_build/bench/bin/python -m pytest tests/conformance/test_frameworks.py tests/conformance/test_pytorch_semantics.py

# PyTorch wants an older mpmath than the tests do.
_build/bench/installed: requirements.txt requirements-bench.txt
	$(PYTHON) -m venv _build/bench
	grep -v '^mpmath==' requirements.txt > _build/bench/requirements.txt
	_build/bench/bin/python -m pip install --quiet --disable-pip-version-check \
		--requirement _build/bench/requirements.txt --requirement requirements-bench.txt
	@touch $@

refresh: .venv/installed
	.venv/bin/python tools/refresh.py

lint: .venv/installed
	$(RUN) ruff format --check
	$(RUN) ruff check
	.venv/bin/lint-imports --no-logo
	$(RUN) mypy
	$(RUN) tools.notebooks.lint

requirements:
	uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-annotate --no-header \
		--group book --group test --group course pyproject.toml --output-file requirements.txt

# Firefox's driver, for the tests alone.
node_modules/puppeteer-core: package.json .venv/installed
	.venv/bin/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@ node_modules/.package-lock.json

# Without --package-lock-only npm would write the addresses of its registry into the lock.
package-lock.json: package.json .venv/installed
	.venv/bin/npm install --package-lock-only --omit-lockfile-registry-resolved

.venv/installed: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "This book needs Python 3.11 or newer with its venv module." \
		"Install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv .venv
	$(INSTALL) --requirement requirements.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
