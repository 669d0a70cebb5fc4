package postgres_test

import (
	"testing"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/internal/store/storetest"
)

func TestVerification(t *testing.T) {
	t.Parallel()
	storetest.RunVerification(t, func(t *testing.T) (store.Store, storetest.Statement) {
		t.Helper()
		dsn := migrated(t)
		return open(t, dsn, postgres.Options{}).Store, func(t *testing.T, statement string) {
			t.Helper()
			exec(t, dsn, statement)
		}
	})
}
