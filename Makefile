# The front door. `make build` and `make run` need nothing but Debian 12, git and make; what else is
# missing gets installed. The real build is CMakeLists.txt; its variants are in CMakePresets.json.

JOBS ?= $(shell nproc)
STAGES := release tidy $(if $(wildcard api/openapi.yaml),contract) fuzz asan tsan

# Debian 12's ThreadSanitizer cannot cope with the address randomisation of newer kernels.
FIXED_ADDRESSES := $(shell setarch -R true 2>/dev/null && echo setarch -R)

CTEST := $(FIXED_ADDRESSES) ctest --parallel $(JOBS) --output-on-failure

.DEFAULT_GOAL := help
.PHONY: help build run test $(STAGES:%=test-%) fuzz soak bench fmt lint clean print-stages

# Stages follow one another: each one already uses all processors.
.NOTPARALLEL:

help:
	@sed -n 's/^## //p' Makefile

## make build     build/release/tideway
build:
	@scripts/install-deps.sh build
	@test -f build/release/build.ninja || cmake --preset release -DBUILD_TESTING=OFF
	cmake --build --preset release --parallel $(JOBS) --target tideway

## make run       build, then serve a demo account with its data in ./data
run: build
	build/release/tideway serve --demo --data-dir data

## make test      everything below that is called test-…
test: $(STAGES:%=test-%)

## make test-release   unit and vector tests, optimised build
test-release: configure-release
	cmake --build --preset release --parallel $(JOBS)
	@$(call run_tests,release,release,--label-exclude 'tidy|openapi'); status=$$?; $(show_vectors); exit $$status

## make test-tidy      layers, lengths and spelling of the source tree
test-tidy: configure-release
	cmake --build --preset release --parallel $(JOBS) --target tideway_tidy_test
	@$(call run_tests,tidy,release,--label-regex tidy)

## make test-contract  api/openapi.yaml against the rules of Spectral
test-contract: configure-release
	@$(call run_tests,contract,release,--label-regex openapi)

## make test-fuzz      random bodies against the record library, for FUZZ_SECONDS (60)
FUZZ_SECONDS ?= 60
test-fuzz: configure-fuzz
	cmake --preset fuzz -DTIDEWAY_FUZZ_SECONDS=$(FUZZ_SECONDS)
	cmake --build --preset fuzz --parallel $(JOBS) --target tideway_record_fuzz
	@$(call run_tests,fuzz,fuzz)

## make test-asan      what reads foreign bytes, under AddressSanitizer and UBSan
test-asan: configure-asan
	cmake --build --preset asan --parallel $(JOBS) --target tideway_tests
	@$(call run_tests,asan,asan)

## make test-tsan      what has threads, under ThreadSanitizer
test-tsan: configure-tsan
	$(FIXED_ADDRESSES) cmake --build --preset tsan --parallel $(JOBS) --target tideway_tests
	@$(call run_tests,tsan,tsan)

configure-%:
	@scripts/install-deps.sh build test
	cmake --preset $* -DBUILD_TESTING=ON

# $(call run_tests,STAGE,PRESET,OPTIONS): the report goes where .ci/run looks for it.
# AddressSanitizer makes frames several times larger; JSON may nest 10,000 deep.
run_tests = echo "== $(1)"; ulimit -s 65536; mkdir -p build/reports && rm -f build/reports/$(1).xml && \
  $(CTEST) --preset $(2) $(3) --no-tests=error --output-junit $(CURDIR)/build/reports/$(1).xml

## make fuzz      the same as test-fuzz
fuzz: test-fuzz

# The contract tests say how many vectors of each type match.
show_vectors = grep -h 'vectors match' build/release/Testing/Temporary/LastTest.log

## make soak      the random tests for longer: a million requests against the model, and a million with kills
soak: configure-release
	cmake --build --preset release --parallel $(JOBS) --target tideway_model_test
	TIDEWAY_MODEL_OPERATIONS=1000000 build/release/tests/tideway_model_test

## make bench     every benchmark, each beside its baseline
bench: bench-deps
	cmake --build --preset release --parallel $(JOBS) --target bench

.PHONY: bench-deps
bench-deps:
	@scripts/install-deps.sh build bench
	cmake --preset release

SOURCES = $(shell find src tests bench -name '*.cc' -o -name '*.h')

## make fmt       format every C++ file
fmt:
	@scripts/install-deps.sh dev
	clang-format-19 -i $(SOURCES)

## make lint      check the format of all files, clang-tidy on those changed since BASE (main)
lint: configure-release
	@scripts/install-deps.sh dev
	clang-format-19 --dry-run --Werror $(SOURCES)
	shellcheck scripts/*.sh .ci/run
	scripts/tidy-changed.sh

## make clean     remove build/
clean:
	rm -rf build

print-stages:
	@echo $(STAGES)
