package lease_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/battlescope/battlescope/internal/lease"
)

// table is a store of leases that can be broken.
type table struct {
	mu     sync.Mutex
	holder string
	until  time.Time
	broken bool
	silent bool          // it does not answer at all
	slow   time.Duration // until an answer arrives
	taken  time.Time     // when it was last given to anybody
}

func (l *table) Acquire(ctx context.Context, _, holder string, ttl time.Duration) (bool, error) {
	l.mu.Lock()
	silent, slow := l.silent, l.slow
	l.mu.Unlock()
	if silent {
		<-ctx.Done()
		return false, ctx.Err()
	}
	defer time.Sleep(slow)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken {
		return false, errors.New("database is away")
	}
	if l.holder != holder && time.Now().Before(l.until) {
		return false, nil
	}
	l.holder, l.taken, l.until = holder, time.Now(), time.Now().Add(ttl)
	return true, nil
}

func (l *table) Release(_ context.Context, _, holder string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.holder == holder {
		l.until = time.Time{}
	}
	return nil
}

func (l *table) LeaseHolder(context.Context, string) (string, error) { return l.holder, nil }

func (l *table) set(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

func keeper(l *table, holder string) *lease.Keeper {
	return &lease.Keeper{Store: l, Holder: holder, Log: slog.New(slog.DiscardHandler)}
}

// work counts who works; it must never be two.
type work struct {
	mu      sync.Mutex
	now     int
	most    int
	workers []string
}

func (w *work) by(holder string) func(context.Context) error {
	return func(ctx context.Context) error {
		w.mu.Lock()
		w.now++
		w.most = max(w.most, w.now)
		w.workers = append(w.workers, holder)
		w.mu.Unlock()
		<-ctx.Done()
		w.mu.Lock()
		w.now--
		w.mu.Unlock()
		return nil
	}
}

func TestOneWorksTheOtherTakesOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, w := new(table), new(work)
		first, endFirst := context.WithCancel(t.Context())
		second, endSecond := context.WithCancel(t.Context())
		var g sync.WaitGroup
		g.Go(func() { _ = keeper(l, "a").Run(first, "work", w.by("a")) })
		synctest.Wait()
		g.Go(func() { _ = keeper(l, "b").Run(second, "work", w.by("b")) })
		time.Sleep(10 * time.Minute)
		if got := len(w.workers); got != 1 {
			t.Fatalf("%v worked, want only a", w.workers)
		}
		endFirst() // gives the lease up
		time.Sleep(lease.DefaultTTL)
		synctest.Wait()
		if len(w.workers) != 2 || w.workers[1] != "b" || w.most != 1 {
			t.Errorf("workers %v, at most %d at once; want a then b, one at a time", w.workers, w.most)
		}
		endSecond()
		g.Wait()
	})
}

func TestWorkEndsWithTheLease(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*table){
		"the store is away":       func(l *table) { l.broken = true },
		"somebody else has taken": func(l *table) { l.holder, l.until = "thief", time.Now().Add(time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l, w := new(table), new(work)
				ctx, end := context.WithCancel(t.Context())
				var g sync.WaitGroup
				g.Go(func() { _ = keeper(l, "a").Run(ctx, "work", w.by("a")) })
				synctest.Wait()
				l.set(func() { lose(l) })
				time.Sleep(lease.DefaultTTL + time.Second)
				synctest.Wait()
				w.mu.Lock()
				if w.now != 0 {
					t.Error("work goes on without the lease")
				}
				w.mu.Unlock()
				l.set(func() { l.broken, l.until = false, time.Time{} })
				time.Sleep(lease.DefaultTTL)
				synctest.Wait()
				w.mu.Lock()
				if len(w.workers) != 2 {
					t.Errorf("worked %d times, want again once the lease can be had", len(w.workers))
				}
				w.mu.Unlock()
				end()
				g.Wait()
			})
		})
	}
}

// TestNobodyWorksLongerThanTheLease takes the store away as soon as the work begins:
// it ends before the lease does that the store knows of.
func TestNobodyWorksLongerThanTheLease(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		slow time.Duration
		lose func(*table)
	}{
		{"the store fails", 0, func(l *table) { l.broken = true }},
		{"the store does not answer", 0, func(l *table) { l.silent = true }},
		{"the answer came late", 4 * time.Second, func(l *table) { l.silent = true }},
		{"the answer came too late", time.Minute, func(l *table) { l.silent = true }},
		{"somebody else has it", 0, func(l *table) { l.holder = "thief" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := &table{slow: c.slow}
				ctx, end := context.WithCancel(t.Context())
				defer end()
				err := keeper(l, "a").Run(ctx, "work", func(ctx context.Context) error {
					began := time.Now()
					l.set(func() { c.lose(l) })
					<-ctx.Done()
					end()
					if late := min(time.Since(began), time.Since(l.taken)-lease.DefaultTTL); late > 0 {
						t.Errorf("worked for %v after the lease of %v had ended", late, lease.DefaultTTL)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestStandbyDoesNotHang has the store keep an attempt waiting for ever, and answer the next.
func TestStandbyDoesNotHang(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, w := &table{silent: true}, new(work)
		ctx, end := context.WithCancel(t.Context())
		var g sync.WaitGroup
		g.Go(func() { _ = keeper(l, "a").Run(ctx, "work", w.by("a")) })
		synctest.Wait()
		l.set(func() { l.silent = false })
		time.Sleep(2 * lease.DefaultTTL)
		synctest.Wait()
		if w.most != 1 {
			t.Error("the work has not begun")
		}
		end()
		g.Wait()
	})
}

func TestErrorOfTheWorkIsTold(t *testing.T) {
	t.Parallel()
	want := errors.New("broken")
	got := keeper(new(table), "a").Run(t.Context(), "work", func(context.Context) error { return want })
	if !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTryDoesNotWait(t *testing.T) {
	t.Parallel()
	l := new(table)
	runs := 0
	err := keeper(l, "a").Try(t.Context(), "work", func(ctx context.Context) error {
		runs++
		if err := keeper(l, "b").Try(ctx, "work", func(context.Context) error { runs++; return nil }); !errors.Is(err, lease.ErrHeld) {
			t.Errorf("got %v, want %v", err, lease.ErrHeld)
		}
		return nil
	})
	if err != nil || runs != 1 {
		t.Errorf("got %v after %d runs", err, runs)
	}
	if err := keeper(l, "b").Try(t.Context(), "work", func(context.Context) error { runs++; return nil }); err != nil || runs != 2 {
		t.Errorf("after it was given up: got %v after %d runs", err, runs)
	}
}
