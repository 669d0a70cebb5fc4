package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/store"
)

var enrichmentTests = []test{
	{"what a batch only names is listed with the cursor, or not at all", enrichmentsListed},
	{"a newer document takes the place of an older, one that tells less does not", enrichmentsRenewed},
	{"an enrichment goes from pending to its end", enrichmentsEnd},
	{"what is not ended is due again", enrichmentsDueAgain},
	{"those who claim at once get different ones", enrichmentsClaimedOnce},
	{"counts and pruning", enrichmentsCounted},
}

// partial names a killmail; its document is told apart by note.
func partial(id int64, note string) store.Partial {
	return store.Partial{
		KillmailID: id, Hash: fmt.Sprintf("%040x", id), Source: "redisq", Live: true, HasZkb: true,
		Body: []byte(fmt.Sprintf(`{"package":{"killID":%d,"note":%q}}`, id, note)), Due: at(60),
	}
}

func name(t *testing.T, s store.Store, second int, p ...store.Partial) {
	t.Helper()
	_, err := s.Save(t.Context(), store.Batch{Partial: p, Source: "redisq", Now: at(second)})
	must(t, err)
}

func enrichment(t *testing.T, s store.Store, id int64) store.Enrichment {
	t.Helper()
	e, err := s.Enrichment(t.Context(), id)
	must(t, err)
	return e
}

func begin(t *testing.T, s store.Store, id int64, second int) store.Enrichment {
	t.Helper()
	e, err := s.BeginEnrichment(t.Context(), id, at(second), at(second+300))
	must(t, err)
	return e
}

// end ends an enrichment as it was begun.
func end(t *testing.T, s store.Store, e store.Enrichment, state store.EnrichmentState, reason string, due time.Time, second int) {
	t.Helper()
	must(t, s.EndEnrichment(t.Context(), store.EnrichmentEnd{
		KillmailID: e.KillmailID, Revision: e.Revision, State: state, Reason: reason, Attempts: e.Attempts + 1, Due: due,
	}, at(second)))
}

// claimed lists the ids of those that are due.
func claimed(t *testing.T, s store.Store, second int) []int64 {
	t.Helper()
	list, err := s.ClaimEnrichments(t.Context(), at(second), at(second+300), 100)
	must(t, err)
	out := []int64{}
	for _, e := range list {
		out = append(out, e.KillmailID)
		same(t, "state of a claimed one", e.State, store.EnrichmentProcessing)
	}
	return sorted(out)
}

func enrichmentsListed(t *testing.T, s store.Store) {
	p := partial(7, "a")
	p.Reason = "ESI is switched off"
	_, err := s.Save(t.Context(), store.Batch{Partial: []store.Partial{p}, Source: "redisq", Feed: "redisq", Cursor: 3, Now: at(5)})
	must(t, err)
	want := store.Enrichment{Partial: p, State: store.EnrichmentPending, Revision: 1, CreatedAt: at(5), UpdatedAt: at(5)}
	same(t, "enrichment", enrichment(t, s, 7), want)
	cursor, _, err := s.Cursor(t.Context(), "redisq")
	must(t, err)
	same(t, "cursor", cursor, 3)
	_, err = s.Save(t.Context(), store.Batch{Partial: []store.Partial{partial(8, "a")}, Feed: "redisq", Cursor: 4, Jobs: []queue.Job{queue.New("nobody.takes.it", struct{}{})}, Now: at(6)})
	if err == nil {
		t.Fatal("jobs that nobody takes were accepted")
	}
	if _, err := s.Enrichment(t.Context(), 8); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of a batch that failed: got %v, want %v", err, store.ErrNotFound)
	}
	if _, err := s.BeginEnrichment(t.Context(), 8, at(6), at(7)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("begin what is not there: got %v, want %v", err, store.ErrNotFound)
	}
}

func enrichmentsRenewed(t *testing.T, s store.Store) {
	name(t, s, 0, partial(7, "a"))
	done := begin(t, s, 7, 1)
	end(t, s, done, store.EnrichmentSucceeded, "", time.Time{}, 2)
	name(t, s, 3, partial(7, "a")) // the same again
	same(t, "state after a repetition", enrichment(t, s, 7).State, store.EnrichmentSucceeded)
	bare := partial(7, "bare")
	bare.HasZkb = false
	name(t, s, 4, bare)
	same(t, "state after one that tells less", enrichment(t, s, 7).State, store.EnrichmentSucceeded)
	name(t, s, 5, partial(7, "b"))
	renewed := enrichment(t, s, 7)
	same(t, "state after a newer one", renewed.State, store.EnrichmentPending)
	same(t, "document", string(renewed.Body), string(partial(7, "b").Body))
	same(t, "since", renewed.CreatedAt, at(0))

	old := begin(t, s, 7, 6)
	name(t, s, 7, partial(7, "c")) // while the older is worked on
	end(t, s, old, store.EnrichmentSucceeded, "", time.Time{}, 8)
	after := enrichment(t, s, 7)
	same(t, "state when a newer one came meanwhile", after.State, store.EnrichmentPending)
	same(t, "document", string(after.Body), string(partial(7, "c").Body))

	failed := begin(t, s, 7, 9)
	end(t, s, failed, store.EnrichmentFailed, "unknown", time.Time{}, 10)
	name(t, s, 11, partial(7, "c"))
	same(t, "state when a failed one comes again", enrichment(t, s, 7).State, store.EnrichmentPending)
}

