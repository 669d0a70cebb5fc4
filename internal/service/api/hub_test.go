package api

import (
	"log/slog"
	"testing"
)

// TestHubDropsWhoLags hands out more than a stream holds: who does not read is cut
// off behind what was taken in order, who reads gets everything.
func TestHubDropsWhoLags(t *testing.T) {
	t.Parallel()
	h := newHub(nil, nil, views{}, newBattleFeeds(nil, nil, nil), slog.New(slog.DiscardHandler))
	slow, quick, gone := h.subscribe(), h.subscribe(), h.subscribe()
	h.unsubscribe(gone)
	const n = 3 * streamBuffer
	for seq := int64(1); seq <= n; seq++ {
		h.broadcast([]frame{{seq: seq}})
		if f := <-quick.frames; f.seq != seq {
			t.Fatalf("the quick reader got %d, want %d", f.seq, seq)
		}
	}
	last := int64(0)
	for f := range slow.frames { // ends, because the channel is closed
		if f.seq != last+1 {
			t.Fatalf("the slow reader got %d after %d", f.seq, last)
		}
		last = f.seq
	}
	if last != streamBuffer {
		t.Errorf("the slow reader was cut off after %d, want %d", last, streamBuffer)
	}
	if len(gone.frames) > 0 {
		t.Error("who has gone is still served")
	}
	h.unsubscribe(slow) // as its handler does in the end
	h.dropAll()
	if _, open := <-quick.frames; open {
		t.Error("the end of the hub ends no stream")
	}
	if _, open := <-h.subscribe().frames; open {
		t.Error("a stream begins behind the end")
	}
}
