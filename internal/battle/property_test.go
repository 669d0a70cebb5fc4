package battle_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

func drawHistory(t *rapid.T) []*killmail.Killmail {
	seed := rapid.Uint64().Draw(t, "seed")
	n := rapid.IntRange(1, 120).Draw(t, "kills")
	return history(rand.New(rand.NewPCG(seed, 1)), n)
}

func drawParams(t *rapid.T) battle.Params {
	if rapid.IntRange(0, 3).Draw(t, "profile") == 0 {
		return battle.Classic()
	}
	return battle.Linked()
}

func form(t interface{ Fatal(...any) }, kills []*killmail.Killmail, p battle.Params) []battle.Battle {
	battles, err := battle.Form(kills, testWorld{}, p)
	if err != nil {
		t.Fatal(err)
	}
	return battles
}

func shuffled(t *rapid.T, kills []*killmail.Killmail) []*killmail.Killmail {
	return rapid.Permutation(kills).Draw(t, "order")
}

func TestFormIsDeterminedByTheSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		want := form(t, kills, p)
		twice := append(shuffled(t, kills), kills...)
		if diff := cmp.Diff(want, form(t, twice, p)); diff != "" {
			t.Fatalf("order or duplicates changed the battles (-batch +shuffled):\n%s", diff)
		}
	})
}

func TestEveryKillIsInOneGroup(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		seen := map[int64]int{}
		for _, group := range battle.Link(kills, testWorld{}, p) {
			for _, k := range group {
				seen[k.ID]++
			}
		}
		for _, k := range kills {
			if seen[k.ID] != 1 {
				t.Fatalf("killmail %d is in %d groups, want 1", k.ID, seen[k.ID])
			}
		}
	})
}

func TestCapsuleStaysWithItsShip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills := drawHistory(t)
		group := map[int64]int{}
		for i, g := range battle.Link(kills, testWorld{}, battle.Linked()) {
			for _, k := range g {
				group[k.ID] = i
			}
		}
		type key struct{ pilot, system int64 }
		last := map[key]*killmail.Killmail{}
		for _, k := range byTime(kills) {
			at := key{k.Victim.CharacterID, k.SystemID}
			if k.Victim.CharacterID == 0 {
				continue
			}
			if k.Victim.ShipTypeID != pod {
				last[at] = k
			} else if ship := last[at]; ship != nil && k.Time.Sub(ship.Time) <= battle.Linked().Link.Pod && group[ship.ID] != group[k.ID] {
				t.Fatalf("capsule %d is apart from its ship %d", k.ID, ship.ID)
			}
		}
	})
}

// within keeps the battles that hold one of the kills.
func within(battles []battle.Battle, kills []*killmail.Killmail) []battle.Battle {
	ids := map[int64]bool{}
	for _, k := range kills {
		ids[k.ID] = true
	}
	var out []battle.Battle
	for _, b := range battles {
		for _, k := range b.Kills {
			if ids[k.Mail.ID] {
				out = append(out, b)
				break
			}
		}
	}
	return out
}

func TestComponentIsEnough(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		seeds := shuffled(t, kills)[:rapid.IntRange(1, min(3, len(kills))).Draw(t, "seeds")]
		component := p.Component(seeds, kills)
		want := within(form(t, kills, p), component)
		if diff := cmp.Diff(want, form(t, component, p)); diff != "" {
			t.Fatalf("the component alone gives other battles (-all +component):\n%s", diff)
		}
		loaded, err := p.Neighbourhood(seeds, func(reaches []battle.Reach) ([]*killmail.Killmail, error) {
			return answer(kills, reaches), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(ids(component), ids(loaded)); diff != "" {
			t.Fatalf("loading step by step found another component (-all at once +steps):\n%s", diff)
		}
	})
}

// answer is a store that knows the kills.
func answer(kills []*killmail.Killmail, reaches []battle.Reach) []*killmail.Killmail {
	var out []*killmail.Killmail
	for _, k := range kills {
		for _, r := range reaches {
			here := k.SystemID == r.SystemID && !k.Time.Before(r.From) && !k.Time.After(r.To)
			if here || !k.Time.Before(r.PilotsFrom) && !k.Time.After(r.PilotsTo) && hasPilot(k, r.Pilots) {
				out = append(out, k)
				break
			}
		}
	}
	return out
}

