package queuetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
)

var inspectTests = []test{
	{"jobs are listed newest first and page by page", lists},
	{"jobs are counted by kind and state", counts},
	{"a waiting job can be cancelled and worked again", cancelsWaiting},
	{"a running job can be cancelled", cancelsRunning},
	{"a job can be deleted unless it runs", deletes},
	{"what is not there is told", notFound},
}

func lists(t *testing.T, db Database) {
	q := db.Open(t, options(make(chan queue.Outcome, 10)))
	for i := range 5 {
		put(t, q, queue.Job{Kind: mail, Args: args(t, i)})
		put(t, q, queue.Job{Kind: sweep, Args: args(t, i), NotBefore: time.Now().Add(time.Hour)})
	}
	read := func(f queue.Filter) (out []string) {
		for before := int64(0); ; {
			page, err := q.Jobs(t.Context(), f, before, 2)
			must(t, err)
			for _, r := range page {
				out = append(out, compact(t, r.Args))
				before = r.ID
			}
			if len(page) < 2 {
				return out
			}
		}
	}
	for _, c := range []struct {
		f    queue.Filter
		want string
	}{
		{queue.Filter{}, "[4 4 3 3 2 2 1 1 0 0]"},
		{queue.Filter{Kinds: []string{mail}}, "[4 3 2 1 0]"},
		{queue.Filter{Kinds: []string{mail, sweep}, States: []queue.State{queue.Scheduled}}, "[4 3 2 1 0]"},
		{queue.Filter{Kinds: []string{mail}, States: []queue.State{queue.Scheduled, queue.Dead}}, "[]"},
		{queue.Filter{States: queue.States()}, "[4 4 3 3 2 2 1 1 0 0]"},
	} {
		same(t, fmt.Sprintf("%+v", c.f), fmt.Sprint(read(c.f)), c.want)
	}
}

func counts(t *testing.T, db Database) {
	p := begin(t, db, map[string]queue.Handler{mail: func(_ context.Context, w queue.Work) error {
		if string(w.Args) == `"bad"` {
			return queue.ErrDead
		}
		return nil
	}})
	before := time.Now().Add(-time.Minute)
	none, err := p.Counts(t.Context())
	must(t, err)
	same(t, "kinds at first", len(none), 0)
	put(t, p, queue.Job{Kind: mail}, queue.Job{Kind: mail}, queue.New(mail, "bad"), queue.Job{Kind: mail, NotBefore: time.Now().Add(time.Hour)}, queue.Job{Kind: sweep})
	for range 3 {
		await(t, p.ended)
	}
	list, err := p.Counts(t.Context())
	must(t, err)
	var got []string
	for _, c := range list {
		got = append(got, fmt.Sprintf("%s %s %d", c.Kind, c.State, c.Jobs))
		if c.Oldest.Before(before) || c.State != queue.Scheduled && c.Oldest.After(time.Now()) {
			t.Errorf("%s %s: oldest was due at %v", c.Kind, c.State, c.Oldest)
		}
	}
	same(t, "counts", fmt.Sprint(got), "[mail.fetch scheduled 1 mail.fetch done 2 mail.fetch dead 1 periodic.sweep waiting 1]")
}

func cancelsWaiting(t *testing.T, db Database) {
	h, worked := reporting()
	p := begin(t, db, map[string]queue.Handler{sweep: h})
	put(t, p, queue.Job{Kind: sweep, NotBefore: time.Now().Add(time.Hour), Unique: "key"})
	id := only(t, p).ID
	r, err := p.Cancel(t.Context(), id)
	must(t, err)
	same(t, "state", r.State, queue.Cancelled)
	if r.FinishedAt.IsZero() {
		t.Error("a cancelled job is not finished")
	}
	_, err = p.Requeue(t.Context(), id)
	must(t, err)
	same(t, "worked", await(t, worked).ID, id)
	same(t, "outcome", await(t, p.ended).State, queue.Done)
	r, err = p.Cancel(t.Context(), id)
	must(t, err)
	same(t, "state of a finished job that is cancelled", r.State, queue.Done)
}

func cancelsRunning(t *testing.T, db Database) {
	running := make(chan queue.Work)
	p := begin(t, db, map[string]queue.Handler{sweep: func(ctx context.Context, w queue.Work) error {
		running <- w
		<-ctx.Done()
		return ctx.Err()
	}})
	put(t, p, queue.Job{Kind: sweep})
	w := await(t, running)
	_, err := p.Cancel(t.Context(), w.ID)
	must(t, err)
	same(t, "outcome", await(t, p.ended).State, queue.Cancelled)
	same(t, "state", only(t, p).State, queue.Cancelled)
}

func deletes(t *testing.T, db Database) {
	running, proceed := make(chan queue.Work), make(chan struct{})
	p := begin(t, db, map[string]queue.Handler{sweep: func(_ context.Context, w queue.Work) error {
		running <- w
		<-proceed
		return nil
	}})
	put(t, p, queue.Job{Kind: sweep})
	id := await(t, running).ID
	if err := p.Delete(t.Context(), id); !errors.Is(err, queue.ErrRunning) {
		t.Errorf("delete a running job: got %v, want %v", err, queue.ErrRunning)
	}
	close(proceed)
	await(t, p.ended)
	must(t, p.Delete(t.Context(), id))
	if _, err := p.Job(t.Context(), id); !errors.Is(err, queue.ErrNotFound) {
		t.Errorf("read a deleted job: got %v, want %v", err, queue.ErrNotFound)
	}
}

func notFound(t *testing.T, db Database) {
	q := db.Open(t, options(make(chan queue.Outcome, 10)))
	for name, f := range map[string]func() error{
		"job":     func() error { _, err := q.Job(t.Context(), 7); return err },
		"requeue": func() error { _, err := q.Requeue(t.Context(), 7); return err },
		"cancel":  func() error { _, err := q.Cancel(t.Context(), 7); return err },
		"delete":  func() error { return q.Delete(t.Context(), 7) },
	} {
		if err := f(); !errors.Is(err, queue.ErrNotFound) {
			t.Errorf("%s: got %v, want %v", name, err, queue.ErrNotFound)
		}
	}
}
