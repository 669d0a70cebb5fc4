package battle

import (
	"fmt"
	"time"
)

// ParamsVersion numbers the meaning of the parameters and of the rules that read
// them. It is stored with every battle; a battle of another version was made by
// other rules and may be offered for re-clustering.
const ParamsVersion = 1

// The profiles.
const (
	ProfileLinked  = "linked"
	ProfileClassic = "classic"
)

// Params is everything that can be tuned about the engine. The zero value is
// invalid: start from Linked or Classic. Every duration bounds a look back in
// time from one kill to an earlier one, never the length of a battle.
type Params struct {
	Profile string // ProfileLinked or ProfileClassic: which linking rules run
	Version int    // ParamsVersion of the code that made them

	MinKills int // smallest group that is a battle; a lone structure loss always is one

	Link    LinkParams    // profile linked
	Cut     CutParams     // profile linked
	Classic ClassicParams // profile classic
	Sides   SideParams
	Kinds   KindParams

	// Corrections are no parameter but travel with them: whatever is computed respects
	// both. The profiles have none.
	Corrections Corrections
}

// LinkParams bound the link rules; docs/battle-engine.md explains each rule. "Seen"
// means on a killmail of the group, in the same system unless said otherwise.
type LinkParams struct {
	// Pod: a capsule joins the ship its pilot lost in the same system.
	Pod time.Duration

	// Turn: a pilot comes back in another role. A victim that attacked within it
	// belongs to the group it attacked for.
	Turn time.Duration
	// Crew: attackers that attacked within it, at least NearShare of the kill's pilots.
	Crew      time.Duration
	NearShare float64
	// Camp: the longer time that is granted to CampCrew attackers together, and to
	// one that has CampKills kills in the group: they are evidently staying.
	Camp      time.Duration
	CampCrew  int
	CampKills int

	// Resume: the same two sides meet again: at least ResumePilots and ResumeShare of the
	// kill's pilots were seen, and so was its opposition.
	Resume       time.Duration
	ResumePilots int
	ResumeShare  float64
	// Siege is the longer time that is granted to SiegePilots of them: fleets wait for
	// timers, reinforcements and downtime.
	Siege       time.Duration
	SiegePilots int

	// Opposition: the same two entities shoot at each other again. Without common pilots
	// that is evidence in a group of OppositionKills kills, or on a kill of
	// OppositionPilots pilots; with one common attacker always.
	Opposition       time.Duration
	OppositionKills  int
	OppositionPilots int

	// Chase: a kill of at least ChaseCrew pilots goes on with a fight in another system:
	// at least ChasePilots and ChaseShare of them were seen there, and so was its
	// opposition. The systems are one stargate apart, or JumpPilots were seen (J-space,
	// filaments, cynos).
	Chase       time.Duration
	ChaseCrew   int
	ChasePilots int
	ChaseShare  float64
	JumpPilots  int
	// Move: through a gate a crew carries the fight alone: ChaseCrew pilots and
	// MoveShare of the kill were seen within it.
	Move      time.Duration
	MoveShare float64

	// Environment: a pilot killed by NPCs alone (CONCORD, sentries, rats) joins the
	// group it was seen in. Such a kill never links anything else.
	Environment time.Duration
}

// CutParams bound the continuity cut: a group longer than Span with at least Kills
// kills is cut at lulls of at least Lull across which too few pilots stay.
type CutParams struct {
	Span  time.Duration
	Kills int
	Lull  time.Duration
	// Around a lull, kills are read as far as Window and until there are Sample of
	// them, but never beyond Reach.
	Window time.Duration
	Sample int
	Reach  time.Duration
	// Overlap is the share of pilots that must be on both sides of the lull. From Large
	// pilots on both sides OverlapLarge is enough, and EntityWeight times the overlap of
	// the entities counts as well.
	Overlap      float64
	Large        int
	OverlapLarge float64
	EntityWeight float64
	// Longer lulls are cut first: LullWeight per LullUnit, at most twice.
	LullWeight float64
	LullUnit   time.Duration
}

// ClassicParams are those of the first BattleScope: kills of one system that share
// a participant, with at most Gap between them, in a window of Window.
type ClassicParams struct {
	Window time.Duration
	Gap    time.Duration
}

