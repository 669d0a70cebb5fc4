package riverqueue_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/queue/queuetest"
)

// bulk is how many jobs are queued at once.
const bulk = 500

// BenchmarkJobs measures jobs that do nothing: queued in bulk, and worked.
func BenchmarkJobs(b *testing.B) {
	for _, e := range engines {
		b.Run(e.name+"/insert", func(b *testing.B) {
			q := benchQueue(b, e.open(b), nil)
			for b.Loop() {
				fill(b, q)
			}
			b.ReportMetric(float64(bulk*b.N)/b.Elapsed().Seconds(), "jobs/s")
		})
		b.Run(e.name+"/work", func(b *testing.B) {
			var left atomic.Int64
			done := make(chan struct{}, 1)
			q := benchQueue(b, e.open(b), func(queue.Outcome) {
				if left.Add(-1) == 0 {
					done <- struct{}{}
				}
			})
			left.Store(int64(bulk * b.N))
			for range b.N {
				fill(b, q)
			}
			ctx, stop := context.WithCancel(b.Context())
			var worker sync.WaitGroup
			b.ResetTimer()
			worker.Go(func() {
				nothing := func(context.Context, queue.Work) error { return nil }
				if err := q.Work(ctx, map[string]queue.Handler{"mail.fetch": nothing}); err != nil {
					b.Error(err)
				}
			})
			<-done
			b.StopTimer()
			b.ReportMetric(float64(bulk*b.N)/b.Elapsed().Seconds(), "jobs/s")
			stop()
			worker.Wait()
		})
	}
}

func benchQueue(b *testing.B, db *database, finished func(queue.Outcome)) full {
	b.Helper()
	q, err := db.open(db.name, config(queuetest.Options{Kinds: []queue.Kind{{Name: "mail.fetch", Workers: 100}}, Finished: finished}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = q.Close() })
	if err := q.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	return q
}

func fill(b *testing.B, q queue.Enqueuer) {
	b.Helper()
	jobs := make([]queue.Job, bulk)
	for i := range jobs {
		jobs[i] = queue.New("mail.fetch", map[string]int{"id": i})
	}
	if _, err := q.Enqueue(b.Context(), jobs...); err != nil {
		b.Fatal(err)
	}
}
