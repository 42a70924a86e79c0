# Two commands are enough on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
.PHONY: venv dev demo test cover lint crash simulate races crowd fuzz bench screenshots archive pin chromium clean

BIN := .venv/bin
# The first interpreter ≥ 3.12 that really runs: a pyenv shim may exist and still not run.
FIND_PYTHON = for p in python3.13 python3.14 python3.12 python3 $$HOME/.pyenv/versions/3.1[2-9]*/bin/python; do \
	if "$$p" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then echo "$$p"; exit; fi; done; \
	echo "Python 3.12 or newer is needed: apt-get install python3 python3-venv" >&2; exit 1

venv: .venv/run.stamp  ## the environment that `make demo` needs
dev: .venv/dev.stamp  ## and what tests and lint need

.venv/bin/uv:
	python=$$($(FIND_PYTHON)) && "$$python" -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check "uv==0.13.9"

.venv/run.stamp: requirements.txt pyproject.toml | .venv/bin/uv
	$(BIN)/uv pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	$(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

demo: venv  ## makes the sample programme in ./demo-data and serves it at 127.0.0.1:8000
	$(BIN)/lianqiao demo

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy lianqiao tests
	$(BIN)/lint-imports

chromium:  ## Debian's Chromium and Chinese fonts, for the tests that open pages
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } || \
		echo "no Chromium and no right to install it: the browser tests will be skipped, and will say so"

test: dev lint chromium
	$(BIN)/pytest -n 2 --dist loadfile
	LIANQIAO_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 --dist loadfile -m data

cover: dev chromium  ## which lines no test reaches; takes nearly twice as long as the tests by themselves
	$(BIN)/pytest -n 2 --dist loadfile --cov=lianqiao --cov-report=
	LIANQIAO_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 --dist loadfile -m data --cov=lianqiao --cov-append --cov-report=term:skip-covered

crash: dev  ## 200 commands killed at random points on each database, each found whole or absent; prints its seed
	$(BIN)/python -m tests.crash 200
	$(BIN)/python -m tests.crash 200 --postgresql

simulate: dev  ## 200,000 random operations held against a naive model (and 20,000 on PostgreSQL); prints its seeds
	$(BIN)/python -m tests.simulation 200000
	$(BIN)/python -m tests.simulation 20000 --postgresql

races: dev  ## how long twenty writers wait beside an import of 20,000 rows, on each database
	$(BIN)/python -m tests.races
	$(BIN)/python -m tests.races --postgresql

crowd: dev  ## twenty people at once against the real server, on each database: nothing lost, nothing doubled, no 500
	$(BIN)/python -m tests.crowd
	$(BIN)/python -m tests.crowd --postgresql

fuzz: dev  ## 100,000 workbooks made up, damaged or wild: no traceback, no row lost, no partial write
	LIANQIAO_TEST_FUZZ=50 $(BIN)/pytest tests/workbooks/fuzz -q

bench: dev  ## measures on both databases, and writes docs/performance.md anew; takes hours, a part of it: see `python -m benchmarks --help`
	$(BIN)/uv pip install --quiet --require-hashes -r requirements-bench.txt
	$(BIN)/python -m benchmarks claims
	for seekers in 10000 100000; do $(BIN)/python -m benchmarks matching --seekers $$seekers; done
	for database in "" --postgresql; do for part in bulk workbooks national desk portal briefings; do $(BIN)/python -m benchmarks $$part $$database; done; done

screenshots: dev chromium  ## the pictures of the README and the guide, taken anew from the sample
	$(BIN)/python docs/take_pictures.py

# What an office server without internet installs from: our wheel and those of all it needs, with their hashes, and the script.
archive: venv  ## dist/lianqiao-VERSION.tar: everything that `install.sh` needs on a machine without internet
	rm -rf build dist/wheels && mkdir -p dist/wheels
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --only-binary :all: --no-deps --require-hashes -r requirements.txt -d dist/wheels
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w dist/wheels .
	cp docs/install.sh requirements.txt dist/wheels/
	$(BIN)/python -c 'import platform, sys; print("%d.%d" % sys.version_info[:2], sys.platform, platform.machine())' > dist/wheels/PYTHON-VERSION
	cd dist && tar -cf lianqiao-$$(ls wheels | sed -n 's/^lianqiao-\([0-9.]*\)-.*/\1/p').tar --transform 's,^wheels,lianqiao,' wheels && ls -l lianqiao-*.tar


pin:  ## writes the hashed requirements anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links pyproject.toml setuptools.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml setuptools.in -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra dev --extra bench pyproject.toml setuptools.in -o requirements-bench.txt

clean:
	rm -rf .venv demo-data
