package api

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/battlescope/battlescope/internal/cache/memcache"
	"github.com/battlescope/battlescope/internal/store"
)

// told are states of battles as a test says.
type told struct {
	mu     sync.Mutex
	now    map[int64]*battleState
	prints map[string]*battlePrint
	looked int
	away   bool // the store does not answer
}

func newTold() *told {
	return &told{now: make(map[int64]*battleState), prints: make(map[string]*battlePrint)}
}

// put makes this the state of a battle; nil takes it away.
func (s *told) put(t *testing.T, id, seq int64, v *BattleView) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if v == nil {
		delete(s.now, id)
		return
	}
	p := marked(t, v)
	s.now[id], s.prints[p.mark] = &battleState{view: v, print: p, seq: seq, holds: keepTime}, p
}

func (s *told) state(_ context.Context, id int64) (*battleState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looked++
	if s.away {
		return nil, io.ErrUnexpectedEOF
	}
	if s.now[id] == nil {
		return nil, store.ErrNotFound
	}
	return s.now[id], nil
}

// stands implements battleStates for battles that are said to last.
func (s *told) stands(_ context.Context, p *battlePrint) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now[p.battle]
	return now != nil && now.print.lasting && now.print.mark == p.mark
}

func (s *told) printBy(_ context.Context, mark string) *battlePrint {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.prints[mark]
}

func (s *told) remember(context.Context, int64, *battleState) {}

func (s *told) looks() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looked
}

const giveUp = time.Minute

func feedsOf(t *testing.T, s *told) *battleFeeds {
	t.Helper()
	b := newBattleFeeds(s, func(p push) (*message, error) { return newMessage(0, "heartbeat", Heartbeat{Push: string(p)}) }, slog.New(slog.DiscardHandler))
	t.Cleanup(b.end)
	return b
}

// begun waits until a feed knows its battle.
func begun(t *testing.T, f *battleFeed) {
	t.Helper()
	for {
		f.mu.Lock()
		step, next := f.step, f.next
		f.mu.Unlock()
		if step > 0 {
			return
		}
		await(t, next)
	}
}

// await waits until a channel is closed.
func await(t *testing.T, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(giveUp):
		t.Fatal("the feed does not look")
	}
}

// caughtUp asks what leads from a state to the present one, as a reader does who comes now.
func caughtUp(t *testing.T, f *battleFeed, base string, needed bool) (step int, m *message) {
	t.Helper()
	who := &follower{came: time.Now()}
	for {
		step, m, later := f.since(t.Context(), who, base, needed)
		if later == nil {
			return step, m
		}
		await(t, later)
	}
}

// noted waits for the next message to a reader and holds it to its beginning.
func noted(t *testing.T, who *follower, begins string) *message {
	t.Helper()
	select {
	case n, open := <-who.notes:
		if !open {
			t.Fatal("the reader was dropped")
		}
		if !strings.HasPrefix(string(n.plain), begins) {
			t.Fatalf("got %s, want %s", n.plain, begins)
		}
		return n.message
	case <-time.After(giveUp):
		t.Fatalf("no message came, want %s", begins)
	}
	return nil
}

func kills(n int) *BattleView {
	v := &BattleView{ID: 7}
	for i := range n {
		v.Killmails = append(v.Killmails, BattleKill{ID: int64(i + 1)})
	}
	return v
}

// TestFeedComputesOnce has many readers of one battle, and many changes in one go: each
// reader gets the very same message, made of one look at the store.
func TestFeedComputesOnce(t *testing.T) {
	t.Parallel()
	states := newTold()
	states.put(t, 7, 1, kills(1))
	b := feedsOf(t, states)
	feed, first := b.follow(t.Context(), 7, "")
	begun(t, feed)
	readers := []*follower{first}
	for range 9 {
		same, who := b.follow(t.Context(), 7, "")
		if same != feed {
			t.Fatal("a second reader has a feed of its own")
		}
		readers = append(readers, who)
	}
	states.put(t, 7, 9, kills(3))
	for range 20 {
		b.changed(7)
		b.changed(8)
	}
	got := noted(t, first, "id: 9\nevent: delta\n")
	for _, who := range readers[1:] {
		if m := noted(t, who, "id: 9\nevent: delta\n"); m != got {
			t.Error("two readers got two messages")
		}
	}
	if n := states.looks(); n != 2 {
		t.Errorf("the battle was read %d times, want 2", n)
	}
	b.pushChanged(pushPolling)
	for _, who := range readers {
		noted(t, who, "event: heartbeat\n")
		b.leave(feed, who)
	}
	if len(b.all()) != 0 {
		t.Error("the feed goes on without readers")
	}
}

