package queuetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
)

var failureTests = []test{
	{"a failed job is tried again after growing pauses", retries},
	{"a job whose pause is long is retrying", retrying},
	{"a job that fails for the last time is a dead letter", dies},
	{"a job that is not worth another attempt is dead at once", deadAtOnce},
	{"a panic is a failure", panics},
	{"a dead letter can be worked again", requeuesDead},
	{"a dead letter whose key is taken cannot be worked again", requeueTaken},
}

var errAway = errors.New("the service is away")

func retries(t *testing.T, db Database) {
	var mu sync.Mutex
	var pauses []int
	p := begin(t, db, map[string]queue.Handler{mail: func(_ context.Context, w queue.Work) error {
		if w.Attempt < 3 {
			return fmt.Errorf("attempt %d: %w", w.Attempt, errAway)
		}
		return nil
	}}, func(o *Options) {
		o.Pause = func(failures int) time.Duration {
			mu.Lock()
			defer mu.Unlock()
			pauses = append(pauses, failures)
			return time.Millisecond
		}
	})
	put(t, p, queue.Job{Kind: mail})
	for _, want := range []int{1, 2, 3} {
		same(t, "attempt", await(t, p.ended).Attempt, want)
	}
	r := only(t, p)
	same(t, "state", r.State, queue.Done)
	same(t, "attempts", r.Attempt, 3)
	same(t, "failures", len(r.Failures), 2)
	same(t, "second failure", r.Failures[1].Error, "attempt 2: the service is away")
	same(t, "its attempt", r.Failures[1].Attempt, 2)
	mu.Lock()
	defer mu.Unlock()
	same(t, "pauses", fmt.Sprint(pauses), "[1 2]")
}

func retrying(t *testing.T, db Database) {
	p := begin(t, db, map[string]queue.Handler{mail: func(context.Context, queue.Work) error { return errAway }},
		func(o *Options) { o.Pause = func(int) time.Duration { return time.Hour } })
	put(t, p, queue.Job{Kind: mail, Unique: "key"})
	same(t, "outcome", await(t, p.ended).State, queue.Retrying)
	r := only(t, p)
	same(t, "state", r.State, queue.Retrying)
	if d := time.Until(r.DueAt); d < 50*time.Minute || d > 70*time.Minute {
		t.Errorf("due in %v, want in an hour or so", d)
	}
	same(t, "added with the key of a job that is tried again", put(t, p, queue.Job{Kind: mail, Unique: "key"}), 0)
	_, err := p.Requeue(t.Context(), r.ID)
	must(t, err)
	same(t, "attempt after it was pushed", await(t, p.ended).Attempt, 2)
}

func dies(t *testing.T, db Database) {
	var lasts []bool
	p := begin(t, db, map[string]queue.Handler{sweep: func(_ context.Context, w queue.Work) error {
		lasts = append(lasts, w.Last())
		return errAway
	}})
	put(t, p, queue.Job{Kind: sweep, MaxAttempts: 2, Unique: "key"})
	same(t, "after the first failure", await(t, p.ended).State, queue.Waiting)
	same(t, "after the second failure", await(t, p.ended).State, queue.Dead)
	same(t, "knew its last attempt", fmt.Sprint(lasts), "[false true]")
	r := only(t, p)
	same(t, "state", r.State, queue.Dead)
	same(t, "failures", len(r.Failures), 2)
	same(t, "added with the key of a dead letter", put(t, p, queue.Job{Kind: sweep, MaxAttempts: 1, Unique: "key"}), 1)
	await(t, p.ended)
}

func deadAtOnce(t *testing.T, db Database) {
	p := begin(t, db, map[string]queue.Handler{mail: func(context.Context, queue.Work) error {
		return fmt.Errorf("no such killmail: %w", queue.ErrDead)
	}})
	put(t, p, queue.Job{Kind: mail})
	same(t, "outcome", await(t, p.ended).State, queue.Dead)
	r := only(t, p)
	same(t, "attempts", r.Attempt, 1)
	same(t, "attempts it might have had", r.MaxAttempts, queue.DefaultAttempts)
	same(t, "error", r.Failures[0].Error, "no such killmail: not worth another attempt")
}

func panics(t *testing.T, db Database) {
	p := begin(t, db, map[string]queue.Handler{mail: func(context.Context, queue.Work) error { panic("index out of range") }})
	put(t, p, queue.Job{Kind: mail, MaxAttempts: 1})
	same(t, "outcome", await(t, p.ended).State, queue.Dead)
	f := only(t, p).Failures[0]
	if !strings.Contains(f.Error, "index out of range") || !strings.Contains(f.Trace, "queuetest.panics") {
		t.Errorf("failure %+v, want what the panic said and where", f)
	}
}

func requeuesDead(t *testing.T, db Database) {
	broken := true
	p := begin(t, db, map[string]queue.Handler{sweep: func(context.Context, queue.Work) error {
		if broken {
			return errAway
		}
		return nil
	}})
	put(t, p, queue.Job{Kind: sweep, MaxAttempts: 1})
	o := await(t, p.ended)
	same(t, "outcome", o.State, queue.Dead)
	broken = false
	r, err := p.Requeue(t.Context(), o.ID)
	must(t, err)
	same(t, "state", r.State, queue.Waiting)
	same(t, "outcome of the repeat", await(t, p.ended).State, queue.Done)
	r = only(t, p)
	same(t, "attempts", r.Attempt, 2)
	same(t, "failures that are remembered", len(r.Failures), 1)
	_, err = p.Requeue(t.Context(), o.ID) // what is done can be done again
	must(t, err)
	same(t, "attempt", await(t, p.ended).Attempt, 3)
}

func requeueTaken(t *testing.T, db Database) {
	p := begin(t, db, map[string]queue.Handler{mail: func(context.Context, queue.Work) error { return queue.ErrDead }})
	put(t, p, queue.Job{Kind: mail, Unique: "key"})
	o := await(t, p.ended)
	same(t, "added", put(t, p, queue.Job{Kind: mail, Unique: "key", NotBefore: time.Now().Add(time.Hour)}), 1)
	if _, err := p.Requeue(t.Context(), o.ID); !errors.Is(err, queue.ErrTaken) {
		t.Errorf("got %v, want %v", err, queue.ErrTaken)
	}
	same(t, "state", job(t, p, o.ID).State, queue.Dead)
}
