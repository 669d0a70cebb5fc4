// Package ruleset decides which killmails are kept. A decision depends on the
// killmail, the band of space it happened in, and the rules: nothing else.
package ruleset

import (
	"errors"
	"fmt"
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// Ruleset says what to keep. An empty list does not filter.
type Ruleset struct {
	// MinPilots is the least number of pilots on the mail, victim included (1 to 500).
	MinPilots int `json:"min_pilots"`
	// SystemIDs and Spaces must both match when both are given.
	SystemIDs []int64     `json:"system_ids"`
	Spaces    []eve.Space `json:"spaces"`
	// AllianceIDs, CorporationIDs and CharacterIDs are the tracked entities. They
	// reject others only with IgnoreUnlisted; without it they mark, and keep all.
	AllianceIDs    []int64 `json:"alliance_ids"`
	CorporationIDs []int64 `json:"corporation_ids"`
	CharacterIDs   []int64 `json:"character_ids"`
	IgnoreUnlisted bool    `json:"ignore_unlisted"`
}

// Limits of the lists.
const (
	MaxPilots   = 500
	MaxEntities = 250
	MaxSystems  = 1000
)

// Default keeps every killmail with a pilot on it, as victim or attacker.
func Default() Ruleset { return Ruleset{MinPilots: 1} }

// Validate reports every fault of the ruleset, each naming its field.
func (r Ruleset) Validate() error {
	var errs []error
	if r.MinPilots < 1 || r.MinPilots > MaxPilots {
		errs = append(errs, fmt.Errorf("min_pilots is %d, must be 1 to %d", r.MinPilots, MaxPilots))
	}
	for _, l := range []struct {
		name string
		ids  []int64
		most int
	}{
		{"system_ids", r.SystemIDs, MaxSystems}, {"alliance_ids", r.AllianceIDs, MaxEntities},
		{"corporation_ids", r.CorporationIDs, MaxEntities}, {"character_ids", r.CharacterIDs, MaxEntities},
	} {
		if len(l.ids) > l.most {
			errs = append(errs, fmt.Errorf("%s has %d entries, at most %d are allowed", l.name, len(l.ids), l.most))
		}
		if slices.ContainsFunc(l.ids, func(id int64) bool { return id <= 0 }) {
			errs = append(errs, fmt.Errorf("%s holds an id that is not positive", l.name))
		}
	}
	if r.IgnoreUnlisted && !r.tracksEntities() {
		errs = append(errs, errors.New("ignore_unlisted without any tracked entity would reject everything"))
	}
	return errors.Join(errs...)
}

func (r Ruleset) tracksEntities() bool {
	return len(r.AllianceIDs)+len(r.CorporationIDs)+len(r.CharacterIDs) > 0
}

// Reason says why a killmail was rejected; Accepted when it was not.
type Reason string

// The reasons, in the order in which the rules are tried.
const (
	Accepted  Reason = ""
	TooFew    Reason = "min_pilots"
	NotSystem Reason = "untracked_system"
	NotSpace  Reason = "untracked_space"
	Unlisted  Reason = "unlisted_entity"
	// TooOld is older than what is kept: no ruleset says so, and none changes it.
	TooOld Reason = "retention"
)

// Facts are all that a decision depends on. They are small enough to be kept for
// killmails that are not.
type Facts struct {
	SystemID int64
	Space    eve.Space
	Pilots   int
	Entities []int64 // alliances, corporations and characters on the mail, ascending
}

// FactsOf gathers the facts of a killmail in a system of the given band.
func FactsOf(k *killmail.Killmail, space eve.Space) Facts {
	f := Facts{SystemID: k.SystemID, Space: space, Pilots: k.Players()}
	if k.Victim.IsPlayer() {
		f.Pilots++
	}
	f.add(k.Victim.Party)
	for i := range k.Attackers {
		f.add(k.Attackers[i].Party)
	}
	slices.Sort(f.Entities)
	f.Entities = slices.Compact(f.Entities)
	return f
}

func (f *Facts) add(p killmail.Party) {
	for _, id := range []int64{p.AllianceID, p.CorporationID, p.CharacterID} {
		if id != 0 {
			f.Entities = append(f.Entities, id)
		}
	}
}

// Decide returns Accepted or the first rule that rejects. A band of space the static
// data does not know passes the filter on space, because losing a killmail to
// missing data cannot be mended later.
func (r Ruleset) Decide(f Facts) Reason {
	switch {
	case f.Pilots < r.MinPilots:
		return TooFew
	case len(r.SystemIDs) > 0 && !slices.Contains(r.SystemIDs, f.SystemID):
		return NotSystem
	case len(r.Spaces) > 0 && f.Space != eve.Other && !slices.Contains(r.Spaces, f.Space):
		return NotSpace
	case r.IgnoreUnlisted && !r.tracks(f):
		return Unlisted
	}
	return Accepted
}

// tracks reports whether a tracked entity is on the mail. Ids of alliances,
// corporations and characters never collide, so one list serves.
func (r Ruleset) tracks(f Facts) bool {
	for _, list := range [][]int64{r.AllianceIDs, r.CorporationIDs, r.CharacterIDs} {
		for _, id := range list {
			if _, found := slices.BinarySearch(f.Entities, id); found {
				return true
			}
		}
	}
	return false
}
