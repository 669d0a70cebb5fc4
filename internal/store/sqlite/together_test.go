package sqlite_test

import (
	"context"
	"errors"
	"sync"
	"testing"

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