func enrichmentsEnd(t *testing.T, s store.Store) {
	name(t, s, 0, partial(7, "a"), partial(8, "a"))
	first := begin(t, s, 7, 1)
	same(t, "state", first.State, store.EnrichmentProcessing)
	same(t, "document", string(first.Body), string(partial(7, "a").Body))
	end(t, s, first, store.EnrichmentPending, "status 502", at(30), 2)
	second := begin(t, s, 7, 30)
	same(t, "reason", second.Reason, "status 502")
	same(t, "attempts", second.Attempts, 1)
	end(t, s, second, store.EnrichmentSucceeded, "", time.Time{}, 31)
	e := enrichment(t, s, 7)
	same(t, "state at last", e.State, store.EnrichmentSucceeded)
	same(t, "attempts at last", e.Attempts, 2)
	same(t, "ended", e.UpdatedAt, at(31))
	end(t, s, second, store.EnrichmentFailed, "late", time.Time{}, 32) // another one was slower
	same(t, "after one that is late", enrichment(t, s, 7), e)
	same(t, "begun again", begin(t, s, 7, 33), e)
	same(t, "still due", claimed(t, s, 100), []int64{8})
}

func enrichmentsDueAgain(t *testing.T, s store.Store) {
	name(t, s, 0, partial(7, "a"), partial(8, "a"), partial(9, "a"))
	same(t, "before they are due", claimed(t, s, 59), []int64{})
	begin(t, s, 9, 60) // until 360
	same(t, "due", claimed(t, s, 60), []int64{7, 8})
	same(t, "claimed", claimed(t, s, 359), []int64{})
	end(t, s, enrichment(t, s, 7), store.EnrichmentFailed, "", time.Time{}, 359)
	same(t, "those who had them died", claimed(t, s, 360), []int64{8, 9})
	end(t, s, enrichment(t, s, 8), store.EnrichmentPending, "away", at(500), 361)
	same(t, "postponed", claimed(t, s, 500), []int64{8})
}

func enrichmentsClaimedOnce(t *testing.T, s store.Store) {
	var list []store.Partial
	for id := int64(1); id <= 200; id++ {
		list = append(list, partial(id, "a"))
	}
	name(t, s, 0, list...)
	var mu sync.Mutex
	var all []int64
	var g errgroup.Group
	for range 6 {
		g.Go(func() error {
			for {
				got, err := s.ClaimEnrichments(t.Context(), at(60), at(360), 7)
				if err != nil || len(got) == 0 {
					return err
				}
				mu.Lock()
				for _, e := range got {
					all = append(all, e.KillmailID)
				}
				mu.Unlock()
			}
		})
	}
	must(t, g.Wait())
	slices.Sort(all)
	same(t, "claimed by all together", len(all), 200)
	same(t, "different ones", len(slices.Compact(all)), 200)
}

func enrichmentsCounted(t *testing.T, s store.Store) {
	counts := func(want map[store.EnrichmentState]store.EnrichmentCount) {
		t.Helper()
		got, err := s.EnrichmentCounts(t.Context())
		must(t, err)
		same(t, "counts", got, want)
	}
	counts(map[store.EnrichmentState]store.EnrichmentCount{})
	name(t, s, 0, partial(1, "a"), partial(2, "a"))
	name(t, s, 5, partial(3, "a"), partial(4, "a"))
	end(t, s, begin(t, s, 1, 1), store.EnrichmentSucceeded, "", time.Time{}, 10)
	end(t, s, begin(t, s, 2, 1), store.EnrichmentFailed, "unknown", time.Time{}, 11)
	counts(map[store.EnrichmentState]store.EnrichmentCount{
		store.EnrichmentPending: {N: 2, Oldest: at(5)}, store.EnrichmentSucceeded: {N: 1, Oldest: at(10)}, store.EnrichmentFailed: {N: 1, Oldest: at(11)},
	})
	n, err := s.PruneEnrichments(t.Context(), at(10))
	must(t, err)
	same(t, "pruned too early", n, 0)
	n, err = s.PruneEnrichments(t.Context(), at(100))
	must(t, err)
	same(t, "pruned", n, 1)
	same(t, "what failed stays", enrichment(t, s, 2).State, store.EnrichmentFailed)
}