// SideParams weigh the evidence for sides.
type SideParams struct {
	// Lambda weighs shooting at each other against shooting together.
	Lambda float64
	// CommonEnemy is the largest share of fire between two clusters that have a common
	// enemy and may therefore be one side; EnemyOverlap the least agreement on whom
	// they fight.
	CommonEnemy  float64
	EnemyOverlap float64
	// EnemyGap is the most time between the two fights of clusters with a common enemy
	// of which at least one shot back.
	EnemyGap time.Duration
	// InternalFire is the share of an alliance's fire on itself from which its
	// corporations are placed one by one.
	InternalFire float64
	// Betrayal is the share of its fire on its own side from which an entity is taken off it.
	Betrayal float64
	// Unscathed is the smaller share that is enough for an entity that lost nothing, from
	// UnscathedKills kills on its own side: third parties pick their victims and warp off.
	Unscathed      float64
	UnscathedKills int
	// ThirdParty is the share of its hostile evidence that a side after the second has
	// with each of the two larger sides when it is tagged as a third party.
	ThirdParty float64
}

// KindParams are the thresholds of the table of kinds.
type KindParams struct {
	BattleShips   int           // ship losses that make a battle; fewer beside a structure loss make it a structure event
	BattlePilots  int           // pilots on each of two sides
	FleetLosses   int           // a side that inflicted nothing fought all the same if it lost so many ships …
	FleetSpan     time.Duration // … within this time …
	FleetPilots   int           // … as a fleet of so many pilots
	CampVictims   int           // victims that have nothing to do with each other
	SoloAttackers int
	CriminalBelow float64 // security status of an outlaw
}

// Linked returns the default profile.
func Linked() Params {
	return Params{
		Profile:  ProfileLinked,
		Version:  ParamsVersion,
		MinKills: 2,
		Link: LinkParams{
			Pod:  10 * time.Minute,
			Turn: 8 * time.Minute,
			Crew: 10 * time.Minute, NearShare: 0.2,
			Camp: 15 * time.Minute, CampCrew: 2, CampKills: 3,
			Resume: 45 * time.Minute, ResumePilots: 2, ResumeShare: 0.3,
			Siege: 90 * time.Minute, SiegePilots: 10,
			Opposition: 4 * time.Minute, OppositionKills: 10, OppositionPilots: 12,
			Chase: 15 * time.Minute, ChaseCrew: 4, ChasePilots: 2, ChaseShare: 0.3, JumpPilots: 3,
			Move: 5 * time.Minute, MoveShare: 0.5,
			Environment: 10 * time.Minute,
		},
		Cut: CutParams{
			Span: 30 * time.Minute, Kills: 6, Lull: 8 * time.Minute,
			Window: 20 * time.Minute, Sample: 6, Reach: time.Hour,
			Overlap: 0.45, Large: 40, OverlapLarge: 0.25, EntityWeight: 0.8,
			LullWeight: 0.1, LullUnit: 30 * time.Minute,
		},
		Classic: ClassicParams{Window: 30 * time.Minute, Gap: 15 * time.Minute},
		Sides: SideParams{
			Lambda: 1.5, CommonEnemy: 0.07, EnemyOverlap: 0.5, EnemyGap: 5 * time.Minute, InternalFire: 0.2, Betrayal: 0.4,
			Unscathed: 0.25, UnscathedKills: 3, ThirdParty: 0.05,
		},
		Kinds: KindParams{
			BattleShips: 3, BattlePilots: 2, FleetLosses: 3, FleetSpan: 5 * time.Minute, FleetPilots: 5,
			CampVictims: 2, SoloAttackers: 2, CriminalBelow: -5,
		},
	}
}

// Classic returns the profile of the original architecture: window 30 minutes, gap
// 15 minutes, at least 2 kills, shared attackers or victims. Sides and kinds are
// found as in Linked.
func Classic() Params {
	p := Linked()
	p.Profile = ProfileClassic
	return p
}

// Profile returns the parameters of the named profile.
func Profile(name string) (Params, error) {
	switch name {
	case ProfileLinked:
		return Linked(), nil
	case ProfileClassic:
		return Classic(), nil
	}
	return Params{}, fmt.Errorf("battle profile %q: want %s or %s", name, ProfileLinked, ProfileClassic)
}

