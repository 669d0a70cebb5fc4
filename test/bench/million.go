package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/stdlib"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
)

// wanted is how many killmails the large store has.
const wanted = 1_000_000

// opener opens a store and its database itself.
type opener func(ctx context.Context) (*sqlstore.Store, *sql.DB, error)

func openSQLite(dir string) opener {
	return func(ctx context.Context) (*sqlstore.Store, *sql.DB, error) {
		s, err := sqlite.Open(ctx, dir)
		if err != nil {
			return nil, nil, err
		}
		file := &url.URL{Path: filepath.Join(dir, sqlite.FileName)}
		db, err := sql.Open("sqlite", "file:"+file.EscapedPath()+"?_pragma=busy_timeout(10000)&_pragma=cache_size(-262144)&_pragma=synchronous(OFF)")
		return s, db, err
	}
}

func openPostgres(dsn string) opener {
	return func(ctx context.Context) (*sqlstore.Store, *sql.DB, error) {
		db, err := postgres.Open(ctx, dsn, postgres.Options{Migrate: true})
		if err != nil {
			return nil, nil, err
		}
		return db.Store, stdlib.OpenDBFromPool(db.Pool), nil
	}
}

// million measures the API on a store of a million killmails.
func (b *bench) million() error {
	for _, t := range b.stores {
		start := time.Now()
		n, err := b.multiply(context.Background(), t)
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		large := t
		large.name = fmt.Sprintf("%s, %d killmails", t.name, n)
		b.row(large.name, "filled in "+time.Since(start).Round(time.Second).String(), "by copying what was imported")
		if err := b.nightly(large); err != nil {
			return fmt.Errorf("%s: %w", large.name, err)
		}
		if err := b.latencies(large); err != nil {
			return fmt.Errorf("%s: %w", large.name, err)
		}
	}
	return nil
}

// nightly does and measures the daily work, which a server that finds it undone would
// begin with, beside the requests that are measured.
func (b *bench) nightly(t target) error {
	for _, task := range []string{"maintenance", "retention", "verify-data"} {
		start := time.Now()
		cmd := exec.Command(b.binary, slices.Concat([]string{"job", task, "--no-esi"}, t.args)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("job %s: %w\n%s", task, err, out)
		}
		b.row(t.name+": job "+task, time.Since(start).Round(10*time.Millisecond).String(), "once a day")
	}
	return nil
}

// copied are the tables whose rows are multiplied, and by which column a row is known
// to be one of the first.
var copied = []struct{ table, by string }{
	{"killmails", "killmail_id"}, {"participants", "killmail_id"}, {"battles", "id"},
	{"battle_systems", "battle_id"}, {"battle_killmails", "killmail_id"}, {"battle_sides", "battle_id"}, {"battle_members", "battle_id"},
	{"battle_participants", "battle_id"}, {"battle_participant_hulls", "battle_id"}, {"battle_hulls", "battle_id"}, {"battle_revisions", "battle_id"},
}

// multiply fills a store with copies of its killmails and battles, each some days
// further in the past, until there are enough. The first were stored and clustered the
// usual way, so the copies are what many such days would have left.
func (b *bench) multiply(ctx context.Context, t target) (n int64, err error) {
	s, db, err := t.open(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close(), s.Close()) }()
	sum, err := s.Summary(ctx, time.Now(), time.Now())
	if err != nil || sum.Killmails >= wanted {
		return sum.Killmails, err
	}
	if sum.Killmails == 0 {
		return 0, errors.New("measure the import first: there is nothing to copy")
	}
	var c copies
	row := db.QueryRowContext(ctx, "SELECT MIN(killmail_id), MAX(killmail_id), MIN(occurred_at), MAX(occurred_at) FROM killmails")
	if err := row.Scan(&c.lowest, &c.highest, &c.first, &c.last); err != nil {
		return 0, err
	}
	if err := db.QueryRowContext(ctx, "SELECT MAX(id) FROM battles").Scan(&c.battles); err != nil {
		return 0, err
	}
	const day = int64(24 * time.Hour / time.Millisecond)
	c.span = (c.last - c.first + day) / day * day
	times := int((wanted + sum.Killmails - 1) / sum.Killmails)
	c.apart = c.lowest - c.highest - 1 // older killmails have lower ids
	if c.lowest+int64(times)*c.apart <= 0 {
		c.apart = -c.apart
	}
	if err := c.months(ctx, s, times); err != nil {
		return 0, err
	}
	tables := copied
	if t.name != "SQLite" {
		tables = append([]struct{ table, by string }{{"killmail_keys", "killmail_id"}}, tables...)
	}
	for i := 1; i < times; i++ {
		for _, table := range tables {
			if err := c.copy(ctx, db, table.table, table.by, int64(i)); err != nil {
				return 0, fmt.Errorf("%s: %w", table.table, err)
			}
		}
	}
	if err := s.RefreshStats(ctx); err != nil {
		return 0, err
	}
	sum, err = s.Summary(ctx, time.Now(), time.Now())
	return sum.Killmails, err
}

// copies says what there was first and how far apart copies lie.
type copies struct {
	lowest, highest int64 // ids of killmails
	battles         int64 // highest id of battles
	first, last     int64 // times
	span            int64 // in time
	apart           int64 // of ids of killmails
}

// months has the store make room for every month that copies will fall into.
func (c *copies) months(ctx context.Context, s *sqlstore.Store, times int) error {
	var docs []store.Document
	for i := range times + 1 {
		at := time.UnixMilli(c.last - int64(i)*c.span)
		docs = append(docs, store.Document{Document: killmail.Document{Killmail: &killmail.Killmail{ID: 1<<50 + int64(i), Time: at}}})
	}
	_, err := s.Save(ctx, store.Batch{Documents: docs, Now: time.Now()})
	return err
}

// copy adds the i-th copy of the first rows of a table.
func (c *copies) copy(ctx context.Context, db *sql.DB, table, by string, i int64) error {
	rows, err := db.QueryContext(ctx, "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		return err
	}
	columns, err := rows.Columns()
	if err := errors.Join(err, rows.Close(), rows.Err()); err != nil {
		return err
	}
	list := slices.Clone(columns)
	for j, column := range columns {
		switch column {
		case "killmail_id":
			list[j] = fmt.Sprintf("%s + %d", column, i*c.apart)
		case "id", "battle_id":
			list[j] = fmt.Sprintf("%s + %d", column, i*c.battles)
		case "occurred_at", "started_at", "ended_at", "first_seen", "last_seen":
			list[j] = fmt.Sprintf("%s - %d", column, i*c.span)
		}
	}
	from, to := int64(1), c.battles
	if by == "killmail_id" {
		from, to = c.lowest, c.highest
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s BETWEEN %d AND %d",
		table, strings.Join(columns, ", "), strings.Join(list, ", "), table, by, from, to))
	return err
}
