# The front door: `make`, `make test`, `make demo`; `make help` lists the rest.

BUILD  ?= build
JOBS   ?= $(shell nproc)
PYTHON ?= python3
# How long `make fuzz` runs each target.
SECONDS ?= 60
# What `make check` compares with: lines changed since then must be laid out by clang-format and pass clang-tidy.
BASE   ?= HEAD

LINENC = $(BUILD)/linenc
VENV   = $(BUILD)/flax-venv

.PHONY: all linenc install configure test demo check format format-check tidy golden schemas asan fuzz debug runtime-only \
        flax-venv flax-goldens bench faults clean help

all: linenc

help:
	@echo 'make               build/linenc; installs what is missing with apt'
	@echo 'make test          builds everything and runs every test'
	@echo 'make demo          variables of models/cnn.yaml from a seed, and its output for eight digits'
	@echo 'make check         layout, clang-tidy of changed files (BASE=HEAD), then every test'
	@echo 'make format        lays out every file'
	@echo 'make golden        rewrites the expected texts of tests/golden and docs/reference; review the diff'
	@echo 'make schemas       rewrites schemas/ from the catalog'
	@echo 'make asan          every test under the address and undefined-behaviour sanitizers, in build-asan'
	@echo 'make fuzz          runs each fuzz target for SECONDS=60 with clang and the sanitizers, in build-fuzz'
	@echo 'make debug         build-debug/linenc, without optimisation'
	@echo 'make runtime-only  builds and tests runtime/ without the compiler, in build-runtime'
	@echo 'make faults        every system call of init and apply -o fails once, and the program is killed at each'
	@echo 'make flax-goldens  makes the expectations of tests/flax again with real Flax; fails if they differ'
	@echo 'make bench         times beside Flax and ONNX Runtime'

# Nothing is installed, and no network used, where everything is there.
install:
	@sh .ci/install

configure: install
	@mkdir -p $(BUILD)
	@cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release > $(BUILD)/configure.log 2>&1 || { cat $(BUILD)/configure.log; exit 1; }

linenc: configure
	@cmake --build $(BUILD) -j $(JOBS) --target linenc

test: configure
	@cmake --build $(BUILD) -j $(JOBS)
	@ctest --test-dir $(BUILD) --output-on-failure -j 2

demo: linenc
	$(LINENC) init models/cnn.yaml --seed 42 -o $(BUILD)/cnn.bin --force
	$(LINENC) apply models/cnn.yaml $(BUILD)/cnn.bin models/data/digits.npy

check: format-check tidy test

CHANGED = $(shell git diff --name-only --diff-filter=d $(BASE) -- '*.cpp' '*.h')

format:
	@git ls-files '*.cpp' '*.h' | xargs clang-format-14 -i

format-check:
	@if ! command -v clang-format-14 > /dev/null; then echo 'clang-format-14 is not installed: layout is not checked'; \
	 else git ls-files '*.cpp' '*.h' | xargs clang-format-14 --dry-run --Werror || { echo 'make format lays out these files'; exit 1; }; fi

tidy: configure
	@if ! command -v clang-tidy > /dev/null; then echo 'clang-tidy is not installed: not run'; \
	 elif [ -n '$(filter %.cpp,$(CHANGED))' ]; then clang-tidy --quiet -p $(BUILD) $(filter %.cpp,$(CHANGED)); fi

golden: configure
	@cmake --build $(BUILD) -j $(JOBS)
	-@LINENC_UPDATE_GOLDENS=1 ctest --test-dir $(BUILD) -j 2 -R '^(golden|docs|compiler/driver)$$' > $(BUILD)/golden.log 2>&1
	@git --no-pager diff --stat -- tests docs

schemas: linenc
	@$(LINENC) schema > $(BUILD)/linenc.schema.json
	@cp $(BUILD)/linenc.schema.json schemas/linenc.schema.json
	@git --no-pager diff --stat -- schemas

asan: install
	@cmake --preset asan > /dev/null
	@cmake --build build-asan -j $(JOBS)
	@ulimit -s 65536; ctest --test-dir build-asan --output-on-failure -j 2   # frames are larger under the sanitizers

fuzz:
	@sh .ci/install clang-14 libclang-rt-14-dev
	@cmake --preset fuzz > /dev/null
	@cmake --build build-fuzz -j $(JOBS) --target fuzz
	@sh tests/fuzz/run.sh build-fuzz $(SECONDS) $(JOBS)

debug: install
	@cmake --preset debug > /dev/null
	@cmake --build build-debug -j $(JOBS) --target linenc

runtime-only: install
	@cmake -S . -B build-runtime -G Ninja -DCMAKE_BUILD_TYPE=Release -DLINENC_RUNTIME_ONLY=ON > /dev/null
	@cmake --build build-runtime -j $(JOBS)
	@ctest --test-dir build-runtime --output-on-failure -j 2

flax-venv: $(VENV)/.ready

$(VENV)/.ready: tests/flax/requirements.txt tests/bench/requirements.txt
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -r tests/flax/requirements.txt -r tests/bench/requirements.txt
	@touch $@

flax-goldens: flax-venv
	@set -e; for script in tests/flax/make_*.py; do echo $$script; $(VENV)/bin/python $$script; done
	git --no-pager diff --exit-code --stat -- tests models

bench: linenc flax-venv
	@cmake --build $(BUILD) -j $(JOBS) --target linenc_call_time
	@$(VENV)/bin/python tests/bench/bench.py --linenc $(LINENC) --call-time $(BUILD)/tests/linenc_call_time

faults: linenc
	@command -v strace > /dev/null || apt-get install -y -q strace
	@$(PYTHON) tests/faults/faults.py $(LINENC)

clean:
	rm -rf build build-*
