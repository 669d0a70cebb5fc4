package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// Page is how lists are asked for.
type Page struct {
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100" doc:"items on a page"`
	Cursor string `query:"cursor" maxLength:"200" doc:"next_cursor of the page before"`
}

type battlesInput struct {
	Page
	Kind          []string  `query:"kind,explode" enum:"battle,skirmish,camp,gank,structure,solo,npc" doc:"default: battle, skirmish, camp and structure"`
	SpaceType     []string  `query:"space_type,explode" enum:"kspace,jspace,highsec,lowsec,nullsec,wormhole,pochven,abyssal,void,other" doc:"kspace is highsec, lowsec and nullsec; jspace is wormhole"`
	Security      []string  `query:"security,explode" enum:"highsec,lowsec,nullsec,wormhole,pochven" doc:"security band, adds up with space_type"`
	SystemID      []int64   `query:"system_id,explode" doc:"any of these systems"`
	Constellation []int64   `query:"constellation_id,explode"`
	Region        []int64   `query:"region_id,explode"`
	Alliance      []int64   `query:"alliance_id,explode" doc:"with a pilot of any of these"`
	Corporation   []int64   `query:"corporation_id,explode"`
	Character     []int64   `query:"character_id,explode"`
	ShipType      []int64   `query:"ship_type_id,explode" doc:"where any of these hulls was fielded or lost"`
	MinKills      int64     `query:"min_kills" minimum:"0"`
	MaxKills      int64     `query:"max_kills" minimum:"0" doc:"0: no limit"`
	MinISK        amount    `query:"min_isk" minimum:"0" maximum:"9e16"`
	MaxISK        amount    `query:"max_isk" minimum:"0" maximum:"9e16" doc:"0: no limit"`
	MinPilots     int64     `query:"min_pilots" minimum:"0"`
	MaxPilots     int64     `query:"max_pilots" minimum:"0" doc:"0: no limit"`
	MinDuration   int64     `query:"min_duration" minimum:"0" maximum:"100000000" doc:"seconds"`
	MaxDuration   int64     `query:"max_duration" minimum:"0" maximum:"100000000" doc:"seconds; 0: no limit"`
	Since         time.Time `query:"since" doc:"started at or after"`
	Until         time.Time `query:"until" doc:"started before"`
	TimeRange     string    `query:"time_range" enum:"last_hour,last_24h,last_7d,last_30d" doc:"instead of since"`
	Sort          string    `query:"sort" default:"-started_at" enum:"started_at,-started_at,isk,-isk,kills,-kills,pilots,-pilots,duration,-duration" doc:"- for descending"`
}

type battlesOutput struct {
	Body struct {
		Items      []BattleItem `json:"items"`
		NextCursor *string      `json:"next_cursor" doc:"null on the last page"`
	}
}

type battleInput struct {
	ID int64 `path:"id" minimum:"1"`
	Look
	View string `query:"view" default:"full" enum:"full,summary" doc:"summary leaves the long lists out"`
}

type battleOutput struct{ Body BattleView }

type battleOfInput struct {
	KillmailID int64 `path:"killmail_id" minimum:"1"`
}

type battleOfOutput struct {
	Body struct {
		BattleID int64 `json:"battle_id"`
	}
}

func (s *Service) registerBattles(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "list-battles", Method: http.MethodGet, Path: "/api/v1/battles", Tags: []string{"Battles"},
		Summary: "List battles", Description: "Values of one parameter are alternatives, parameters add up.",
		Errors: []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, s.listBattles)
	huma.Register(a, huma.Operation{
		OperationID: "get-battle", Method: http.MethodGet, Path: "/api/v1/battles/{id}", Tags: []string{"Battles"},
		Summary: "One battle",
		Description: "The id of a battle that was merged into another one answers with that one; compare the id. " +
			"With from, to, side or exclude all figures are computed anew from the killmails; the stored battle stays as it is.",
		Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity},
	}, s.getBattle)
	huma.Register(a, huma.Operation{
		OperationID: "get-battle-by-killmail", Method: http.MethodGet, Path: "/api/v1/battles/by-killmail/{killmail_id}",
		Tags: []string{"Battles"}, Summary: "The battle a killmail is in",
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, s.getBattleOf)
}

func (s *Service) listBattles(ctx context.Context, in *battlesInput) (*battlesOutput, error) {
	rows, next, err := s.Store.Battles(ctx, in.filter(s.Now()), store.Page{Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, s.failed(ctx, err, "list of battles")
	}
	ids := make(idSet)
	for i := range rows {
		ids.battle(&rows[i], listedMembers)
	}
	v, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return nil, s.failed(ctx, err, "list of battles")
	}
	out := &battlesOutput{}
	out.Body.Items = make([]BattleItem, len(rows))
	for i := range rows {
		out.Body.Items[i] = v.battleItem(&rows[i])
	}
	if next != "" {
		out.Body.NextCursor = &next
	}
	keepFor(ctx, v.holds(ids))
	return out, nil
}