func TestFeedDropsWhoLags(t *testing.T) {
	t.Parallel()
	states := newTold()
	states.put(t, 7, 1, kills(1))
	b := feedsOf(t, states)
	feed, slow := b.follow(t.Context(), 7, "")
	_, quick := b.follow(t.Context(), 7, "")
	begun(t, feed)
	m, err := newMessage(5, "delta", BattleReset{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 * followerBuffer {
		feed.broadcast(note{i, m})
		noted(t, quick, "id: 5\n")
	}
	n := 0
	for range slow.notes { // ends, because the channel is closed
		n++
	}
	if n != followerBuffer {
		t.Errorf("the slow reader was dropped after %d messages, want %d", n, followerBuffer)
	}
	b.leave(feed, slow) // as its handler does in the end
}

// TestFeedCatchesUp asks what leads to the present state from several ones.
func TestFeedCatchesUp(t *testing.T) {
	t.Parallel()
	states := newTold()
	states.put(t, 7, 1, kills(1))
	old := states.now[7].print.mark
	states.put(t, 7, 4, kills(3))
	b := feedsOf(t, states)
	feed, _ := b.follow(t.Context(), 7, "")
	begun(t, feed)
	for name, c := range map[string]struct {
		base   string
		needed bool
		want   string
	}{
		"from the present one":   {states.now[7].print.mark, true, ""},
		"from a former one":      {old, true, "id: 4\nevent: delta\ndata: {\"base\":\"" + old},
		"from an unknown one":    {"zzz", false, "id: 4\nevent: reset\ndata: {\"reason\":\"unknown base\"}"},
		"from the beginning":     {"", false, ""},
		"from one that is named": {"", true, "id: 4\nevent: reset\n"},
	} {
		step, m := caughtUp(t, feed, c.base, c.needed)
		switch {
		case step != 1:
			t.Errorf("%s: got step %d", name, step)
		case m == nil && c.want != "", m != nil && (c.want == "" || !strings.HasPrefix(string(m.plain), c.want)):
			t.Errorf("%s: got %+v, want %q", name, m, c.want)
		}
	}
	_, one := caughtUp(t, feed, old, true)
	if _, two := caughtUp(t, feed, old, true); one != two {
		t.Error("the same way is computed twice")
	}
}

// TestFeedOfWhatMoves follows a battle that goes into another, is taken away and comes back.
func TestFeedOfWhatMoves(t *testing.T) {
	t.Parallel()
	states := newTold()
	states.put(t, 7, 1, kills(1))
	b := feedsOf(t, states)
	feed, who := b.follow(t.Context(), 7, "")
	begun(t, feed)

	other := kills(2)
	other.ID = 8
	states.put(t, 7, 2, other)
	b.changed(7)
	noted(t, who, "id: 2\nevent: delta\n")
	grown := kills(3)
	grown.ID = 8
	states.put(t, 7, 3, grown)
	b.changed(8) // which is what it is called now
	noted(t, who, "id: 3\nevent: delta\n")
	states.put(t, 7, 0, nil)
	b.changed(8)
	noted(t, who, `event: reset`+"\n"+`data: {"reason":"gone"}`)
	if _, m := caughtUp(t, feed, "x", true); m == nil || !strings.Contains(string(m.plain), `"gone"`) {
		t.Errorf("who comes now gets %+v", m)
	}
	states.put(t, 7, 5, kills(1))
	b.changed(7)
	noted(t, who, "id: 5\nevent: reset\n")
}

func TestFeedsEnd(t *testing.T) {
	t.Parallel()
	states := newTold()
	states.put(t, 7, 1, kills(1))
	b := feedsOf(t, states)
	_, who := b.follow(t.Context(), 7, "")
	b.end()
	if _, open := <-who.notes; open {
		t.Error("the end of the feeds ends no reader")
	}
	feed, late := b.follow(t.Context(), 7, "")
	if _, open := <-late.notes; open {
		t.Error("a reader begins behind the end")
	}
	b.leave(feed, late)
}

// TestFeedOfWhatLasts follows a settled battle with the state it is in: it is not read
// until somebody comes with another state, or it changes.
func TestFeedOfWhatLasts(t *testing.T) {
	t.Parallel()
	states := newTold()
	states.put(t, 7, 1, kills(1))
	old := states.now[7].print.mark
	states.put(t, 7, 2, kills(2))
	settled := states.now[7].print
	settled.lasting = true
	b := feedsOf(t, states)
	feed, who := b.follow(t.Context(), 7, settled.mark)
	begun(t, feed)
	if step, m := caughtUp(t, feed, settled.mark, true); step != 1 || m != nil || states.looks() != 0 {
		t.Errorf("got step %d and %+v after %d looks, want nothing", step, m, states.looks())
	}
	if _, m := caughtUp(t, feed, old, true); m == nil || !strings.HasPrefix(string(m.plain), "id: 2\nevent: delta\n") || states.looks() != 1 {
		t.Errorf("got %+v after %d looks, want a delta after one", m, states.looks())
	}
	states.put(t, 7, 3, kills(3)) // a late one
	b.changed(7)
	noted(t, who, "id: 3\nevent: delta\ndata: {\"base\":\""+settled.mark)
}

// TestFeedNeverLeadsBack has a reader come with a state that the feed has not seen yet,
// because another process read it, or it makes no event.
func TestFeedNeverLeadsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		states := newTold()
		states.put(t, 7, 1, kills(1))
		b := feedsOf(t, states)
		feed, who := b.follow(t.Context(), 7, "")
		begun(t, feed)
		time.Sleep(keepTime / 2)
		states.put(t, 7, 2, kills(2))
		newer := states.now[7].print.mark
		if step, m := caughtUp(t, feed, newer, true); step != 2 || m != nil {
			t.Errorf("who has the newer state is told %s in step %d, want nothing in the second", m.plain, step)
		}
		noted(t, who, "id: 2\nevent: delta\n")
	})
}

