package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewerSchema says that a newer binary has already migrated the database.
var ErrNewerSchema = errors.New("database schema is newer than this binary")

// Migrate brings the schema up to date. A schema newer than this binary knows is
// refused with ErrNewerSchema before anything is touched.
func Migrate(ctx context.Context, db *sql.DB, gooseDialect goose.Dialect, d Dialect) error {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	p, err := goose.NewProvider(gooseDialect, db, schemaFS{sub, d})
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	var first error
	for {
		have, err := p.GetDBVersion(ctx)
		if err != nil && first == nil {
			first = err
			continue // the table of versions may have been made by another process this very moment
		}
		if err != nil {
			return fmt.Errorf("migrate: read schema version: %w", first) // the second only follows from it
		}
		if have > newest {
			return fmt.Errorf("%w: version %d, this binary knows up to %d", ErrNewerSchema, have, newest)
		}
		if _, err := p.Up(ctx); err == nil {
			return nil
		} else if now, verr := p.GetDBVersion(ctx); verr != nil || now <= have {
			return fmt.Errorf("migrate: %w", err)
		}
		// Another process that starts at the same time was faster with a step: go on from there.
	}
}

// schemaFS hands out the migrations in the words of one dialect.
type schemaFS struct {
	fs.FS
	d Dialect
}

// Open implements fs.FS.
func (s schemaFS) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	text := s.d.Schema(string(b))
	return &textFile{Reader: strings.NewReader(text), name: name, size: int64(len(text))}, nil
}

// textFile is a file in memory.
type textFile struct {
	*strings.Reader
	name string
	size int64
}

func (f *textFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *textFile) Close() error               { return nil }
func (f *textFile) Name() string               { return f.name }
func (f *textFile) Size() int64                { return f.size }
func (f *textFile) Mode() fs.FileMode          { return 0o444 }
func (f *textFile) ModTime() time.Time         { return time.Time{} }
func (f *textFile) IsDir() bool                { return false }
func (f *textFile) Sys() any                   { return nil }
