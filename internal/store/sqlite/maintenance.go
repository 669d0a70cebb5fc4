package sqlite

import (
	"context"
	"database/sql"
)

// Maintain implements sqlstore.Dialect. The statistics are taken from a sample, so
// that writers wait for a moment and not for a walk through every index; a passive
// checkpoint moves what it can from the write-ahead log and waits for nobody.
func (dialect) Maintain() []string {
	return []string{"PRAGMA analysis_limit = 1000", "ANALYZE", "PRAGMA optimize", "PRAGMA wal_checkpoint(PASSIVE)"}
}

// Reclaim implements sqlstore.Dialect. SQLite uses the pages of deleted rows again by itself.
func (dialect) Reclaim(context.Context, *sql.DB, int64) error { return nil }
