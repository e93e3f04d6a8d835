# Building, testing and installing Descent. 'make help' lists what there is.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help

binary := .build/release/descent
share := $(DESTDIR)$(PREFIX)/share/descent

# One file to run anywhere: the Swift libraries go into it.
ifeq ($(shell uname -s),Linux)
release_flags := --static-swift-stdlib
endif

export SWIFT

.PHONY: help setup run build test lint format reference bench install uninstall clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## check Swift and install missing system packages (Debian, Ubuntu)
	@.ci/setup

run: build ## build and open the prompt
	@$(binary)

build: setup ## build .build/release/descent
	@$(SWIFT) build -c release $(release_flags) --product descent

# The whole log is kept; what is shown is the build's problems, the failures and the closing line.
test: setup ## build and run every test
	@$(SWIFT) build -q
	@$(SWIFT) test -q --disable-xctest 2>&1 | tee .build/test.log

lint: ## check that the sources are formatted
	@$(SWIFT) format lint --strict --parallel --recursive Sources Tests Package.swift

format: ## format the sources
	@$(SWIFT) format --in-place --parallel --recursive Sources Tests Package.swift

reference: build ## write docs/reference.md anew
	@.ci/reference $(binary)

bench: build ## run the benchmarks
	@Benchmarks/run.sh

install: ## copy the program and its files to PREFIX (/usr/local; DESTDIR is honoured)
	@test -x $(binary) || $(MAKE) --no-print-directory build
	@mkdir -p "$(DESTDIR)$(PREFIX)/bin"
	@install -m 755 $(binary) "$(DESTDIR)$(PREFIX)/bin/descent"
	@-strip "$(DESTDIR)$(PREFIX)/bin/descent" 2>/dev/null
	@.ci/install-tree Sources/Optimizers/Rules "$(share)/rules"
	@.ci/install-tree lessons "$(share)/lessons"
	@.ci/install-tree datasets "$(share)/datasets"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/descent and $(share)"

uninstall: ## remove what install copied
	@rm -f "$(DESTDIR)$(PREFIX)/bin/descent"
	@rm -rf "$(share)"

clean: ## remove everything built
	@rm -rf .build
