package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/link"
	"github.com/battlescope/battlescope/internal/store"
)

// LinkedView is what a pasted link or text means here.
type LinkedView struct {
	Kind       string `json:"kind" enum:"battle,killmail,related,report" doc:"what was named"`
	BattleID   *int64 `json:"battle_id,omitempty" doc:"the battle that is meant, or that the killmail is in"`
	KillmailID *int64 `json:"killmail_id,omitempty"`
	Report     string `json:"report,omitempty" doc:"query of a custom report that shows it: /api/v1/reports?…"`
	Query      string `json:"query,omitempty" doc:"how a link to a battle looks at it: /api/v1/battles/ID?…"`
}

// The kinds of links.
const (
	linkBattle   = "battle"
	linkKillmail = "killmail"
	linkRelated  = "related"
	linkReport   = "report"
)

type linkInput struct {
	URL string `query:"url" required:"true" maxLength:"8000" doc:"a link, an id, or a system and a time" example:"https://zkillboard.com/related/30001046/202111281000/"`
}

type linkOutput struct{ Body LinkedView }

func (s *Service) registerLinks(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "resolve-link", Method: http.MethodGet, Path: "/api/v1/links", Tags: []string{"Reports"},
		Summary: "What a pasted link means",
		Description: "Understands links to kills and related kills on zKillboard, EVE-KILL, br.evetools, WarBeacon and others, to battles, kills and reports here, " +
			"to killmails at CCP, ids of killmails and battles, and a system with a time. No other site is asked.",
		Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, s.resolveLink)
}

func (s *Service) resolveLink(ctx context.Context, in *linkInput) (*linkOutput, error) {
	t, err := link.Parse(in.URL)
	if err != nil {
		return nil, badRequest(err.Error(), fault.HintOf(err))
	}
	v, err := s.linked(ctx, &t)
	if err != nil {
		return nil, err
	}
	return &linkOutput{*v}, nil
}

// linked finds what is named.
func (s *Service) linked(ctx context.Context, t *link.Target) (*LinkedView, error) {
	switch {
	case t.Report:
		return &LinkedView{Kind: linkReport, Report: t.Query}, nil
	case t.Battle != 0:
		return s.linkedBattle(ctx, t.Battle, t.Query)
	case t.Killmail != 0:
		return s.linkedKillmail(ctx, t.Killmail)
	case t.Number != 0:
		v, err := s.linkedBattle(ctx, t.Number, "")
		if p := (*Problem)(nil); errors.As(err, &p) && p.Status == http.StatusNotFound {
			return s.linkedKillmail(ctx, t.Number)
		}
		return v, err
	}
	return s.linkedPlace(ctx, t)
}

func (s *Service) linkedBattle(ctx context.Context, id int64, query string) (*LinkedView, error) {
	row, err := s.Store.BattleSummary(ctx, id)
	if err != nil {
		return nil, s.failed(ctx, err, fmt.Sprintf("battle %d", id))
	}
	return &LinkedView{Kind: linkBattle, BattleID: &row.ID, Query: query}, nil
}

// linkedKillmail finds a killmail and the battle it is in, else a report around it.
func (s *Service) linkedKillmail(ctx context.Context, id int64) (*LinkedView, error) {
	rows, err := s.Store.Rows(ctx, []int64{id})
	if err != nil {
		return nil, s.failed(ctx, err, fmt.Sprintf("killmail %d", id))
	}
	if len(rows) == 0 {
		return nil, s.notThere(ctx, id, store.ErrNotFound)
	}
	k := &rows[0]
	out := &LinkedView{Kind: linkKillmail, KillmailID: &k.ID, BattleID: idOrNull(k.BattleID)}
	if out.BattleID == nil {
		at := k.Time.UTC().Truncate(time.Minute)
		w := SourceWindow{s.views.system(k.SystemID), at.Add(-relatedReach), at.Add(relatedReach)}
		out.Report = w.written()
	}
	return out, nil
}

// linkedPlace finds what happened at a place and time.
func (s *Service) linkedPlace(ctx context.Context, t *link.Target) (*LinkedView, error) {
	id, err := strconv.ParseInt(t.System, 10, 64)
	if err != nil {
		system, known := s.World.SystemByName(t.System)
		if !known {
			return nil, problem(http.StatusNotFound, fmt.Sprintf("no solar system is called %q", t.System), "give the name as the game writes it, or the id")
		}
		id = system.ID
	}
	from, to := t.At.Add(-relatedReach), t.At.Add(relatedReach)
	if !t.Until.IsZero() {
		from, to = t.At, earlier(t.Until, t.At.Add(maxWindowSpan))
	}
	found, err := s.related(ctx, id, from.Truncate(time.Minute), to.Truncate(time.Minute))
	if err != nil {
		return nil, err
	}
	return &LinkedView{Kind: linkRelated, BattleID: found.BattleID, Report: found.Report}, nil
}
