package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/store/sqlite"
)

// integrityTime bounds the check of the database file.
const integrityTime = 2 * time.Minute

// file looks at the database in the data folder.
func (d *doctor) file(ctx context.Context) {
	const part = "database"
	dir := d.cfg.Data.Data
	db, err := sqlite.Inspect(ctx, dir)
	if errors.Is(err, os.ErrNotExist) {
		d.ok(part, "%s does not exist yet: the first start makes it", filepath.Join(dir, sqlite.FileName))
		return
	}
	if err != nil {
		d.err(FindingFail, part, err)
		return
	}
	defer db.Close()
	d.ok(part, "%s opens, %s", db.File, bytesText(db.Size))
	timed, cancel := context.WithTimeout(ctx, integrityTime)
	defer cancel()
	switch err := db.Check(timed); {
	case err == nil:
		d.ok("integrity", "the file is sound")
	case timed.Err() != nil:
		d.tell(Finding{"integrity", FindingWarn, fmt.Sprintf("not known: looking took longer than %v", integrityTime), `sqlite3 ` + db.File + ` "PRAGMA quick_check" takes its time`})
	default:
		d.err(FindingFail, "integrity", err)
		return
	}
	have, known, err := db.SchemaVersion(ctx)
	if err != nil {
		d.tell(Finding{"schema", FindingFail, err.Error(), "this is no database of BattleScope: choose another folder with --data"})
		return
	}
	if d.schema(have, known, "run the newer battlescope that used this folder, or choose another folder with --data") {
		d.content(ctx, db.Store, func(ctx context.Context) ([]queue.Count, error) { return fileJobs(ctx, db.DB) })
	}
}

// schema compares the versions of the schema, and reports whether the tables are as
// this binary knows them. newer says what to do about one that is newer.
func (d *doctor) schema(have, known int64, newer string) bool {
	const part = "schema"
	apart := fmt.Sprintf("version %d, this binary has %d", have, known)
	switch {
	case have > known:
		d.tell(Finding{part, FindingFail, apart, newer})
	case have < known && !d.cfg.migrates():
		d.tell(Finding{part, FindingFail, apart, d.command("migrate") + ", with this version"})
	case have < known:
		d.ok(part, "%s: the next start brings it up to date; back up before", apart)
	default:
		d.ok(part, "version %d", have)
	}
	return have == known
}

// fileJobs counts the unfinished and the dead jobs in a database file. The queue's own
// way to open a file is not for looking alone: it can write.
func fileJobs(ctx context.Context, db *sql.DB) (out []queue.Count, err error) {
	var there bool
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) > 0 FROM sqlite_master WHERE name = 'river_job'").Scan(&there); err != nil {
		return nil, err
	}
	if !there {
		return nil, errNoJobs
	}
	rows, err := db.QueryContext(ctx, `SELECT kind, CASE state WHEN 'available' THEN 'waiting' WHEN 'discarded' THEN 'dead' ELSE state END,
		COUNT(*), CAST(unixepoch(MIN(scheduled_at)) AS INTEGER) FROM river_job WHERE state IN ('available', 'running', 'discarded') GROUP BY 1, 2`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c queue.Count
		var oldest int64
		if err := rows.Scan(&c.Kind, &c.State, &c.Jobs, &oldest); err != nil {
			return nil, err
		}
		c.Oldest = time.Unix(oldest, 0).UTC()
		out = append(out, c)
	}
	return out, rows.Err()
}
