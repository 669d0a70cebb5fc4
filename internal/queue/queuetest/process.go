package queuetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
)

var processTests = []test{
	{"of several processes one works a job", shares},
	{"a kind without a handler is left to other processes", leaves},
	{"what runs when a process ends may finish", drains},
	{"what is cut off when a process ends is worked again", cutOff},
	{"what was queued while nobody worked is worked", restart},
}

func shares(t *testing.T, db Database) {
	const jobs = 60
	var mu sync.Mutex
	worked := make(map[int64]int)
	both := make(chan string, 2)
	met := make(chan struct{})
	handler := func(name string) queue.Handler {
		first := sync.OnceFunc(func() { both <- name; <-met })
		return func(_ context.Context, w queue.Work) error {
			first() // neither goes on before the other has got something to do
			mu.Lock()
			defer mu.Unlock()
			worked[w.ID]++
			return nil
		}
	}
	a := begin(t, db, map[string]queue.Handler{mail: handler("a")})
	b := begin(t, db, map[string]queue.Handler{mail: handler("b")})
	for range jobs {
		put(t, a, queue.Job{Kind: mail})
	}
	if one, two := await(t, both), await(t, both); one == two {
		t.Errorf("%s began twice", one)
	}
	close(met)
	for range jobs {
		select {
		case <-a.ended:
		case <-b.ended:
		case <-time.After(patience):
			t.Fatal("nothing happened")
		}
	}
	mu.Lock()
	defer mu.Unlock()
	same(t, "jobs worked", len(worked), jobs)
	for id, n := range worked {
		same(t, "times a job was worked", n, 1)
		_ = id
	}
}

func leaves(t *testing.T, db Database) {
	h, worked := reporting()
	a := begin(t, db, map[string]queue.Handler{mail: h})
	put(t, a, queue.Job{Kind: sweep})
	put(t, a, queue.Job{Kind: mail})
	same(t, "kind", await(t, worked).Kind, mail)
	await(t, a.ended)
	list, err := a.Jobs(t.Context(), queue.Filter{Kinds: []string{sweep}}, 0, 10)
	must(t, err)
	same(t, "state", list[0].State, queue.Waiting)
	same(t, "attempts", list[0].Attempt, 0)
	begin(t, db, map[string]queue.Handler{sweep: h})
	same(t, "kind", await(t, worked).Kind, sweep)
}

func drains(t *testing.T, db Database) {
	running, proceed := make(chan queue.Work), make(chan struct{})
	p := begin(t, db, map[string]queue.Handler{mail: func(ctx context.Context, w queue.Work) error {
		running <- w
		<-proceed
		return ctx.Err()
	}}, func(o *Options) { o.Drain = patience })
	put(t, p, queue.Job{Kind: mail})
	await(t, running)
	stopped := make(chan struct{})
	go func() { defer close(stopped); p.stop() }()
	close(proceed)
	await(t, stopped)
	same(t, "state", only(t, p).State, queue.Done)
}

func cutOff(t *testing.T, db Database) {
	running := make(chan queue.Work)
	p := begin(t, db, map[string]queue.Handler{mail: func(ctx context.Context, w queue.Work) error {
		running <- w
		<-ctx.Done()
		return errors.New("the database was interrupted") // what a handler may make of it
	}}, func(o *Options) { o.Drain = time.Millisecond })
	put(t, p, queue.Job{Kind: mail, MaxAttempts: 1})
	id := await(t, running).ID
	p.stop()
	r := only(t, p)
	same(t, "state", r.State, queue.Waiting)
	same(t, "failures", len(r.Failures), 0)
	h, worked := reporting()
	next := begin(t, db, map[string]queue.Handler{mail: h})
	w := await(t, worked)
	same(t, "job", w.ID, id)
	same(t, "attempt", w.Attempt, 1)
	same(t, "outcome", await(t, next.ended).State, queue.Done)
}

func restart(t *testing.T, db Database) {
	h, worked := reporting()
	p := begin(t, db, map[string]queue.Handler{mail: h})
	put(t, p, queue.New(mail, 1))
	await(t, worked)
	p.stop()
	put(t, p, queue.New(mail, 2))
	q := begin(t, db, map[string]queue.Handler{mail: h})
	same(t, "worked", compact(t, await(t, worked).Args), "2")
	same(t, "outcome", await(t, q.ended).State, queue.Done)
}
