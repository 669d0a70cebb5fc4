package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cli"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/queue/riverqueue"
	"github.com/battlescope/battlescope/internal/store/sqlite"
)

// jobFolder is a data folder with three dead jobs (1 to 3; the key of the third is
// taken again by 4) and one for later (5).
func jobFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), dir)
	must(t, err)
	must(t, s.Close())
	ended := make(chan queue.Outcome, 10)
	q, err := riverqueue.OpenSQLite(filepath.Join(dir, sqlite.FileName), riverqueue.Config{
		Kinds: []queue.Kind{{Name: "killmail.fetch"}}, Log: slog.New(slog.DiscardHandler), Finished: func(o queue.Outcome) { ended <- o },
	})
	must(t, err)
	must(t, q.Migrate(t.Context()))
	put := func(j queue.Job) {
		t.Helper()
		j.Kind = "killmail.fetch"
		_, err := q.Enqueue(t.Context(), j)
		must(t, err)
	}
	for i := range 3 {
		put(queue.Job{Args: fmt.Appendf(nil, `{"id":%d}`, i), Unique: fmt.Sprint("key", i)})
	}
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() {
		if err := q.Work(ctx, map[string]queue.Handler{"killmail.fetch": func(context.Context, queue.Work) error {
			return fmt.Errorf("ESI answers 404: %w", queue.ErrDead)
		}}); err != nil {
			t.Error(err)
		}
	})
	for range 3 {
		<-ended
	}
	stop()
	working.Wait()
	put(queue.Job{Unique: "key2", NotBefore: time.Now().Add(time.Hour)})
	put(queue.Job{NotBefore: time.Now().Add(time.Hour), Priority: queue.Urgent})
	must(t, q.Close())
	return dir
}

func TestJobs(t *testing.T) {
	t.Parallel()
	dir := jobFolder(t)
	for _, step := range []struct {
		args string
		code int
		want []string // in what is printed
		not  string   // must not be in it
	}{
		{"list", 0, []string{"killmail.fetch", "dead", "1 of 12", "ESI answers 404", "scheduled", "0 of 12"}, "waiting"},
		{"list --state scheduled --limit 1", 0, []string{"│  5 │"}, "│  4 │"},
		{"list --kind other", 0, []string{"LAST ERROR"}, "killmail.fetch"},
		{"list --state lost", 2, []string{"must be one of"}, ""},
		{"list --limit=-1", 2, []string{"limit -1 is negative"}, ""},
		{"count", 0, []string{"scheduled", "2", "dead", "3"}, ""},
		{"show 1", 0, []string{"job       1\n", "unique    key0\n", "tried     1 of 12\n", `args      {"id":0}`, "attempt 1: ESI answers 404: not worth another attempt"}, ""},
		{"show 9", 1, []string{"job not found", "hint: battlescope jobs list"}, ""},
		{"retry", 2, []string{"which jobs?", "--dead"}, ""},
		{"retry --dead 1", 2, []string{"which jobs?"}, ""},
		{"retry 3", 1, []string{"same key", "hint: nothing needs to be done"}, ""},
		{"retry --dead", 0, []string{"queued           2", "requeue job 3"}, ""},
		{"count", 0, []string{"waiting", "dead", "1"}, ""},
		{"cancel 5 1", 0, []string{"5         cancelled\n1         cancelled\n"}, ""},
		{"cancel 9", 1, []string{"job not found"}, ""},
		{"drop --dead", 0, []string{"dropped          1"}, ""},
		{"drop 5 1", 0, []string{"dropped          2"}, ""},
		{"drop 5", 1, []string{"job not found", "dropped          0"}, ""},
		{"list", 0, []string{"│  2 │", "│  4 │"}, "dead"},
	} {
		var out bytes.Buffer
		args := strings.Fields("jobs " + step.args + " --data " + dir)
		code := cli.Run(t.Context(), args, cli.IO{In: strings.NewReader(""), Out: &out, Err: &out})
		text := out.String()
		if code != step.code {
			t.Errorf("%s: got exit code %d, want %d: %s", step.args, code, step.code, text)
		}
		for _, want := range step.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in\n%s", step.args, want, text)
			}
		}
		if step.not != "" && strings.Contains(text, step.not) {
			t.Errorf("%s: %q is in\n%s", step.args, step.not, text)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
