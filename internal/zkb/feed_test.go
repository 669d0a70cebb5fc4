package zkb_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/test/fake"
)

// prefix serves a feed below /root, so that a base URL with a path is tested along.
type prefix struct{ *fake.R2Z2 }

func (p prefix) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.StripPrefix("/root", p.R2Z2).ServeHTTP(w, r)
}

// published is a feed with the documents 1001 to 1000+n published.
func published(n int64) *fake.R2Z2 {
	source := fake.NewR2Z2(documents(1001, n)...)
	source.PublishAll()
	return source
}

func at(sequence int64) zkb.Cursor { return zkb.Cursor{Sequence: sequence} }

func TestStartsAtThePointerWithoutCursor(t *testing.T) {
	source := published(60) // pointer at 1053, head at 1060
	play(t, source, zkb.Cursor{}, nil, func(t *testing.T, r *reader) {
		r.after(time.Minute)
		r.want(t, 1053, 1060)
		r.phase(t, zkb.PhaseLive)
	})
}

func TestPointerLag(t *testing.T) {
	source := published(1) // pointer at 1001
	source.Load(documents(1002, 40)...)
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(10 * time.Second)
		r.source.Publish(40) // not enough for the pointer to move
		r.after(time.Minute)
		r.want(t, 1001, 1041)
		state := r.feed.State()
		if state.Pointer != 1001 || state.Behind != 0 || state.Phase != zkb.PhaseLive {
			t.Errorf("got pointer %d, behind %d, phase %s; want 1001, 0, live", state.Pointer, state.Behind, state.Phase)
		}
	})
}

func TestTailAsksOnceInSixSeconds(t *testing.T) {
	play(t, published(1), at(1000), nil, func(t *testing.T, r *reader) {
		r.after(61 * time.Second)
		if n := r.asked("/1002.json"); n < 10 || n > 11 {
			t.Errorf("asked %d times in 61 s for the document that is not there, want 10 or 11", n)
		}
		r.want(t, 1001, 1001)
	})
}

func TestLiveDocumentIsHandledAtOnce(t *testing.T) {
	source := published(1)
	source.Load(documents(1002, 1)...)
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(10 * time.Second) // at the tail
		r.source.Publish(1)
		for r.asked("/1002.json") == 0 || len(r.sequences()) < 2 {
			r.after(time.Second)
		}
		if n := r.asked("/1003.json"); n > 1 {
			t.Errorf("document was handled only after %d requests for the next", n)
		}
	})
}

func TestCatchUpIsPacedAndBatched(t *testing.T) {
	play(t, published(300), at(1000), nil, func(t *testing.T, r *reader) {
		r.after(10 * time.Second)
		r.phase(t, zkb.PhaseCatchingUp)
		state := r.feed.State()
		if n := len(r.source.Requests()); n < 95 || n > 101 {
			t.Errorf("%d requests in 10 s, want just under 100 and one for the pointer", n)
		}
		if state.Behind < 160 || state.Behind > 170 || state.Lag <= 0 {
			t.Errorf("behind is %d, lag %v; want about 165, the pointer being at 1261, and some", state.Behind, state.Lag)
		}
		if n := len(r.batches()); n > 25 {
			t.Errorf("%d batches for 100 documents, want one for each half second", n)
		}
		r.after(30 * time.Second)
		r.want(t, 1001, 1300)
		r.phase(t, zkb.PhaseLive)
	})
}

func TestBatchSizeBoundsABatch(t *testing.T) {
	play(t, published(100), at(1000), func(c *zkb.Config) { c.BatchSize, c.BatchWait = 7, time.Hour }, func(t *testing.T, r *reader) {
		r.after(time.Minute)
		r.want(t, 1001, 1100)
		for _, batch := range r.batches() {
			if len(batch.Documents) > 7 {
				t.Errorf("batch of %d, want at most 7", len(batch.Documents))
			}
		}
		if len(r.batches()) != 15 {
			t.Errorf("%d batches, want 15", len(r.batches()))
		}
	})
}

