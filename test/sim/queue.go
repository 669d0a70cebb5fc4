package sim

import (
	"container/heap"
	"time"
)

// queue orders kills by a time; kills of the same time keep the order in which they came.
type queue struct {
	by    func(Kill) time.Time
	kills []queued
	count int
}

type queued struct {
	Kill
	at    time.Time
	order int
}

func (q *queue) next() time.Time { return q.kills[0].at }

func (q *queue) push(k Kill) {
	q.count++
	heap.Push((*kills)(&q.kills), queued{k, q.by(k), q.count})
}

func (q *queue) pop() Kill {
	k, _ := heap.Pop((*kills)(&q.kills)).(queued)
	return k.Kill
}

// kills is the heap below a queue.
type kills []queued

func (h kills) Len() int      { return len(h) }
func (h kills) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h kills) Less(i, j int) bool {
	return h[i].at.Before(h[j].at) || h[i].at.Equal(h[j].at) && h[i].order < h[j].order
}
func (h *kills) Push(x any) { k, _ := x.(queued); *h = append(*h, k) }
func (h *kills) Pop() any {
	last := (*h)[len(*h)-1]
	(*h)[len(*h)-1] = queued{} // let it go
	*h = (*h)[:len(*h)-1]
	return last
}