// TestFeedWaitsForTheStore has a reader come with a former state while the store is away.
func TestFeedWaitsForTheStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		states := newTold()
		states.put(t, 7, 1, kills(1))
		old := states.now[7].print.mark
		states.put(t, 7, 2, kills(2))
		states.now[7].print.lasting = true
		states.away = true
		b := feedsOf(t, states)
		feed, who := b.follow(t.Context(), 7, states.now[7].print.mark)
		begun(t, feed)
		_, m, later := feed.since(t.Context(), &follower{came: time.Now()}, old, true)
		if m != nil || later == nil {
			t.Fatalf("got %+v before the store answered", m)
		}
		time.Sleep(10 * time.Minute)
		states.mu.Lock()
		states.away = false
		states.mu.Unlock()
		time.Sleep(2 * keepTime)
		select {
		case <-later:
		default:
			t.Fatal("the feed does not look when the store is back")
		}
		if _, m := caughtUp(t, feed, old, true); m == nil || !strings.HasPrefix(string(m.plain), "id: 2\nevent: delta\n") {
			t.Errorf("got %+v, want a delta", m)
		}
		b.leave(feed, who)
	})
}

// TestFeedLooksEverLater follows a battle with a name that nobody finds out.
func TestFeedLooksEverLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		states := newTold()
		states.put(t, 7, 1, kills(1))
		states.now[7].holds = keepUnnamed
		b := feedsOf(t, states)
		b.follow(t.Context(), 7, "")
		time.Sleep(3 * time.Hour)
		if n := states.looks(); n < 170 || n > 190 {
			t.Errorf("the battle was read %d times in three hours, want once a minute", n)
		}
	})
}

// TestEventOfSeveralStates: an event that led to two states does not tell which of them
// a reader has, who is then not told that it has the later one.
func TestEventOfSeveralStates(t *testing.T) {
	t.Parallel()
	s := &Service{Deps: Deps{Cache: memcache.New(memcache.DefaultLimits, time.Now)}}
	state := func(mark string) *battleState { return &battleState{print: &battlePrint{mark: mark}, seq: 9} }
	for range 2 {
		s.remember(t.Context(), 7, state("unnamed"))
		if got := s.toldBy(t.Context(), 7, 9); got != "unnamed" {
			t.Fatalf("event 9 led to %q", got)
		}
	}
	for _, mark := range []string{"named", "named", "unnamed"} {
		s.remember(t.Context(), 7, state(mark))
		if got := s.toldBy(t.Context(), 7, 9); got != noState {
			t.Errorf("after %q event 9 led to %q, want none", mark, got)
		}
	}
}

// NamesSeveral tells the tests of the stream whether an event led to several states.
func (s *Service) NamesSeveral(ctx context.Context, battle int64, event string) bool {
	seq, err := strconv.ParseInt(event, 10, 64)
	return err == nil && s.toldBy(ctx, battle, seq) == noState
}