func TestRequestsCarryContactAndAskForGzip(t *testing.T) {
	play(t, published(1), at(1000), nil, func(t *testing.T, r *reader) {
		r.after(time.Second)
		for _, request := range r.source.Requests() {
			if request.UserAgent != "BattleScope (pilot@example.org)" || request.AcceptEncoding != "gzip" {
				t.Errorf("request with User-Agent %q and Accept-Encoding %q", request.UserAgent, request.AcceptEncoding)
			}
		}
		r.want(t, 1001, 1001)
	})
}

func TestHoleIsSteppedOverOneByOne(t *testing.T) {
	source := published(200)
	source.Hole(1011, 1012, 1013, 1101)
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(4 * time.Minute)
		if len(r.gaps()) > 0 || len(r.sequences()) != 10 {
			t.Errorf("passed over %v after %d documents before 50 misses", r.gaps(), len(r.sequences()))
		}
		r.after(10 * time.Minute)
		want := []zkb.Gap{{From: 1011, To: 1013, Reason: zkb.GapHole}, {From: 1101, To: 1101, Reason: zkb.GapHole}}
		if diff := cmp.Diff(want, r.gaps()); diff != "" {
			t.Errorf("gaps (-want +got):\n%s", diff)
		}
		if got := r.sequences(); len(got) != 196 || got[len(got)-1] != 1200 || r.feed.State().Holes != 4 {
			t.Errorf("got %d documents and %d numbers left out, want 196 and 4", len(got), r.feed.State().Holes)
		}
		if n := r.asked("/1012.json"); n != 1 {
			t.Errorf("asked %d times within the hole, want once for each number", n)
		}
		if n := r.asked("/1011.json"); n != 50 {
			t.Errorf("asked %d times before passing over, want 50", n)
		}
	})
}

func TestLateDocumentIsNoHole(t *testing.T) {
	source := published(200)
	source.InjectAt("/1011.json", 30, fake.Missing()) // a stale copy at one edge
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(10 * time.Minute)
		r.want(t, 1001, 1200)
	})
}

func TestStallIsWaitedOut(t *testing.T) {
	source := published(10)
	source.Load(documents(1011, 100)...)
	source.Stall(true)
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(9 * time.Minute)
		r.phase(t, zkb.PhaseLive)
		r.source.Publish(5)
		r.after(2 * time.Hour)
		r.phase(t, zkb.PhaseStalled)
		r.want(t, 1001, 1010)
		r.source.Stall(false)
		r.source.PublishAll()
		r.after(time.Minute)
		r.phase(t, zkb.PhaseLive)
		r.want(t, 1001, 1110)
	})
}

func TestStaleHeadIsNoReasonToSkip(t *testing.T) {
	source := published(60)
	source.Load(documents(1061, 200)...)
	source.StaleHead(true) // pointer stays at 1053
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(20 * time.Minute)
		r.source.PublishAll()
		r.after(5 * time.Minute)
		r.want(t, 1001, 1260)
		if p := r.feed.State().Pointer; p != 1053 {
			t.Errorf("pointer is %d, want 1053", p)
		}
	})
}

func TestCursorOlderThanRetentionJumpsToOldestKept(t *testing.T) {
	for name, test := range map[string]struct{ kept, want int64 }{
		"part is left":            {1150, 1150},
		"only the pointer's left": {1261, 1261},
		"all but one":             {1003, 1003},
	} {
		t.Run(name, func(t *testing.T) {
			source := published(300) // pointer at 1261
			source.Expire(test.kept)
			old := zkb.Cursor{Sequence: 1000, At: time.Date(1999, 12, 30, 0, 0, 0, 0, time.UTC)} // the bubble begins in 2000
			play(t, source, old, nil, func(t *testing.T, r *reader) {
				r.after(time.Minute)
				want := []zkb.Gap{{From: 1001, To: test.want - 1, Reason: zkb.GapExpired, Since: old.At}}
				got := r.gaps()
				for i := range got { // the time of the jump, which is now
					if away := got[i].Until.Sub(got[i].Since); away < 48*time.Hour || away > 49*time.Hour {
						t.Errorf("gap lasts %v, want two days", away)
					}
					got[i].Until = time.Time{}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("gaps (-want +got):\n%s", diff)
				}
				r.want(t, test.want, 1300)
				state := r.feed.State()
				if state.Expired != test.want-1001 || state.Problem == nil || !strings.Contains(state.Problem.Text, "lost to the feed") || !strings.Contains(state.Problem.Hint, "import") {
					t.Errorf("state tells of %d expired numbers, problem %+v", state.Expired, state.Problem)
				}
			})
		})
	}
}

