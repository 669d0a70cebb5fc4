package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/lease"
	"github.com/battlescope/battlescope/internal/service/scheduler"
)

// inTime runs a test in a bubble of time that begins a second past midnight.
func inTime(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Second)
		w := newWorld()
		f(t, w)
		w.working.Wait()
	})
}

// when lists the times of runs.
func when(r *record) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]string, len(r.times))
	for i, at := range r.times {
		out[i] = at.Format("02 15:04:05")
	}
	return strings.Join(out, ", ")
}

func TestDueWork(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		sweeps, days := new(record), new(record)
		stop := start(t, member(t, w, "a", map[string]scheduler.Run{sweep: sweeps.run, daily: days.run}).Run)
		time.Sleep(49 * time.Hour)
		stop()
		same(t, "sweeps", sweeps.count(), 1+49*12) // at once, then every five minutes
		same(t, "days", when(days), "01 00:00:01, 01 02:00:00, 02 02:00:00")
	})
}

func TestMissedRunsAreMadeUpForOnce(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		days := new(record)
		runs := map[string]scheduler.Run{daily: days.run}
		stop := start(t, member(t, w, "a", runs).Run)
		time.Sleep(time.Hour)
		stop()
		time.Sleep(5*24*time.Hour + 10*time.Hour) // nobody there
		stop = start(t, member(t, w, "b", runs).Run)
		time.Sleep(24 * time.Hour)
		stop()
		same(t, "days", when(days), "01 00:00:01, 06 11:00:01, 07 02:00:00")
	})
}

func TestLeaderChange(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		sweeps, days := new(record), new(record)
		runs := map[string]scheduler.Run{sweep: sweeps.run, daily: days.run}
		var stops []func()
		for _, name := range []string{"a", "b", "c"} {
			s := member(t, w, name, runs)
			k := lease.Keeper{Store: w, Holder: name, Log: slog.New(slog.DiscardHandler)}
			stops = append(stops, start(t, func(ctx context.Context) error { return k.Run(ctx, "scheduler", s.Run) }))
		}
		time.Sleep(12*time.Hour + 2*time.Minute)
		stops[0]()
		time.Sleep(12 * time.Hour)
		stops[1]()
		time.Sleep(12 * time.Hour)
		stops[2]()
		same(t, "sweeps", sweeps.count(), 1+36*12)
		same(t, "days", when(days), "01 00:00:01, 01 02:00:00, 02 02:00:00")
	})
}

// TestTwoLeaders has two processes believe that they lead.
func TestTwoLeaders(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		days := new(record)
		days.takes = time.Minute
		runs := map[string]scheduler.Run{daily: days.run}
		stopA := start(t, member(t, w, "a", runs).Run)
		stopB := start(t, member(t, w, "b", runs).Run)
		time.Sleep(48 * time.Hour)
		stopA()
		stopB()
		same(t, "days", when(days), "01 00:00:01, 01 02:00:00, 02 02:00:00")
	})
}

func TestClockSteps(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		days := new(record)
		var step time.Duration
		stop := start(t, member(t, w, "a", map[string]scheduler.Run{daily: days.run}, func(_ *scheduler.Config, d *scheduler.Deps) {
			d.Now = func() time.Time {
				w.mu.Lock()
				defer w.mu.Unlock()
				return time.Now().Add(step)
			}
		}).Run)
		set := func(d time.Duration) { w.set(func() { step = d }) }
		expect := func(after time.Duration, runs int, what string) {
			t.Helper()
			time.Sleep(after)
			synctest.Wait()
			same(t, what, days.count(), runs)
		}
		expect(2*time.Hour, 2, "at the start and at two")
		set(-time.Minute)
		expect(time.Hour, 2, "a minute back, just after a run: two o'clock comes twice")
		set(0)
		expect(time.Hour, 2, "and forth")
		set(400 * 24 * time.Hour)
		expect(time.Minute, 3, "a year forth: what was missed is made up for once")
		set(0)
		expect(21*time.Hour, 3, "a year back")
		expect(2*time.Hour, 4, "two o'clock of the next day, which a mark a year ahead does not hold up")
		expect(24*time.Hour, 5, "and of the day after")
		stop()
	})
}

func TestRunsNeverOverlap(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		sweeps := new(record)
		sweeps.takes = 12*time.Minute + 3*time.Second
		stop := start(t, member(t, w, "a", map[string]scheduler.Run{sweep: sweeps.run}).Run)
		time.Sleep(time.Hour)
		stop()
		w.working.Wait()
		_, most := sweeps.atOnce()
		same(t, "at once", most, 1)
		// What fell due during a run follows it at the next look.
		same(t, "sweeps", when(sweeps), "01 00:00:01, 01 00:12:10, 01 00:24:20, 01 00:36:30, 01 00:48:40")
	})
}

func TestFailedRun(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		days := new(record)
		days.err = errors.New("no room on the disk")
		stop := start(t, member(t, w, "a", map[string]scheduler.Run{daily: days.run}).Run)
		time.Sleep(time.Hour)
		same(t, "runs of a dead job, which is not queued anew", days.count(), 2)
		_, dead, _ := w.counts()
		same(t, "dead", dead, 1)
		days.mu.Lock()
		days.err = nil
		days.mu.Unlock()
		time.Sleep(2 * time.Hour)
		same(t, "runs when it is due again", days.count(), 3)
		stop()
	})
}

