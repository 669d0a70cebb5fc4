package queuetest

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
)

var workTests = []test{
	{"the more urgent job is worked first", priorities},
	{"a job waits for its time", delay},
	{"a job that asks for later is worked again without a failure", later},
	{"a run that takes too long is cut off and tried again", timeout},
	{"outcomes tell how a run went", outcomes},
}

func priorities(t *testing.T, db Database) {
	q := db.Open(t, options(make(chan queue.Outcome, 10)))
	for _, p := range []int{queue.Idle, queue.Low, 0, queue.Urgent} { // sweep is worked one at a time
		put(t, q, queue.Job{Kind: sweep, Priority: p, Args: args(t, p)})
	}
	h, worked := reporting()
	begin(t, db, map[string]queue.Handler{sweep: h})
	for _, want := range []string{"1", "0", "3", "4"} {
		same(t, "priority", compact(t, await(t, worked).Args), want)
	}
}

func delay(t *testing.T, db Database) {
	h, worked := reporting()
	p := begin(t, db, map[string]queue.Handler{sweep: h}) // worked one at a time, in order of when they are due
	put(t, p, queue.Job{Kind: sweep, Args: args(t, "now")})
	put(t, p, queue.Job{Kind: sweep, NotBefore: time.Now().Add(time.Hour), Args: args(t, "late")})
	soon := time.Now().Add(500 * time.Millisecond)
	put(t, p, queue.Job{Kind: sweep, NotBefore: soon, Args: args(t, "soon")})
	same(t, "first", compact(t, await(t, worked).Args), `"now"`)
	list, err := p.Jobs(t.Context(), queue.Filter{States: []queue.State{queue.Scheduled}}, 0, 10)
	must(t, err)
	late := list[len(list)-1]
	if d := time.Until(late.DueAt); d < 50*time.Minute || d > time.Hour {
		t.Errorf("due in %v, want in an hour", d)
	}
	same(t, "second", compact(t, await(t, worked).Args), `"soon"`)
	if time.Now().Before(soon) {
		t.Error("worked before its time")
	}
	_, err = p.Requeue(t.Context(), late.ID)
	must(t, err)
	same(t, "third", compact(t, await(t, worked).Args), `"late"`)
}

func later(t *testing.T, db Database) {
	var times int
	p := begin(t, db, map[string]queue.Handler{sweep: func(_ context.Context, w queue.Work) error {
		times++
		same(t, "attempt", w.Attempt, 1)
		if times < 3 {
			return &queue.LaterError{After: time.Millisecond, Reason: "the service is away"}
		}
		return nil
	}})
	put(t, p, queue.Job{Kind: sweep, MaxAttempts: 1})
	same(t, "first", await(t, p.ended).State, queue.Waiting)
	same(t, "second", await(t, p.ended).State, queue.Waiting)
	same(t, "third", await(t, p.ended).State, queue.Done)
	r := only(t, p)
	same(t, "failures", len(r.Failures), 0)
	same(t, "attempt", r.Attempt, 1)
}

func timeout(t *testing.T, db Database) {
	p := begin(t, db, map[string]queue.Handler{sweep: func(ctx context.Context, w queue.Work) error {
		if w.Attempt > 1 {
			return nil
		}
		<-ctx.Done()
		return context.Cause(ctx)
	}}, func(o *Options) { o.Kinds = []queue.Kind{{Name: sweep, Timeout: 10 * time.Millisecond}} })
	put(t, p, queue.Job{Kind: sweep})
	await(t, p.ended)
	same(t, "second", await(t, p.ended).State, queue.Done)
	same(t, "failures", len(only(t, p).Failures), 1)
}

func outcomes(t *testing.T, db Database) {
	p := begin(t, db, map[string]queue.Handler{mail: silent})
	put(t, p, queue.Job{Kind: mail})
	o, r := await(t, p.ended), only(t, p)
	same(t, "id", o.ID, r.ID)
	same(t, "kind", o.Kind, mail)
	same(t, "attempt", o.Attempt, 1)
	same(t, "state", o.State, queue.Done)
	same(t, "state of the record", r.State, queue.Done)
	if o.Ran <= 0 || r.FinishedAt.Before(r.AttemptedAt) || r.AttemptedAt.Before(r.CreatedAt) || r.FinishedAt.Location() != time.UTC {
		t.Errorf("ran %v, record %+v", o.Ran, r)
	}
}

func args(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return b
}

// compact drops the white space a database may have put in.
func compact(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var b bytes.Buffer
	must(t, json.Compact(&b, raw))
	return b.String()
}
