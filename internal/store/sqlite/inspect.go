package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/battlescope/battlescope/internal/store/sqlstore"
)

// Inspection looks at a database without changing it.
type Inspection struct {
	*sqlstore.Store
	File string
	Size int64   // bytes, with the write-ahead log
	DB   *sql.DB // for questions that the store does not ask; it cannot write
}

// Inspect opens the database in dir for reading alone: nothing is made, migrated or
// written, so that it may belong to a running server, or be damaged. Only where a
// write-ahead log lies without its file of shared memory, SQLite makes that anew. The
// error is os.ErrNotExist when there is no database. Close it.
func Inspect(ctx context.Context, dir string) (*Inspection, error) {
	file := filepath.Join(dir, FileName)
	info, err := os.Stat(file)
	if err != nil {
		return nil, explain(err, file)
	}
	mode := "mode=ro"
	wal, err := os.Stat(file + "-wal")
	size := info.Size()
	if err == nil {
		size += wal.Size()
	} else {
		// Without a log nobody has it open. SQLite would make one even to read.
		mode = "mode=ro&immutable=1"
	}
	dsn := "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + mode + "&_pragma=busy_timeout(10000)&_pragma=query_only(1)"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, explain(err, file)
	}
	if _, err := db.ExecContext(ctx, "SELECT COUNT(*) FROM sqlite_master"); err != nil {
		return nil, explain(errors.Join(err, db.Close()), file)
	}
	return &Inspection{Store: sqlstore.New(db, db, dialect{}), File: file, Size: size, DB: db}, nil
}

// Check reads the whole file and returns an error when it is damaged. It takes as
// long as reading the file; end it with ctx.
func (i *Inspection) Check(ctx context.Context) error {
	rows, err := i.DB.QueryContext(ctx, "PRAGMA quick_check(3)")
	if err != nil {
		return explain(err, i.File)
	}
	defer rows.Close()
	var findings []string
	for rows.Next() {
		var finding string
		if err := rows.Scan(&finding); err != nil {
			return explain(err, i.File)
		}
		if finding != "ok" {
			findings = append(findings, finding)
		}
	}
	if err := rows.Err(); err != nil {
		return explain(err, i.File)
	}
	if len(findings) > 0 {
		return explain(fmt.Errorf("malformed: %s", strings.Join(findings, "; ")), i.File)
	}
	return nil
}
