package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/queue"
)

// jobsCommand looks after work in the background.
type jobsCommand struct {
	List   jobsList   `cmd:"" help:"List jobs, newest first: all but those that are done, unless states are named."`
	Count  jobsCount  `cmd:"" help:"Count jobs by kind and state."`
	Show   jobsShow   `cmd:"" help:"Print all that is known of one."`
	Retry  jobsRetry  `cmd:"" help:"Have some, or all that failed for good, worked again."`
	Cancel jobsCancel `cmd:"" help:"Take some back before they are worked, or while they are."`
	Drop   jobsDrop   `cmd:"" help:"Delete some, or all that failed for good."`
}

type jobsList struct {
	app.Data
	State []string `help:"Only jobs in these states: ${enum}." enum:"waiting,scheduled,running,retrying,done,dead,cancelled" placeholder:"STATE"`
	Kind  []string `help:"Only jobs of these kinds." placeholder:"KIND"`
	Limit int      `help:"At most so many; 0 is all." default:"50" placeholder:"N"`
}

// Run prints a table of the jobs.
func (c *jobsList) Run(env *environment) error {
	if c.Limit < 0 {
		return fault.Usage(fault.New(fmt.Sprintf("limit %d is negative", c.Limit), "0 is no limit"))
	}
	f := queue.Filter{Kinds: c.Kind}
	for _, s := range c.State {
		f.States = append(f.States, queue.State(s))
	}
	if f.States == nil {
		for _, s := range queue.States() {
			if s != queue.Done {
				f.States = append(f.States, s)
			}
		}
	}
	return withJobs(env, c.Data, func(ctx context.Context, desk *app.JobDesk) error {
		t := newTable(env.Out, table.Row{"id", "kind", "state", "due (EVE)", "tried", "last error"})
		err := desk.Each(ctx, f, c.Limit, func(r queue.Record) error {
			t.AppendRow(table.Row{r.ID, r.Kind, r.State, eve.FormatTime(r.DueAt), tries(r), lastError(r)})
			return nil
		})
		t.Render()
		return err
	})
}

type jobsCount struct{ app.Data }

// Run prints a table of the counts.
func (c *jobsCount) Run(env *environment) error {
	return withJobs(env, c.Data, func(ctx context.Context, desk *app.JobDesk) error {
		counts, err := desk.Counts(ctx)
		if err != nil {
			return err
		}
		t := newTable(env.Out, table.Row{"kind", "state", "jobs", "oldest due (EVE)"})
		for _, n := range counts {
			t.AppendRow(table.Row{n.Kind, n.State, n.Jobs, eve.FormatTime(n.Oldest)})
		}
		t.Render()
		return nil
	})
}

type jobsShow struct {
	app.Data
	ID int64 `arg:"" help:"Id from the list."`
}

// Run prints one job.
func (c *jobsShow) Run(env *environment) error {
	return withJobs(env, c.Data, func(ctx context.Context, desk *app.JobDesk) error {
		r, err := desk.Job(ctx, c.ID)
		if err != nil {
			return jobHint(err)
		}
		printJob(env.Out, r)
		return nil
	})
}

func printJob(w io.Writer, r queue.Record) {
	line := func(name string, value any) { fmt.Fprintf(w, "%-9s %v\n", name, value) }
	moment := func(name string, t time.Time) {
		if !t.IsZero() {
			line(name, eve.FormatTime(t))
		}
	}
	line("job", r.ID)
	line("kind", r.Kind)
	line("state", r.State)
	if r.Unique != "" {
		line("unique", r.Unique)
	}
	line("priority", r.Priority)
	line("tried", tries(r))
	moment("created", r.CreatedAt)
	moment("due", r.DueAt)
	moment("last try", r.AttemptedAt)
	moment("finished", r.FinishedAt)
	line("args", string(r.Args))
	for _, f := range r.Failures {
		line("failure", fmt.Sprintf("%s, attempt %d: %s", eve.FormatTime(f.At), f.Attempt, f.Error))
		if f.Trace != "" {
			fmt.Fprintln(w, strings.TrimRight(f.Trace, "\n"))
		}
	}
}

