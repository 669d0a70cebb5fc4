package sim_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/test/sim"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// TestPlacesAndHullsAreReal holds what is written here against the static data.
func TestPlacesAndHullsAreReal(t *testing.T) {
	t.Parallel()
	data, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	on := map[int64]bool{}
	for _, route := range sim.Routes() {
		for i, place := range route {
			system, ok := data.System(place.ID)
			if !ok || system.Name != place.Name || eve.SpaceOf(system) != place.Space {
				t.Errorf("system %d is %q in %s, want %q in %s", place.ID, system.Name, eve.SpaceOf(system), place.Name, place.Space)
			}
			if on[place.ID] {
				t.Errorf("%s is on two routes", place.Name)
			}
			on[place.ID] = true
			if i > 0 && !slices.Contains(data.Neighbors(route[i-1].ID), place.ID) {
				t.Errorf("no gate from %s to %s", route[i-1].Name, place.Name)
			}
		}
	}
	for _, hull := range sim.Hulls() {
		// The static data leaves NPC hulls out.
		if found, ok := data.Type(hull.ID); ok && found.Name != hull.Name || !ok && hull.Value > 0 {
			t.Errorf("type %d is %q, want %q", hull.ID, found.Name, hull.Name)
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	t.Parallel()
	a, b, other := sim.Day(7, 500), sim.Day(7, 500), sim.Day(8, 500)
	if !slices.EqualFunc(a.R2Z2(1), b.R2Z2(1), bytes.Equal) {
		t.Error("the same seed gave different documents")
	}
	if diff := cmp.Diff(a.Names, b.Names); diff != "" {
		t.Errorf("the same seed gave different names:\n%s", diff)
	}
	if slices.EqualFunc(a.R2Z2(1), other.R2Z2(1), bytes.Equal) {
		t.Error("different seeds gave the same documents")
	}
}

// TestDayHoldsTheInvariants checks what is true of every real killmail.
func TestDayHoldsTheInvariants(t *testing.T) {
	t.Parallel()
	set := sim.Day(1, 5000)
	if len(set.Kills) != 5000 {
		t.Fatalf("got %d publications, want 5000", len(set.Kills))
	}
	named := map[eve.Entity]bool{}
	byName, byTicker := map[string]int64{}, map[string]int64{}
	for _, name := range set.Names {
		named[name.Entity] = true
		if other, taken := byName[name.Name]; taken {
			t.Errorf("%d and %d are both called %q", other, name.Entity.ID, name.Name)
		}
		byName[name.Name] = name.Entity.ID
		if name.Entity.Type == eve.Character {
			continue
		}
		if other, taken := byTicker[name.Ticker]; taken || name.Ticker == "" || len(name.Ticker) > 5 {
			t.Errorf("%d has the ticker %q, as %d", name.Entity.ID, name.Ticker, other)
		}
		byTicker[name.Ticker] = name.Entity.ID
	}
	logistics := map[int64]bool{}
	for _, doctrine := range sim.Doctrines() {
		logistics[doctrine.Logistics.ID] = true
	}
	mails := set.Mails()
	for i, mail := range mails {
		if i > 0 && (mail.ID <= mails[i-1].ID || mail.Time.Before(mails[i-1].Time)) {
			t.Fatalf("killmail %d at %v follows %d at %v", mail.ID, mail.Time, mails[i-1].ID, mails[i-1].Time)
		}
		var damage int64
		finals := 0
		seen := map[int64]bool{}
		for _, a := range mail.Attackers {
			damage += a.DamageDone
			if a.FinalBlow {
				finals++
			}
			if a.CharacterID != 0 && (seen[a.CharacterID] || a.CharacterID == mail.Victim.CharacterID || !named[eve.Entity{Type: eve.Character, ID: a.CharacterID}]) {
				t.Errorf("killmail %d: attacker %d is twice on it, the victim, or without name", mail.ID, a.CharacterID)
			}
			seen[a.CharacterID] = true
			if logistics[a.ShipTypeID] {
				t.Errorf("killmail %d: a logistics ship shoots", mail.ID)
			}
			if corporation := (eve.Entity{Type: eve.Corporation, ID: a.CorporationID}); !named[corporation] {
				t.Errorf("killmail %d: corporation %d has no name", mail.ID, a.CorporationID)
			}
		}
		if finals != 1 || damage != mail.Victim.DamageTaken || mail.Victim.CorporationID == 0 {
			t.Errorf("killmail %d: %d final blows, damage %d of %d", mail.ID, finals, damage, mail.Victim.DamageTaken)
		}
	}
	span := mails[len(mails)-1].Time.Sub(mails[0].Time)
	if span < 12*time.Hour || span > 48*time.Hour {
		t.Errorf("a day takes %v", span)
	}
}

func TestDayHasEverything(t *testing.T) {
	t.Parallel()
	set := sim.Day(1, 5000)
	kinds, fights := map[sim.Kind]int{}, map[string]map[string]bool{}
	systems := map[string]map[int64]bool{}
	late, repeated := 0, 0
	for i, k := range set.Kills {
		kinds[k.Fight.Kind]++
		if fights[k.Fight.ID] == nil {
			fights[k.Fight.ID], systems[k.Fight.ID] = map[string]bool{}, map[int64]bool{}
		}
		fights[k.Fight.ID][k.Side] = true
		systems[k.Fight.ID][k.Mail.SystemID] = true
		if k.PublishedAt.Sub(k.Mail.Time) >= 30*time.Minute && !k.Repeated {
			late++
		}
		if k.Repeated {
			repeated++
		}
		if i > 0 && k.PublishedAt.Before(set.Kills[i-1].PublishedAt) {
			t.Fatalf("publication %d at %v follows one at %v", i, k.PublishedAt, set.Kills[i-1].PublishedAt)
		}
	}
	for _, kind := range sim.Kinds() {
		if kinds[kind] == 0 {
			t.Errorf("no kill of kind %s", kind)
		}
	}
	three, moving := 0, 0
	for id := range fights {
		if fights[id]["C"] {
			three++
		}
		if len(systems[id]) > 2 {
			moving++
		}
	}
	if three == 0 || moving == 0 || late < 10 || late > 150 || repeated < 3 || repeated > 50 {
		t.Errorf("%d fights of three sides, %d over several gates, %d late, %d repeated", three, moving, late, repeated)
	}
}

func TestFleet(t *testing.T) {
	t.Parallel()
	set := sim.Fleet(3, sim.FleetOptions{Sides: 3, Pilots: 40, Losses: 50})
	ships := 0
	for _, k := range set.Kills {
		if k.Mail.Victim.ShipTypeID != 670 {
			ships++
		}
		for _, a := range k.Mail.Attackers {
			if side := k.Fight.Sides[a.CharacterID]; side == k.Side || k.Fight.Doctrines[side] == "" {
				t.Errorf("killmail %d: %d of side %s in doctrine %q shot side %s", k.Mail.ID, a.CharacterID, side, k.Fight.Doctrines[side], k.Side)
			}
		}
	}
	labels := set.Labels()
	if ships != 50 || len(labels) != len(set.Kills) || len(labels) == 0 {
		t.Errorf("got %d ships lost on %d mails, want 50", ships, len(labels))
	}
	for id, label := range labels {
		if label != "fleet-1" {
			t.Errorf("killmail %d is labelled %q", id, label)
		}
	}
}

func TestGankHasConcord(t *testing.T) {
	t.Parallel()
	set := sim.Scene(1, sim.KindGank, noon)
	police := 0
	for _, k := range set.Kills {
		if k.Mail.Attackers[0].CorporationID == 1000125 {
			police++
		}
	}
	if police < 5 || police != len(set.Kills)-2 {
		t.Errorf("%d of %d kills are CONCORD's, want all but the target and its capsule", police, len(set.Kills))
	}
}

func TestStructureFallsAfterATimer(t *testing.T) {
	t.Parallel()
	set := sim.Scene(1, sim.KindStructure, noon)
	mails := set.Mails()
	first, last := mails[0], mails[len(mails)-1]
	if last.Victim.CharacterID != 0 || last.Victim.CorporationID == 0 || last.Victim.AllianceID == 0 || last.Players() < 10 {
		t.Errorf("got victim %+v shot by %d, want a structure with an owner shot by a fleet", last.Victim.Party, last.Players())
	}
	labels := set.Labels()
	if last.Time.Sub(first.Time) < 45*time.Minute || last.SystemID != first.SystemID || labels[first.ID] == labels[last.ID] {
		t.Errorf("it falls %v after the first fight, as part of %s and %s", last.Time.Sub(first.Time), labels[first.ID], labels[last.ID])
	}
}

// TestThirdPartyComesLate looks for a side that is not there from the beginning.
func TestThirdPartyComesLate(t *testing.T) {
	t.Parallel()
	mails := sim.Fleet(4, sim.FleetOptions{Pilots: 50, Losses: 60, ThirdParty: 30, Length: 10 * time.Minute})
	first := map[string]time.Time{}
	for _, k := range mails.Kills {
		for _, a := range k.Mail.Attackers {
			side := k.Fight.Sides[a.CharacterID]
			if at, seen := first[side]; !seen || k.Mail.Time.Before(at) {
				first[side] = k.Mail.Time
			}
		}
	}
	if first["A"].IsZero() || first["C"].Sub(first["A"]) < 2*time.Minute {
		t.Errorf("sides shoot from %v on, want C minutes after A", first)
	}
}

// TestCapitalsEscalate looks for capitals on a fight's mails, after its beginning.
func TestCapitalsEscalate(t *testing.T) {
	t.Parallel()
	capitals := map[int64]bool{19722: true, 19724: true, 19720: true, 23757: true, 24483: true} // three dreadnoughts, two carriers
	shot, early := 0, 0
	start := time.Date(2026, 1, 1, 18, 0, 0, 0, time.UTC)
	for _, k := range sim.Fleet(4, sim.FleetOptions{Losses: 60, Capitals: true, Length: 12 * time.Minute}).Kills {
		for _, a := range k.Mail.Attackers {
			if capitals[a.ShipTypeID] {
				shot++
				if k.Mail.Time.Sub(start) < 4*time.Minute {
					early++
				}
			}
		}
	}
	if shot == 0 || early > 0 {
		t.Errorf("capitals shot %d times, %d of them before they came", shot, early)
	}
}

// TestBrawl looks for what makes faction warfare hard: several fights at once in one
// system, between the same corporations.
func TestBrawl(t *testing.T) {
	t.Parallel()
	from, until := map[string]time.Time{}, map[string]time.Time{}
	systems, factions, corporations := map[int64]bool{}, map[int64]bool{}, map[int64]map[string]bool{}
	for _, k := range sim.Scene(1, sim.KindBrawl, noon).Kills {
		systems[k.Mail.SystemID], factions[k.Mail.Victim.FactionID] = true, true
		if at, seen := from[k.Fight.ID]; !seen || k.Mail.Time.Before(at) {
			from[k.Fight.ID] = k.Mail.Time
		}
		if k.Mail.Time.After(until[k.Fight.ID]) {
			until[k.Fight.ID] = k.Mail.Time
		}
		corporation := k.Mail.Victim.CorporationID
		if corporations[corporation] == nil {
			corporations[corporation] = map[string]bool{}
		}
		corporations[corporation][k.Fight.ID] = true
	}
	shared, interleaved := 0, 0
	for _, fights := range corporations {
		if len(fights) > 1 {
			shared++
		}
	}
	for a := range from {
		for b := range from {
			if a != b && from[a].Before(from[b]) && until[a].After(from[b]) {
				interleaved++
			}
		}
	}
	if len(systems) != 1 || len(factions) != 2 || len(from) < 3 || shared == 0 || interleaved == 0 {
		t.Errorf("%d systems, %d factions, %d fights, %d corporations in several, %d interleaved", len(systems), len(factions), len(from), shared, interleaved)
	}
}

// TestRoamStopsStandAlone follows a crew through systems.
func TestRoamStopsStandAlone(t *testing.T) {
	t.Parallel()
	stops, crew := map[string]int64{}, map[int64]map[string]bool{}
	for _, k := range sim.Scene(1, sim.KindRoam, noon).Kills {
		stops[k.Fight.ID] = k.Mail.SystemID
		for _, a := range k.Mail.Attackers {
			if crew[a.CharacterID] == nil {
				crew[a.CharacterID] = map[string]bool{}
			}
			crew[a.CharacterID][k.Fight.ID] = true
		}
	}
	everywhere := 0
	for _, at := range crew {
		if len(at) == len(stops) {
			everywhere++
		}
	}
	if len(stops) != 4 || everywhere == 0 {
		t.Errorf("%d stops, %d pilots on all of them", len(stops), everywhere)
	}
}

// TestNobodyIsInTwoPlaces checks that a pilot is not shot at in one system while
// shooting in another, but for the gates of running fights.
func TestNobodyIsInTwoPlaces(t *testing.T) {
	t.Parallel()
	type sighting struct {
		at    time.Time
		where int64
		fight *sim.Fight
	}
	kills := sim.Day(3, 4000).Kills
	slices.SortFunc(kills, func(a, b sim.Kill) int { return int(a.Mail.ID - b.Mail.ID) })
	last := map[int64]sighting{}
	for _, k := range kills {
		here := sighting{k.Mail.Time, k.Mail.SystemID, k.Fight}
		for _, a := range k.Mail.Attackers {
			if there, seen := last[a.CharacterID]; seen && a.CharacterID != 0 && there.where != here.where && there.fight != here.fight && here.at.Sub(there.at) < 8*time.Minute {
				t.Errorf("pilot %d is in %s and %v later in %s", a.CharacterID, there.fight.ID, here.at.Sub(there.at), here.fight.ID)
			}
			last[a.CharacterID] = here
		}
	}
}

// TestPeopleComeAgain holds the number of people over days: it must not grow with time.
func TestPeopleComeAgain(t *testing.T) {
	t.Parallel()
	s := sim.New(sim.Options{Seed: 1, Duration: 6 * 24 * time.Hour})
	start, half := time.Time{}, 0
	for k := range s.Kills() {
		if start.IsZero() {
			start = k.Mail.Time
		}
		if half == 0 && k.PublishedAt.Sub(start) > 3*24*time.Hour {
			half = len(s.Names())
		}
	}
	if all := len(s.Names()); all > half*6/5 {
		t.Errorf("%d names after three days, %d after six", half, all)
	}
}

// TestFormsDecode reads every form back.
func TestFormsDecode(t *testing.T) {
	t.Parallel()
	set := sim.Day(2, 300)
	for i, k := range set.Kills {
		_, member := k.EVERef()
		for form, body := range map[string][]byte{"ESI": k.ESI(), "EVERef": member, "R2Z2": k.R2Z2(int64(9000 + i))} {
			got, err := killmail.DecodeDocument(body)
			if err != nil {
				t.Fatalf("%s: %v\n%s", form, err, body)
			}
			if got.Killmail.ID != k.Mail.ID || !got.Killmail.Time.Equal(k.Mail.Time) || got.Killmail.Victim.Party != k.Mail.Victim.Party {
				t.Errorf("%s: got killmail %d at %v", form, got.Killmail.ID, got.Killmail.Time)
			}
			if diff := cmp.Diff(k.Mail.Attackers, got.Killmail.Attackers); diff != "" {
				t.Errorf("%s: attackers (-want +got):\n%s", form, diff)
			}
			if form != "ESI" && got.Killmail.Hash != k.Mail.Hash {
				t.Errorf("%s: hash is %q, want %q", form, got.Killmail.Hash, k.Mail.Hash)
			}
			if form == "R2Z2" && (got.Sequence != int64(9000+i) || got.UploadedAt.Unix() != k.PublishedAt.Unix() || got.Killmail.Value.ISK != k.Mail.Value.ISK) {
				t.Errorf("R2Z2: got sequence %d, uploaded %v, value %v", got.Sequence, got.UploadedAt, got.Killmail.Value.ISK)
			}
		}
	}
}

func TestWriteTar(t *testing.T) {
	t.Parallel()
	set := sim.Day(2, 300)
	var out bytes.Buffer
	if err := set.WriteTar(&out); err != nil {
		t.Fatal(err)
	}
	members := 0
	for archive := tar.NewReader(&out); ; members++ {
		if _, err := archive.Next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if want := len(set.Mails()); members != want {
		t.Errorf("got %d members, want %d", members, want)
	}
}

func TestDurationEnds(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	n := 0
	for k := range sim.New(sim.Options{Seed: 1, Start: start, Duration: 2 * time.Hour}).Kills() {
		n++
		if k.Mail.Time.Before(start) || k.Mail.Time.After(start.Add(5*time.Hour)) {
			t.Errorf("kill at %v is far from the two hours", k.Mail.Time)
		}
	}
	if n < 200 {
		t.Errorf("got %d kills in two hours, want some hundred", n)
	}
}
