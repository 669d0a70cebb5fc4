package cluster_test

import (
	"context"
	"slices"
	"testing"

	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

// orphaned is a store with a killmail on the list of work that is not stored.
type orphaned struct {
	cluster.Store
	asked, most int
	enough      context.CancelFunc
}

func (o *orphaned) Unclustered(ctx context.Context, limit int) ([]int64, error) {
	if o.asked++; o.asked == o.most {
		o.enough()
	}
	ids, err := o.Store.Unclustered(ctx, limit)
	return slices.Insert(ids, 0, 1), err
}

// TestWorkThatIsGone ends although a killmail stays on the list: nothing can be made of
// one that is not stored.
func TestWorkThatIsGone(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	mails := sim.Day(7, 60).Mails()
	save(t, s, mails...)
	ctx, enough := context.WithCancel(t.Context())
	defer enough()
	c := service(t, &orphaned{Store: s, most: 100, enough: enough}, nil)
	n, err := c.Drain(ctx, nil)
	if err != nil || n != len(mails) {
		t.Errorf("got %d, %v, want %d", n, err, len(mails))
	}
	if left := work(t, store.Store(s)); len(left) != 0 {
		t.Errorf("%d killmails are left", len(left))
	}
}
