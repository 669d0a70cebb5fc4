package queuetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
)

var enqueueTests = []test{
	{"a job arrives as it was queued", arrives},
	{"a job of a transaction is worked once it commits", commits},
	{"a job of a transaction that is rolled back never was", rollsBack},
	{"a key keeps others away until its job is finished", unique},
	{"a key keeps others away in transactions too", uniqueTx},
	{"of jobs queued together all or none are there", allOrNone},
	{"a kind that was not declared is refused", unknownKind},
}

func arrives(t *testing.T, db Database) {
	h, worked := reporting()
	p := begin(t, db, map[string]queue.Handler{mail: h})
	before := time.Now().Add(-time.Minute)
	same(t, "added", put(t, p, queue.New(mail, map[string]any{"id": 9007199254740993, "text": "O'Brien ☃ \"q\""})), 1)
	w := await(t, worked)
	same(t, "arguments", compact(t, w.Args), `{"id":9007199254740993,"text":"O'Brien ☃ \"q\""}`)
	same(t, "kind", w.Kind, mail)
	same(t, "attempt", w.Attempt, 1)
	same(t, "attempts", w.MaxAttempts, queue.DefaultAttempts)
	same(t, "last", w.Last(), false)
	if w.CreatedAt.Before(before) || w.CreatedAt.After(time.Now().Add(time.Minute)) || w.CreatedAt.Location() != time.UTC {
		t.Errorf("created at %v", w.CreatedAt)
	}
	put(t, p, queue.Job{Kind: mail}) // no arguments are an empty object
	same(t, "no arguments", compact(t, await(t, worked).Args), "{}")
}

func commits(t *testing.T, db Database) {
	h, worked := reporting()
	p := begin(t, db, map[string]queue.Handler{mail: h})
	must(t, db.InTx(t.Context(), p.Queue, func(enqueue func(...queue.Job) error) error {
		if err := enqueue(queue.New(mail, 1), queue.New(mail, 2)); err != nil {
			return err
		}
		list, err := p.Jobs(t.Context(), queue.Filter{}, 0, 10)
		same(t, "jobs others see before the commit", len(list), 0)
		return err
	}))
	got := map[string]bool{compact(t, await(t, worked).Args): true, compact(t, await(t, worked).Args): true}
	if !got["1"] || !got["2"] {
		t.Errorf("worked %v, want 1 and 2", got)
	}
}

func rollsBack(t *testing.T, db Database) {
	h, worked := reporting()
	p := begin(t, db, map[string]queue.Handler{mail: h})
	want := errors.New("the document is broken")
	err := db.InTx(t.Context(), p.Queue, func(enqueue func(...queue.Job) error) error {
		must(t, enqueue(queue.New(mail, "lost"), queue.Job{Kind: mail, Unique: "key"}))
		return want
	})
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	same(t, "added with the key that was rolled back", put(t, p, queue.Job{Kind: mail, Unique: "key", Args: []byte(`"kept"`)}), 1)
	same(t, "worked", compact(t, await(t, worked).Args), `"kept"`)
	await(t, p.ended)
	only(t, p)
}

func unique(t *testing.T, db Database) {
	q := db.Open(t, options(make(chan queue.Outcome, 10)))
	key := func(kind, key string) queue.Job { return queue.Job{Kind: kind, Unique: key} }
	same(t, "first", put(t, q, key(mail, "a")), 1)
	same(t, "again", put(t, q, key(mail, "a")), 0)
	same(t, "with others, some twice", put(t, q, key(mail, "b"), key(mail, "a"), key(mail, "b"), key(sweep, "a"), key(mail, "c")), 3)
	same(t, "without a key", put(t, q, queue.Job{Kind: mail}, queue.Job{Kind: mail}), 2)
	list, err := q.Jobs(t.Context(), queue.Filter{Kinds: []string{sweep}}, 0, 10)
	must(t, err)
	same(t, "key of the record", list[0].Unique, "a")

	running, proceed := make(chan queue.Work), make(chan struct{})
	p := begin(t, db, map[string]queue.Handler{sweep: func(_ context.Context, w queue.Work) error {
		running <- w
		<-proceed
		return nil
	}})
	await(t, running)
	same(t, "while the first runs", put(t, q, key(sweep, "a")), 0)
	close(proceed)
	same(t, "state", await(t, p.ended).State, queue.Done)
	same(t, "when the first is done", put(t, q, key(sweep, "a")), 1)
	await(t, running)
}

func uniqueTx(t *testing.T, db Database) {
	q := db.Open(t, options(make(chan queue.Outcome, 10)))
	for range 2 {
		must(t, db.InTx(t.Context(), q, func(enqueue func(...queue.Job) error) error {
			return enqueue(queue.Job{Kind: mail, Unique: "a"}, queue.Job{Kind: mail, Unique: "a"})
		}))
	}
	only(t, q)
}

func allOrNone(t *testing.T, db Database) {
	q := db.Open(t, options(make(chan queue.Outcome, 10)))
	if _, err := q.Enqueue(t.Context(), queue.New(mail, 1), queue.Job{Kind: mail, Args: []byte(`{"broken`)}); err == nil {
		t.Error("arguments that are no JSON were queued")
	}
	if _, err := q.Enqueue(t.Context(), queue.New(mail, 1), queue.Job{Kind: mail, Priority: 5}); err == nil {
		t.Error("priority 5 was queued")
	}
	list, err := q.Jobs(t.Context(), queue.Filter{}, 0, 10)
	must(t, err)
	same(t, "jobs", len(list), 0)
	same(t, "none", put(t, q), 0)
}

func unknownKind(t *testing.T, db Database) {
	q := db.Open(t, options(make(chan queue.Outcome, 10)))
	if _, err := q.Enqueue(t.Context(), queue.Job{Kind: "nobody.knows"}); !errors.Is(err, queue.ErrUnknownKind) {
		t.Errorf("enqueue: got %v, want %v", err, queue.ErrUnknownKind)
	}
	if err := q.Work(t.Context(), map[string]queue.Handler{"nobody.knows": silent}); !errors.Is(err, queue.ErrUnknownKind) {
		t.Errorf("work: got %v, want %v", err, queue.ErrUnknownKind)
	}
}
