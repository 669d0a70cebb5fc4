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
	for _, route := range sim.Routes() {
		for i, place := range route {
			system, ok := data.System(place.ID)
			if !ok || system.Name != place.Name {
				t.Errorf("system %d is %q, want %q", place.ID, system.Name, place.Name)
			}
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
	byName := map[string]int64{}
	for _, name := range set.Names {
		named[name.Entity] = true
		if other, taken := byName[name.Name]; taken && name.Entity.Type == eve.Character {
			t.Errorf("%d and %d are both called %q", other, name.Entity.ID, name.Name)
		}
		byName[name.Name] = name.Entity.ID
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
	for _, kind := range []sim.Kind{sim.KindFleet, sim.KindGang, sim.KindRunning, sim.KindCamp, sim.KindGank, sim.KindSolo, sim.KindStructure, sim.KindNPC} {
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
			if k.Fight.Sides[a.CharacterID] == k.Side {
				t.Errorf("killmail %d: %d shot its own side %s", k.Mail.ID, a.CharacterID, k.Side)
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

func TestStructureHasNoPilot(t *testing.T) {
	t.Parallel()
	mails := sim.Scene(1, sim.KindStructure, noon).Mails()
	last := mails[len(mails)-1]
	if last.Victim.CharacterID != 0 || last.Victim.CorporationID == 0 || last.Victim.AllianceID == 0 || last.Players() < 10 {
		t.Errorf("got victim %+v shot by %d, want a structure with an owner shot by a fleet", last.Victim.Party, last.Players())
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
