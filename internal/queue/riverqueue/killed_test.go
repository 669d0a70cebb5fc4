package riverqueue_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/queue/riverqueue"
)

// victim names the database for the process that TestKilled kills.
const victim = "BATTLESCOPE_TEST_VICTIM"

var (
	// patient leaves jobs alone that seem to run.
	patient = riverqueue.Config{
		Kinds: []queue.Kind{{Name: "mail.fetch", Timeout: time.Millisecond}, {Name: "periodic.sweep"}}, Log: slog.New(slog.DiscardHandler),
	}
	// rescuing takes a job for one of a dead process as soon as it looks.
	rescuing = riverqueue.Config{
		Kinds: patient.Kinds, Log: patient.Log, RescueAfter: time.Millisecond, Pause: func(int) time.Duration { return time.Millisecond },
	}
)

// TestKilled kills a process with SIGKILL in the middle of a job. Another one, which
// cannot work such jobs, finds it; a third works it.
func TestKilled(t *testing.T) {
	if name := os.Getenv(victim); name != "" {
		dieWorking(t, name)
		return
	}
	onBoth(t, func(t *testing.T, db *database) {
		q, err := db.open(db.name, patient)
		must(t, err)
		t.Cleanup(func() { _ = q.Close() })
		must(t, q.Migrate(t.Context()))
		stop := lead(t, db, patient, q) // else the process that is killed would lead

		put(t, q, queue.Job{Kind: "mail.fetch", Unique: "key"})
		kill(t, db)
		list, err := q.Jobs(t.Context(), queue.Filter{Kinds: []string{"mail.fetch"}}, 0, 10)
		must(t, err)
		if len(list) != 1 || list[0].State != queue.Running {
			t.Fatalf("after the kill: %+v; want one job that seems to run", list)
		}
		stop()
		defer lead(t, db, rescuing, q)() // looks for such jobs as soon as it leads
		jobs, stop := work(t, db, rescuing, "mail.fetch")
		defer stop()
		again := <-jobs // ends with the test's deadline when it never comes
		if again.ID != list[0].ID || again.Attempt != 2 {
			t.Errorf("got job %d, attempt %d; want job %d, attempt 2", again.ID, again.Attempt, list[0].ID)
		}
	})
}

// lead starts a process that has no handler for the jobs in question, and waits until
// it leads. Jobs for later are moved by the leading process, so that one that is worked proves it.
func lead(t *testing.T, db *database, cfg riverqueue.Config, q queue.Enqueuer) (stop func()) {
	t.Helper()
	jobs, stop := work(t, db, cfg, "periodic.sweep")
	put(t, q, queue.Job{Kind: "periodic.sweep", NotBefore: time.Now()})
	<-jobs
	return stop
}

// work starts a process of the queue that works one kind, and tells of its jobs.
func work(t *testing.T, db *database, cfg riverqueue.Config, kind string) (jobs <-chan queue.Work, stop func()) {
	t.Helper()
	q, err := db.open(db.name, cfg)
	must(t, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	told := make(chan queue.Work, 10)
	var working sync.WaitGroup
	working.Go(func() {
		err := q.Work(ctx, map[string]queue.Handler{kind: func(_ context.Context, w queue.Work) error { told <- w; return nil }})
		if err != nil {
			t.Error(err)
		}
	})
	stop = sync.OnceFunc(func() {
		cancel()
		working.Wait()
		_ = q.Close()
	})
	t.Cleanup(stop)
	return told, stop
}

// kill starts a process that works on the database, and kills it once it has a job.
func kill(t *testing.T, db *database) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), victim+"="+db.name)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "working"; {
	}
	must(t, cmd.Process.Kill())
	_ = cmd.Wait() // says that it was killed
}

// dieWorking takes a job and never lets go of it.
func dieWorking(t *testing.T, name string) {
	open := openSQLite
	if strings.HasPrefix(name, "postgres://") {
		open = openPostgres
	}
	q, err := open(name, patient)
	must(t, err)
	t.Error(q.Work(t.Context(), map[string]queue.Handler{"mail.fetch": func(context.Context, queue.Work) error {
		fmt.Println("working")
		select {}
	}}))
}

func put(t *testing.T, q queue.Enqueuer, jobs ...queue.Job) {
	t.Helper()
	_, err := q.Enqueue(t.Context(), jobs...)
	must(t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
