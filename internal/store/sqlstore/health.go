package sqlstore

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/battlescope/battlescope/internal/store"
)

// SchemaVersion implements store.Health.
func (s *Store) SchemaVersion(ctx context.Context) (have, known int64, err error) {
	if known, err = newestMigration(); err != nil {
		return 0, 0, err
	}
	row := s.read.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied")
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
	var oldest int64
	row := s.read.QueryRowContext(ctx, `SELECT COALESCE(MIN(k.stored_at), 0)
		FROM (SELECT killmail_id, occurred_at FROM unclustered ORDER BY occurred_at, killmail_id LIMIT $1) u
		JOIN killmails k ON k.killmail_id = u.killmail_id AND k.occurred_at = u.occurred_at`, inLine)
	if err := row.Scan(&oldest); err != nil {
		return store.Backlog{}, fmt.Errorf("backlog: %w", err)
	}
	return store.Backlog{Killmails: n, OldestStoredAt: fromMillis(oldest)}, nil
}