func TestStoreAway(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		days := new(record)
		w.set(func() { w.away = true })
		stop := start(t, member(t, w, "a", map[string]scheduler.Run{daily: days.run}).Run)
		time.Sleep(time.Hour)
		w.set(func() { w.away = false })
		time.Sleep(time.Minute)
		stop()
		same(t, "days", when(days), "01 01:00:10")
	})
}

func TestLeaseLost(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		days := new(record)
		days.takes = 10 * time.Minute
		s := member(t, w, "a", map[string]scheduler.Run{daily: days.run})
		var err error
		stop := start(t, func(ctx context.Context) error { _, err = s.RunNow(ctx, daily); return nil })
		time.Sleep(2 * time.Minute)
		w.set(func() { w.away = true })
		time.Sleep(time.Minute)
		synctest.Wait()
		now, _ := days.atOnce()
		same(t, "runs without the lease", now, 0)
		stop()
		if _, _, marks := w.counts(); err == nil || marks != 0 {
			t.Errorf("got error %v, %d marks; want an error and none", err, marks)
		}
	})
}

func TestRunNow(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		days := new(record)
		runs := map[string]scheduler.Run{daily: days.run}
		external := func(c *scheduler.Config, _ *scheduler.Deps) { c.External = true }
		s := member(t, w, "a", runs, external)
		stop := start(t, s.Run)
		time.Sleep(24 * time.Hour)
		queued, _, _ := w.counts()
		same(t, "jobs queued where others start them", queued, 0)
		result, err := s.RunNow(t.Context(), daily)
		must(t, err)
		same(t, "result", result, "done")
		status, err := s.Status(t.Context())
		must(t, err)
		same(t, "done", status[1].Done.Format(time.RFC3339), "2000-01-01T02:00:00Z")
		same(t, "next", status[1].Next.Format(time.RFC3339), "2000-01-02T02:00:00Z")
		same(t, "next of what was never done", status[0].Next.Format(time.RFC3339), "2000-01-02T00:00:00Z")
		stop()
		stop = start(t, member(t, w, "b", runs).Run) // a leader finds nothing to make up for
		time.Sleep(time.Minute)
		stop()
		same(t, "days", when(days), "02 00:00:01")
	})
}

// TestRunNowBesidesJob has a person start what is running as a job, and the other way round.
func TestRunNowBesidesJob(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		days := new(record)
		days.takes = 5 * time.Minute
		s := member(t, w, "a", map[string]scheduler.Run{daily: days.run})
		stop := start(t, s.Run)
		time.Sleep(time.Minute)
		_, err := s.RunNow(t.Context(), daily)
		if err == nil || !strings.Contains(err.Error(), "another process has the lease: a/") || fault.HintOf(err) == "" {
			t.Errorf("got %v, want that a is running it, with a hint", err)
		}
		time.Sleep(2*time.Hour - 2*time.Minute) // a minute to two
		_, err = s.RunNow(t.Context(), daily)   // takes until past two
		must(t, err)
		time.Sleep(time.Hour)
		stop()
		_, most := days.atOnce()
		same(t, "at once", most, 1)
		// What was due at two waited for the run by hand, which began before two and so did not do it.
		same(t, "days", when(days), "01 00:00:01, 01 01:59:01, 01 02:04:30")
	})
}

// TestJobAfterRunNow does not do again what a person has done while the job waited.
func TestJobAfterRunNow(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		days := new(record)
		days.takes = 5 * time.Minute
		s := member(t, w, "a", map[string]scheduler.Run{daily: days.run})
		byHand := start(t, func(ctx context.Context) error { _, err := s.RunNow(ctx, daily); return err })
		time.Sleep(time.Second)
		stop := start(t, s.Run)
		time.Sleep(time.Hour)
		stop()
		byHand()
		queued, _, _ := w.counts()
		same(t, "queued", queued, 2) // with the sweep, which nobody works
		same(t, "days", when(days), "01 00:00:01")
	})
}

func TestWrongTasks(t *testing.T) {
	t.Parallel()
	run := func(context.Context) (string, error) { return "", nil }
	good := scheduler.Task{Name: sweep, Schedule: scheduler.Every(time.Hour)}
	for name, c := range map[string]struct {
		tasks []scheduler.Task
		runs  map[string]scheduler.Run
		want  string
	}{
		"a name with blanks":   {tasks: []scheduler.Task{{Name: "no name", Schedule: good.Schedule}}, want: "no name"},
		"no schedule":          {tasks: []scheduler.Task{{Name: sweep}}, want: sweep},
		"twice":                {tasks: []scheduler.Task{good, good}, want: "two of that name"},
		"a run without a task": {tasks: []scheduler.Task{good}, runs: map[string]scheduler.Run{"other": run}, want: `"other"`},
	} {
		_, err := scheduler.New(scheduler.Config{Tasks: c.tasks}, scheduler.Deps{Runs: c.runs})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error that names %q", name, err, c.want)
		}
	}
	s, err := scheduler.New(scheduler.Config{Tasks: []scheduler.Task{good}}, scheduler.Deps{})
	must(t, err)
	for _, name := range []string{"other", sweep} { // unknown, and nothing this process can do
		if _, err := s.RunNow(t.Context(), name); !fault.IsUsage(err) || !strings.Contains(fault.HintOf(err), sweep) {
			t.Errorf("run %s: got %v (%s), want a usage error that lists the jobs", name, err, fault.HintOf(err))
		}
	}
	same(t, "kinds", fmt.Sprintf("%+v", scheduler.Config{Tasks: []scheduler.Task{good}}.Kinds()),
		"[{Name:periodic.sweep Workers:1 Timeout:1h0m0s MaxAttempts:5}]")
}
