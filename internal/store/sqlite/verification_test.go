package sqlite_test

import (
	"testing"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/storetest"
)

func TestVerification(t *testing.T) {
	t.Parallel()
	storetest.RunVerification(t, func(t *testing.T) (store.Store, storetest.Statement) {
		t.Helper()
		dir := t.TempDir()
		return open(t, dir), func(t *testing.T, statement string) {
			t.Helper()
			edit(t, dir, statement)
		}
	})
}