func TestYoungCursorNeverJumps(t *testing.T) {
	source := published(300)
	source.Expire(1100)
	young := zkb.Cursor{Sequence: 1000, At: time.Date(1999, 12, 31, 1, 0, 0, 0, time.UTC)}
	play(t, source, young, nil, func(t *testing.T, r *reader) {
		r.after(10 * time.Minute)
		want := []zkb.Gap{{From: 1001, To: 1099, Reason: zkb.GapHole}}
		var got zkb.Batch
		for _, g := range r.gaps() {
			if n := len(got.Gaps); n > 0 && got.Gaps[n-1].To+1 == g.From {
				got.Gaps[n-1].To = g.To
			} else {
				got.Gaps = append(got.Gaps, g)
			}
		}
		if diff := cmp.Diff(want, got.Gaps); diff != "" {
			t.Errorf("gaps (-want +got):\n%s", diff)
		}
		r.want(t, 1100, 1300)
	})
}

func TestReemittedAndRewrittenDocumentsAreDelivered(t *testing.T) {
	list := documents(1001, 3)
	list[2].Body = body(1003, 101_001)                                                                                     // the killmail of 1001 again
	list[1].Body = []byte(strings.Replace(string(list[1].Body), `"sequence_id"`, `"sequence_updated":1,"sequence_id"`, 1)) // rewritten in place
	source := fake.NewR2Z2(list...)
	source.PublishAll()
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(time.Minute)
		r.want(t, 1001, 1003)
		var ids []int64
		for _, batch := range r.batches() {
			for _, document := range batch.Documents {
				ids = append(ids, document.Killmail.ID)
			}
		}
		if diff := cmp.Diff([]int64{101_001, 101_002, 101_001}, ids); diff != "" {
			t.Errorf("killmails (-want +got):\n%s", diff)
		}
	})
}

func TestHandlerErrorIsRetriedAndHoldsTheCursor(t *testing.T) {
	play(t, published(5), at(1000), nil, func(t *testing.T, r *reader) {
		r.refuse(errors.New("disk is full"))
		r.after(5 * time.Minute)
		r.phase(t, zkb.PhaseHeld)
		state := r.feed.State()
		if state.Cursor != 1000 || state.Problem == nil || !strings.Contains(state.Problem.Text, "disk is full") {
			t.Errorf("cursor is %d, problem %+v; want 1000 and the handler's error", state.Cursor, state.Problem)
		}
		if n := r.refuse(nil); n < 5 || n > 10 {
			t.Errorf("handler was called %d times in 5 minutes, want it backed off", n)
		}
		r.after(5 * time.Minute)
		r.want(t, 1001, 1005)
		r.phase(t, zkb.PhaseLive)
	})
}

func TestSecondRunIsRefused(t *testing.T) {
	play(t, published(1), at(1000), nil, func(t *testing.T, r *reader) {
		r.after(time.Second)
		if err := r.feed.Run(t.Context(), at(1000), r.handle); err == nil || !strings.Contains(err.Error(), "running already") {
			t.Errorf("got %v, want a refusal", err)
		}
	})
}

func TestCursorOfAnotherFeedIsTold(t *testing.T) {
	play(t, published(5), at(90_000_000), nil, func(t *testing.T, r *reader) {
		r.after(time.Minute)
		if p := r.feed.State().Problem; p == nil || !strings.Contains(p.Hint, "another feed") {
			t.Errorf("problem is %+v, want it to suspect another feed", p)
		}
	})
}

func TestLinks(t *testing.T) {
	t.Parallel()
	if got, want := zkb.KillURL(134398778), "https://zkillboard.com/kill/134398778/"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for minute, want := range map[int]string{21: "202111281000", 30: "202111281100"} {
		start := time.Date(2021, 11, 28, 10, minute, 7, 0, time.UTC)
		if got, want := zkb.RelatedURL(30001046, start), "https://zkillboard.com/related/30001046/"+want+"/"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
