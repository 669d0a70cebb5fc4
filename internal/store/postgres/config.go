package postgres

import (
	"regexp"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/battlescope/battlescope/internal/fault"
)

// settings are what every connection has unless the URL says otherwise.
var settings = map[string]string{
	"application_name": "battlescope",
	// A process that vanished with its connection open must not hold the others up.
	"idle_in_transaction_session_timeout": "60s",
	"tcp_keepalives_idle":                 "30",
	"tcp_keepalives_interval":             "10",
	"tcp_keepalives_count":                "3",
	// What is asked for often is in memory, or on a disk without heads to move.
	"random_page_cost": "1.1",
	// Compiling takes longer than any of our queries.
	"jit": "off",
}

var poolSize = regexp.MustCompile(`\bpool_max_conns\s*=`)

// parse reads the address of a database. What is wrong with it is not repeated: the
// part that could not be understood may be the password.
func parse(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fault.New("the database URL cannot be read",
			"write it like postgres://user:password@host:5432/battlescope, with % codes for characters like / @ : # ? in the password")
	}
	if !poolSize.MatchString(dsn) {
		cfg.MaxConns = connections
	}
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = connectTime
	}
	for name, value := range settings {
		if _, set := cfg.ConnConfig.RuntimeParams[name]; !set {
			cfg.ConnConfig.RuntimeParams[name] = value
		}
	}
	return cfg, nil
}
