package battle_test

import (
	"math/rand/v2"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

// memory is a store of killmails and battles as far as the engine asks one.
type memory struct {
	places  map[place][]*killmail.Killmail
	pilots  map[int64][]*killmail.Killmail
	battles map[int64]battle.Battle
	in      map[int64]int64 // battle by killmail
	next    int64
}

// place is a system in one of many stretches of time.
type place struct{ system, stretch int64 }

// stretch is the length of those, in seconds.
const stretch = 3600

func newMemory() *memory {
	return &memory{
		places: map[place][]*killmail.Killmail{}, pilots: map[int64][]*killmail.Killmail{},
		battles: map[int64]battle.Battle{}, in: map[int64]int64{},
	}
}

func (m *memory) store(kills []*killmail.Killmail) {
	for _, k := range kills {
		at := place{k.SystemID, k.Time.Unix() / stretch}
		m.places[at] = append(m.places[at], k)
		for _, id := range pilotIDs(k) {
			m.pilots[id] = append(m.pilots[id], k)
		}
	}
}

func pilotIDs(k *killmail.Killmail) []int64 {
	out := []int64{k.Victim.CharacterID}
	for i := range k.Attackers {
		out = append(out, k.Attackers[i].CharacterID)
	}
	return out
}

func (m *memory) load(reaches []battle.Reach) ([]*killmail.Killmail, error) {
	var out []*killmail.Killmail
	within := func(k *killmail.Killmail, from, to time.Time) bool { return !k.Time.Before(from) && !k.Time.After(to) }
	for _, r := range reaches {
		for s := r.From.Unix() / stretch; s <= r.To.Unix()/stretch; s++ {
			for _, k := range m.places[place{r.SystemID, s}] {
				if within(k, r.From, r.To) {
					out = append(out, k)
				}
			}
		}
		for _, id := range r.Pilots {
			for _, k := range m.pilots[id] {
				if within(k, r.PilotsFrom, r.PilotsTo) {
					out = append(out, k)
				}
			}
		}
	}
	return out, nil
}

// take recomputes what new killmails can influence, as the service does.
func (m *memory) take(t *testing.T, world battle.World, p battle.Params, seeds []*killmail.Killmail) {
	t.Helper()
	m.store(seeds)
	component, err := p.Neighbourhood(seeds, m.load)
	if err != nil {
		t.Fatal(err)
	}
	battles, err := battle.Form(component, world, p)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int64]bool{}
	var known []battle.Known
	for _, k := range component {
		if id := m.in[k.ID]; id != 0 && !seen[id] {
			seen[id] = true
			b := m.battles[id]
			known = append(known, battle.Known{ID: id, KillmailIDs: killIDs(b), Profile: b.Profile, Version: b.Version})
		}
	}
	plan := battle.Reconcile(known, battles, func() int64 { m.next++; return m.next })
	for _, old := range known {
		for _, id := range old.KillmailIDs {
			delete(m.in, id)
		}
		delete(m.battles, old.ID)
	}
	for i, n := range plan.Named {
		m.battles[n.ID] = battles[i]
		for _, id := range killIDs(battles[i]) {
			m.in[id] = n.ID
		}
	}
}

// TestManyKillsStreamed lets many killmails arrive in random order and batches of random
// size: 20,000, and a million when BATTLESCOPE_LONG is set. What stands in the end is
// what one batch gives.
func TestManyKillsStreamed(t *testing.T) {
	t.Parallel()
	n := 20_000
	if os.Getenv("BATTLESCOPE_LONG") != "" {
		n = 1_000_000
	}
	kills := synthetic(n)
	p := battle.Linked()
	want := form(t, kills, p)
	r := rand.New(rand.NewPCG(4, 2))
	r.Shuffle(n, func(i, j int) { kills[i], kills[j] = kills[j], kills[i] })
	m := newMemory()
	for left := kills; len(left) > 0; {
		size := min(len(left), 1+r.IntN([]int{3, n / 100, n / 20}[r.IntN(3)]))
		m.take(t, testWorld{}, p, left[:size])
		left = left[size:]
	}
	if len(m.battles) != len(want) {
		t.Fatalf("streaming ended in %d battles, batch in %d", len(m.battles), len(want))
	}
	for i := range want {
		b := &want[i]
		if got := m.battles[m.in[b.Kills[0].Mail.ID]]; !reflect.DeepEqual(got, *b) {
			t.Fatalf("battle of killmail %d differs: %d kills streamed, %d in one batch", b.Kills[0].Mail.ID, len(got.Kills), len(b.Kills))
		}
	}
}
