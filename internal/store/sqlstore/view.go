package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// view reads one state of the database.
type view struct{ db query.DBTX }

func (v view) q() *query.Queries { return query.New(v.db) }

// each runs a query and calls f for every row.
func (v view) each(ctx context.Context, text string, args []any, f func(*sql.Rows) error) error {
	return eachRow(ctx, v.db, text, args, f)
}

// snapshot lets f ask several questions of one state of the database: a battle
// that is rewritten between them would come out as parts of two.
func (s *Store) snapshot(ctx context.Context, f func(view) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	return errors.Join(f(view{tx}), ignoreDone(tx.Rollback()))
}