// Validate reports the first parameter that makes no sense, by name.
func (p Params) Validate() error {
	if _, err := Profile(p.Profile); err != nil {
		return err
	}
	if p.Version != ParamsVersion {
		return fmt.Errorf("battle parameters: version is %d, this engine reads %d", p.Version, ParamsVersion)
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"link.pod", p.Link.Pod}, {"link.crew", p.Link.Crew}, {"link.camp", p.Link.Camp},
		{"link.turn", p.Link.Turn}, {"link.resume", p.Link.Resume}, {"link.siege", p.Link.Siege},
		{"link.opposition", p.Link.Opposition}, {"link.chase", p.Link.Chase},
		{"link.environment", p.Link.Environment},
		{"cut.span", p.Cut.Span}, {"cut.lull", p.Cut.Lull}, {"cut.window", p.Cut.Window},
		{"cut.reach", p.Cut.Reach}, {"cut.lull_unit", p.Cut.LullUnit},
		{"link.move", p.Link.Move}, {"sides.enemy_gap", p.Sides.EnemyGap}, {"kinds.fleet_span", p.Kinds.FleetSpan},
		{"classic.window", p.Classic.Window}, {"classic.gap", p.Classic.Gap},
	} {
		if d.value < time.Second || d.value > 24*time.Hour {
			return fmt.Errorf("battle parameters: %s is %s, want 1s to 24h", d.name, d.value)
		}
	}
	for _, n := range []struct {
		name  string
		value int
	}{
		{"min_kills", p.MinKills},
		{"link.camp_crew", p.Link.CampCrew}, {"link.camp_kills", p.Link.CampKills}, {"link.resume_pilots", p.Link.ResumePilots}, {"link.siege_pilots", p.Link.SiegePilots},
		{"link.opposition_kills", p.Link.OppositionKills}, {"link.chase_crew", p.Link.ChaseCrew},
		{"link.opposition_pilots", p.Link.OppositionPilots},
		{"link.chase_pilots", p.Link.ChasePilots}, {"link.jump_pilots", p.Link.JumpPilots},
		{"sides.unscathed_kills", p.Sides.UnscathedKills}, {"cut.kills", p.Cut.Kills}, {"cut.sample", p.Cut.Sample}, {"cut.large", p.Cut.Large},
		{"kinds.battle_ships", p.Kinds.BattleShips}, {"kinds.battle_pilots", p.Kinds.BattlePilots},
		{"kinds.fleet_losses", p.Kinds.FleetLosses}, {"kinds.fleet_pilots", p.Kinds.FleetPilots},
		{"kinds.camp_victims", p.Kinds.CampVictims}, {"kinds.solo_attackers", p.Kinds.SoloAttackers},
	} {
		if n.value < 1 {
			return fmt.Errorf("battle parameters: %s is %d, want at least 1", n.name, n.value)
		}
	}
	for _, s := range []struct {
		name  string
		value float64
	}{
		{"link.near_share", p.Link.NearShare}, {"link.resume_share", p.Link.ResumeShare},
		{"link.chase_share", p.Link.ChaseShare}, {"link.move_share", p.Link.MoveShare},
		{"cut.overlap", p.Cut.Overlap}, {"cut.overlap_large", p.Cut.OverlapLarge},
		{"cut.entity_weight", p.Cut.EntityWeight}, {"cut.lull_weight", p.Cut.LullWeight},
		{"sides.common_enemy", p.Sides.CommonEnemy}, {"sides.enemy_overlap", p.Sides.EnemyOverlap},
		{"sides.betrayal", p.Sides.Betrayal}, {"sides.unscathed", p.Sides.Unscathed}, {"sides.internal_fire", p.Sides.InternalFire}, {"sides.third_party", p.Sides.ThirdParty},
	} {
		if !(s.value >= 0 && s.value <= 1) { // also refuses NaN
			return fmt.Errorf("battle parameters: %s is %g, want 0 to 1", s.name, s.value)
		}
	}
	if !(p.Sides.Lambda > 0 && p.Sides.Lambda <= 100) {
		return fmt.Errorf("battle parameters: sides.lambda is %g, want more than 0 and at most 100", p.Sides.Lambda)
	}
	return p.Corrections.Validate()
}

// seconds is the unit of time inside the engine: killmails carry no finer one.
func seconds(d time.Duration) int32 { return int32(d / time.Second) }
