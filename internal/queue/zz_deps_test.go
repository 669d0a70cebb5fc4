package queue_test

import (
	_ "github.com/Shopify/toxiproxy/v2"
	_ "github.com/failsafe-go/failsafe-go/circuitbreaker"
	_ "github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/redis/rueidis"
	_ "github.com/riverqueue/river"
	_ "github.com/riverqueue/river/riverdriver/riverpgxv5"
	_ "github.com/riverqueue/river/riverdriver/riversqlite"
	_ "github.com/riverqueue/river/rivermigrate"
	_ "riverqueue.com/riverui"
)
