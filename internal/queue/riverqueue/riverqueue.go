// Package riverqueue is the job queue on River, in the database of the store: the
// SQLite file or the PostgreSQL server.
//
// Every kind of job has a River queue of its own, named after it. A process takes
// only from the queues of the kinds it has handlers for, but knows all kinds, because
// River lets whichever process leads pick up what dead processes left, and throws
// away jobs of kinds that the leader does not know.
//
// River keeps its own pool of connections: one that was shared with the store could
// leave it without a connection when it needs one to stay leader.
package riverqueue

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"

	"github.com/battlescope/battlescope/internal/queue"
)

const (
	// doneKept is how long finished jobs can be looked at.
	doneKept      = 24 * time.Hour
	cancelledKept = 7 * 24 * time.Hour
	deadKept      = 30 * 24 * time.Hour
	// rescueAfter is how long a job may run before it is taken for one whose process died.
	rescueAfter = 5 * time.Minute
	// fetchEvery bounds how often a process takes jobs: their number in a second is at
	// most Workers/fetchEvery. A new job is announced, so that pollEvery is only for
	// announcements that went missing and for retries.
	fetchEvery = 10 * time.Millisecond
	pollEvery  = time.Second
	// drainTime is how long running jobs may finish when the process ends.
	drainTime = 10 * time.Second
	// longestPause is the longest wait between two attempts.
	longestPause = time.Hour
)

// Config is what processes on one database must agree on, and what one of them adds.
type Config struct {
	// Kinds are all kinds of jobs there are.
	Kinds []queue.Kind
	Log   *slog.Logger
	// Finished, if set, is told how each run in this process ended. It must not block.
	Finished func(queue.Outcome)
	// Pause is how long to wait after a number of failures; nil is Pause.
	Pause func(failures int) time.Duration
	// RescueAfter is how long a job may be running before it is taken for one whose
	// process died; 0 is five minutes. It cannot be shorter than the timeout of a kind.
	RescueAfter time.Duration
	// Drain is how long running jobs may go on when Work is to end; 0 is ten seconds.
	Drain time.Duration
}

// Pause grows with the fourth power of the failures, from a second to an hour.
func Pause(failures int) time.Duration {
	if failures >= 8 { // 8⁴ s is more than an hour
		return longestPause
	}
	n := max(failures, 1)
	return time.Duration(n*n*n*n) * time.Second
}

// engine is what differs between the databases.
type engine[T any] interface {
	driver() riverdriver.Driver[T]
	// tx returns the store's transaction in the driver's own words. f must not keep it.
	tx(ctx context.Context, conn *sql.Conn, tx *sql.Tx, f func(T) error) error
	// counts calls row for each row of a query.
	counts(ctx context.Context, query string, row func(scan func(...any) error) error) error
	// oldest is an expression for the least value of a column of times, in UTC milliseconds.
	oldest(column string) string
	// taken tells whether an error says that a unique key is taken.
	taken(err error) bool
	// alone runs f in one process at a time, as far as the database can see to that.
	alone(ctx context.Context, f func(context.Context) error) error
	close() error
}

// Queue is the adapter. T is the type of the driver's transactions.
type Queue[T any] struct {
	cfg    Config
	kinds  map[string]queue.Kind
	engine engine[T]
	client *river.Client[T] // queues and inspects; Work makes one that works
}

// open returns a queue over an engine, which it closes when it cannot.
func open[T any](e engine[T], cfg Config) (*Queue[T], error) {
	q := &Queue[T]{cfg: cfg, kinds: make(map[string]queue.Kind, len(cfg.Kinds)), engine: e}
	for _, k := range cfg.Kinds {
		if err := k.Validate(); err != nil {
			return nil, errors.Join(fmt.Errorf("open job queue: %w", err), e.close())
		}
		q.kinds[k.Name] = k
	}
	client, err := river.NewClient(e.driver(), q.clientConfig())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open job queue: %w", err), e.close())
	}
	q.client = client
	return q, nil
}

// Close implements queue.Queue.
func (q *Queue[T]) Close() error { return q.engine.close() }

// clientConfig is what all our clients have in common.
func (q *Queue[T]) clientConfig() *river.Config {
	rescue := cmp.Or(q.cfg.RescueAfter, rescueAfter)
	return &river.Config{
		Logger:                      slog.New(warnings{q.cfg.Log.Handler()}),
		MaxAttempts:                 queue.DefaultAttempts,
		JobTimeout:                  min(queue.DefaultTimeout, rescue),
		RescueStuckJobsAfter:        rescue,
		FetchCooldown:               fetchEvery,
		FetchPollInterval:           pollEvery,
		SoftStopTimeout:             cmp.Or(q.cfg.Drain, drainTime),
		CompletedJobRetentionPeriod: doneKept,
		CancelledJobRetentionPeriod: cancelledKept,
		DiscardedJobRetentionPeriod: deadKept,
		RetryPolicy:                 retries{q.cfg.Pause},
		SkipUnknownJobCheck:         true, // we check kinds ourselves
	}
}

// line is the name of the River queue of a kind.
func line(kind string) string { return strings.ReplaceAll(kind, ".", "_") }

// spread moves a pause by up to a tenth, so that jobs that failed together are not
// all tried again at once.
func spread(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.9 + 0.2*rand.Float64())) //nolint:gosec // no secret
}
