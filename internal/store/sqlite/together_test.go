package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/store/sqlite"
)

// TestOpenTogether opens one fresh folder from several places at once, as serve and
// import may: all of them must find the same schema.
func TestOpenTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const openers = 8
	errs := make([]error, openers)
	var wg sync.WaitGroup
	for i := range openers {
		wg.Go(func() {
			s, err := sqlite.Open(context.Background(), dir)
			if err == nil {
				_, err = s.NewBattleIDs(context.Background(), 1)
				err = errors.Join(err, s.Close())
			}
			errs[i] = err
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

// TestOpenWaits opens a new file while another process writes its first page: SQLite
// itself refuses that at once, whatever time it is told to wait.
func TestOpenWaits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	other, err := sql.Open("sqlite", filepath.Join(dir, sqlite.FileName)+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	opened := make(chan error)
	go func() {
		s, err := sqlite.Open(t.Context(), dir)
		if err == nil {
			err = s.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		t.Errorf("did not wait: %v", err)
		return
	case <-time.After(200 * time.Millisecond):
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Error(err)
	}
}
