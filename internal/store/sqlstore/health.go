package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// SchemaVersion implements store.Health.
func (s *Store) SchemaVersion(ctx context.Context) (have, known int64, err error) {
	return SchemaOf(ctx, s.read)
}

// SchemaOf returns the version of the schema in a database, 0 when there is none, and
// the newest that this binary knows.
func SchemaOf(ctx context.Context, db query.DBTX) (have, known int64, err error) {
	if known, err = newestMigration(); err != nil {
		return 0, 0, err
	}
	row := db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied")
	if err := row.Scan(&have); err != nil {
		return 0, 0, fmt.Errorf("schema version: %w", err)
	}
	return have, known, nil
}

// newestMigration returns the number of the last migration in this binary.
func newestMigration() (int64, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql") // in order of name
	if err != nil {
		return 0, fmt.Errorf("schema version: %w", err)
	}
	name := strings.TrimPrefix(files[len(files)-1], "migrations/")
	number, _, _ := strings.Cut(name, "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("schema version: migration %s: %w", name, err)
	}
	return version, nil
}

// inLine is how many killmails of the backlog are looked at for their age: as many
// as are clustered at once.
const inLine = 2000

// Backlog implements store.Health.
func (s *Store) Backlog(ctx context.Context) (store.Backlog, error) {
	n, err := s.q().CountUnclustered(ctx)
	if err != nil || n == 0 {
		return store.Backlog{}, found("backlog", err)
	}
	line, err := s.q().Unclustered(ctx, inLine)
	if err != nil {
		return store.Backlog{}, fmt.Errorf("backlog: %w", err)
	}
	keys := make([]key, len(line))
	for i, l := range line {
		keys[i] = key{l.KillmailID, l.OccurredAt}
	}
	var oldest sql.NullInt64
	for chunk := range slices.Chunk(keys, s.atOnce()) {
		w := s.where()
		w.inKeys("", chunk)
		var first sql.NullInt64
		row := s.read.QueryRowContext(ctx, "SELECT MIN(stored_at) FROM killmails"+w.String(), w.args...)
		if err := row.Scan(&first); err != nil {
			return store.Backlog{}, fmt.Errorf("backlog: %w", err)
		}
		if first.Valid && (!oldest.Valid || first.Int64 < oldest.Int64) {
			oldest = first
		}
	}
	return store.Backlog{Killmails: n, OldestStoredAt: fromMillis(oldest.Int64)}, nil
}