// chosenJobs are the jobs a verb works on.
type chosenJobs struct {
	app.Data
	IDs  []int64 `arg:"" optional:"" name:"id" help:"Ids from the list."`
	Dead bool    `help:"All that failed for good."`
}

// each calls f for every chosen job, and prints how many there were.
func (c *chosenJobs) each(env *environment, done string, f func(ctx context.Context, desk *app.JobDesk, id int64) error) error {
	if c.Dead == (len(c.IDs) > 0) {
		return fault.Usage(fault.New("which jobs?", "name their ids, or --dead"))
	}
	return withJobs(env, c.Data, func(ctx context.Context, desk *app.JobDesk) error {
		ids, n := c.IDs, 0
		if c.Dead {
			dead := queue.Filter{States: []queue.State{queue.Dead}}
			if err := desk.Each(ctx, dead, 0, func(r queue.Record) error { ids = append(ids, r.ID); return nil }); err != nil {
				return err
			}
		}
		defer func() { fmt.Fprintf(env.Out, "%-9s %8d\n", done, n) }()
		for _, id := range ids {
			err := f(ctx, desk, id)
			if c.Dead && errors.Is(err, queue.ErrTaken) {
				fmt.Fprintf(env.Err, "%v\n", err) // the other one does the same work
				continue
			}
			if err != nil {
				return jobHint(err)
			}
			n++
		}
		return nil
	})
}

type jobsRetry struct{ chosenJobs }

// Run has jobs worked again. They are worked by the processes that serve.
func (c *jobsRetry) Run(env *environment) error {
	return c.each(env, "queued", func(ctx context.Context, desk *app.JobDesk, id int64) error {
		_, err := desk.Retry(ctx, id)
		return err
	})
}

type jobsCancel struct {
	app.Data
	IDs []int64 `arg:"" name:"id" help:"Ids from the list."`
}

// Run takes jobs back and prints what became of each.
func (c *jobsCancel) Run(env *environment) error {
	return withJobs(env, c.Data, func(ctx context.Context, desk *app.JobDesk) error {
		for _, id := range c.IDs {
			r, err := desk.Cancel(ctx, id)
			if err != nil {
				return jobHint(err)
			}
			state := string(r.State)
			if r.State == queue.Running {
				state = "running; it is asked to end"
			}
			fmt.Fprintf(env.Out, "%-9d %s\n", id, state)
		}
		return nil
	})
}

type jobsDrop struct{ chosenJobs }

// Run deletes jobs.
func (c *jobsDrop) Run(env *environment) error {
	return c.each(env, "dropped", func(ctx context.Context, desk *app.JobDesk, id int64) error { return desk.Drop(ctx, id) })
}

func newTable(w io.Writer, header table.Row) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(header)
	return t
}

func tries(r queue.Record) string { return fmt.Sprintf("%d of %d", r.Attempt, r.MaxAttempts) }

// longestError is how much of an error fits into the list.
const longestError = 80

func lastError(r queue.Record) string {
	if len(r.Failures) == 0 {
		return ""
	}
	text := []rune(strings.ReplaceAll(r.Failures[len(r.Failures)-1].Error, "\n", "; "))
	if len(text) > longestError {
		return string(text[:longestError-1]) + "…"
	}
	return string(text)
}

// jobHint adds what to do about an error of the queue.
func jobHint(err error) error {
	switch {
	case errors.Is(err, queue.ErrNotFound):
		return fault.Wrap(err, "jobs", "battlescope jobs list shows the ids; finished jobs are deleted after a day")
	case errors.Is(err, queue.ErrRunning):
		return fault.Wrap(err, "jobs", "battlescope jobs cancel ends it")
	case errors.Is(err, queue.ErrTaken):
		return fault.Wrap(err, "jobs", "nothing needs to be done: that one does the same work")
	}
	return err
}

// withJobs opens the database for f.
func withJobs(env *environment, d app.Data, f func(context.Context, *app.JobDesk) error) error {
	desk, err := app.OpenJobDesk(env.ctx, d, env.log)
	if err != nil {
		return err
	}
	return errors.Join(f(env.ctx, desk), desk.Close())
}
