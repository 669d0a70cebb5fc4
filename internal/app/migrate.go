package app

import (
	"context"
	"errors"
	"log/slog"
)

// Migrate brings the schema of the database and of its queue up to date and returns
// the version it has now. Processes that start with --no-migrate leave that to this.
func Migrate(ctx context.Context, d Data, log *slog.Logger) (version int64, err error) {
	d.NoMigrate = false
	b, err := openBackends(ctx, d, Redis{}, log)
	if err != nil {
		return 0, err
	}
	version, _, err = b.store.SchemaVersion(ctx)
	return version, errors.Join(err, b.close())
}