func hasPilot(k *killmail.Killmail, pilots []int64) bool {
	for _, p := range pilots {
		if k.Victim.CharacterID == p {
			return true
		}
		for i := range k.Attackers {
			if k.Attackers[i].CharacterID == p {
				return true
			}
		}
	}
	return false
}

func ids(kills []*killmail.Killmail) []int64 {
	out := make([]int64, len(kills))
	for i, k := range kills {
		out[i] = k.ID
	}
	return out
}

func TestStreamingEqualsBatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		want := form(t, kills, p)

		// A small store: battles by id, fed in any order with batches of any size.
		stored := map[int64]battle.Battle{}
		var arrived []*killmail.Killmail
		next := int64(0)
		newID := func() int64 { next++; return next }
		for queue := shuffled(t, kills); len(queue) > 0; {
			n := rapid.IntRange(1, min(5, len(queue))).Draw(t, "batch")
			seeds := queue[:n]
			queue = queue[n:]
			arrived = append(arrived, seeds...)
			component, err := p.Neighbourhood(seeds, func(r []battle.Reach) ([]*killmail.Killmail, error) {
				return answer(arrived, r), nil
			})
			if err != nil {
				t.Fatal(err)
			}
			var known []battle.Known
			for id, b := range stored {
				if len(within([]battle.Battle{b}, component)) > 0 {
					known = append(known, battle.Known{ID: id, KillmailIDs: killIDs(b), Profile: b.Profile, Version: b.Version})
				}
			}
			battles := form(t, component, p)
			plan := battle.Reconcile(known, battles, newID)
			for _, r := range plan.Removed {
				delete(stored, r.ID)
			}
			for i, named := range plan.Named {
				stored[named.ID] = battles[i]
			}
		}
		got := make(map[int64]battle.Battle)
		for _, b := range stored {
			got[b.Kills[0].Mail.ID] = b
		}
		if len(got) != len(want) || len(stored) != len(want) {
			t.Fatalf("streaming ended in %d battles, batch in %d", len(stored), len(want))
		}
		for _, b := range want {
			if diff := cmp.Diff(b, got[b.Kills[0].Mail.ID]); diff != "" {
				t.Fatalf("streaming differs from batch (-batch +streamed):\n%s", diff)
			}
		}
	})
}

func killIDs(b battle.Battle) []int64 {
	out := make([]int64, len(b.Kills))
	for i, k := range b.Kills {
		out[i] = k.Mail.ID
	}
	return out
}

func TestSidesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, b := range form(t, drawHistory(t), drawParams(t)) {
			pilots, ships, kills := 0, 0, map[string]bool{}
			for i, s := range b.Sides {
				pilots += s.Pilots
				ships += s.ShipsLost
				kills[s.ID] = true
				if len(s.Members) == 0 && s.ID != battle.Unassigned {
					t.Fatalf("side %s is empty", s.ID)
				}
				if i > 0 && s.ID != battle.Unassigned && s.Pilots > b.Sides[i-1].Pilots {
					t.Fatalf("side %s has more pilots than the one before it", s.ID)
				}
			}
			if pilots != b.PilotCount || pilots != len(b.Pilots) || ships != b.ShipsLost {
				t.Fatalf("%d pilots and %d ships on the sides, %d (%d rows) and %d in the battle",
					pilots, ships, b.PilotCount, len(b.Pilots), b.ShipsLost)
			}
			credited := int64(0)
			for _, s := range b.Sides {
				credited += int64(s.ISKDestroyed)
			}
			if credited > int64(b.ISKDestroyed) {
				t.Fatalf("the sides are credited with %d, only %d was destroyed", credited, b.ISKDestroyed)
			}
			for _, k := range b.Kills {
				if !kills[k.Side] {
					t.Fatalf("killmail %d is on side %q, which the battle does not have", k.Mail.ID, k.Side)
				}
			}
		}
	})
}