// shownKinds are listed when the request does not say.
var shownKinds = []battle.Kind{battle.KindBattle, battle.KindSkirmish, battle.KindCamp, battle.KindStructure}

// Resolve implements huma.Resolver.
func (in *battlesInput) Resolve(huma.Context) []error {
	return append(in.MinISK.check("min_isk"), in.MaxISK.check("max_isk")...)
}

func (in *battlesInput) filter(now time.Time) store.BattleFilter {
	f := store.BattleFilter{
		Kinds: shownKinds, Spaces: spaces(in.SpaceType, in.Security), SystemIDs: in.SystemID, ConstellationIDs: in.Constellation,
		RegionIDs: in.Region, AllianceIDs: in.Alliance, CorporationIDs: in.Corporation, CharacterIDs: in.Character,
		ShipTypeIDs: in.ShipType, Kills: bounds(in.MinKills, in.MaxKills), Pilots: bounds(in.MinPilots, in.MaxPilots),
		ISK:      bounds(int64(in.MinISK.isk()), int64(in.MaxISK.isk())),
		Duration: bounds(in.MinDuration*1000, in.MaxDuration*1000), Since: in.Since, Until: in.Until,
	}
	if len(in.Kind) > 0 {
		f.Kinds = convert[battle.Kind](in.Kind)
	}
	if back, ok := timeRanges[in.TimeRange]; ok {
		f.Since = now.Add(-back)
	}
	order, descending := strings.CutPrefix(in.Sort, "-")
	f.Order, f.Descending = store.BattleOrder(order), descending
	return f
}

var timeRanges = map[string]time.Duration{
	"last_hour": time.Hour, "last_24h": 24 * time.Hour, "last_7d": 7 * 24 * time.Hour, "last_30d": 30 * 24 * time.Hour,
}

// bounds makes a range in which 0 leaves an end open.
func bounds(low, high int64) store.Range {
	var r store.Range
	if low > 0 {
		r.Min = &low
	}
	if high > 0 {
		r.Max = &high
	}
	return r
}

func convert[T ~string](in []string) []T {
	out := make([]T, len(in))
	for i, s := range in {
		out[i] = T(s)
	}
	return out
}

// nowhere is a band no battle is in: the intersection of filters that exclude each other.
const nowhere = eve.Space("none")

// spaces joins the two space filters: each is a set of bands, and both must hold.
func spaces(space, security []string) []eve.Space {
	var wide []eve.Space
	for _, s := range space {
		switch s {
		case "kspace":
			wide = append(wide, eve.Highsec, eve.Lowsec, eve.Nullsec)
		case "jspace":
			wide = append(wide, eve.Wormhole)
		default:
			wide = append(wide, eve.Space(s))
		}
	}
	if len(security) == 0 || len(wide) == 0 {
		return append(wide, convert[eve.Space](security)...)
	}
	var both []eve.Space
	for _, s := range convert[eve.Space](security) {
		for _, w := range wide {
			if s == w {
				both = append(both, s)
			}
		}
	}
	if len(both) == 0 {
		return []eve.Space{nowhere}
	}
	return both
}

func (s *Service) getBattle(ctx context.Context, in *battleInput) (*battleOutput, error) {
	l, err := in.parse()
	if err != nil {
		return nil, err
	}
	if !l.whole() {
		v, err := s.seeBattle(ctx, in.ID, &in.Look)
		if err != nil {
			return nil, err
		}
		return s.answer(ctx, v, in.View)
	}
	if in.View == summaryOnly {
		row, err := s.Store.BattleSummary(ctx, in.ID)
		if err != nil {
			return nil, s.failed(ctx, err, fmt.Sprintf("battle %d", in.ID))
		}
		ids := make(idSet)
		ids.battle(row, allMembers)
		v, err := s.views.named(ctx, s.Store, ids)
		if err != nil {
			return nil, s.failed(ctx, err, "battle")
		}
		return &battleOutput{v.battleSummary(row)}, nil
	}
	state, err := s.state(ctx, in.ID)
	if err != nil {
		return nil, s.failed(ctx, err, fmt.Sprintf("battle %d", in.ID))
	}
	keepFor(ctx, state.holds)
	return &battleOutput{*state.view}, nil
}

func (s *Service) getBattleOf(ctx context.Context, in *battleOfInput) (*battleOfOutput, error) {
	id, err := s.Store.BattleOf(ctx, in.KillmailID)
	if err != nil {
		return nil, s.failed(ctx, err, "battle of this killmail")
	}
	out := &battleOfOutput{}
	out.Body.BattleID = id
	return out, nil
}
