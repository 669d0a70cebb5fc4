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
	MinPilots int
	// SystemIDs and Spaces must both match when both are given.
	SystemIDs []int64
	Spaces    []eve.Space
	// AllianceIDs, CorporationIDs and CharacterIDs are the tracked entities. They
	// reject others only with IgnoreUnlisted; without it they mark, and keep all.
	AllianceIDs    []int64
	CorporationIDs []int64
	CharacterIDs   []int64
	IgnoreUnlisted bool
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
)

// Decide returns Accepted or the first rule that rejects the killmail. Space is
// the band of its system; a band the static data does not know passes the filter
// on space, because losing a killmail to missing data cannot be mended later.
func (r Ruleset) Decide(k *killmail.Killmail, space eve.Space) Reason {
	pilots := k.Players()
	if k.Victim.IsPlayer() {
		pilots++
	}
	switch {
	case pilots < r.MinPilots:
		return TooFew
	case len(r.SystemIDs) > 0 && !slices.Contains(r.SystemIDs, k.SystemID):
		return NotSystem
	case len(r.Spaces) > 0 && space != eve.Other && !slices.Contains(r.Spaces, space):
		return NotSpace
	case r.IgnoreUnlisted && !r.Tracks(k):
		return Unlisted
	}
	return Accepted
}

// Tracks reports whether a tracked entity is on the mail.
func (r Ruleset) Tracks(k *killmail.Killmail) bool {
	if r.tracksParty(k.Victim.Party) {
		return true
	}
	return slices.ContainsFunc(k.Attackers, func(a killmail.Attacker) bool { return r.tracksParty(a.Party) })
}

func (r Ruleset) tracksParty(p killmail.Party) bool {
	return slices.Contains(r.AllianceIDs, p.AllianceID) || slices.Contains(r.CorporationIDs, p.CorporationID) ||
		slices.Contains(r.CharacterIDs, p.CharacterID)
}
