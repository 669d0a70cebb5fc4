package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/ogcard"
)

const (
	// keepCard is how long a drawn card is kept. Its key is what is on it.
	keepCard = time.Hour
	// cardsAtOnce is how many cards are drawn at a time: it is the dearest thing that
	// anybody may ask for, and nobody waits for it at a screen.
	cardsAtOnce = 2
)

// pictures draws cards, some at a time.
type pictures struct {
	painter *ogcard.Painter
	turns   turns
}

func newPictures() *pictures {
	painter, err := ogcard.NewPainter()
	if err != nil {
		panic(err) // the fonts are part of the program
	}
	return &pictures{painter: painter, turns: make(turns, cardsAtOnce)}
}

func (p *pictures) draw(ctx context.Context, one func(*ogcard.Painter) ([]byte, error)) ([]byte, error) {
	end, err := p.turns.take(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	return one(p.painter)
}

// battleCard answers with the picture that chats show beside a link to a battle.
func (s *Service) battleCard(w http.ResponseWriter, r *http.Request) {
	name, found := strings.CutSuffix(r.PathValue("file"), ".png")
	id, err := strconv.ParseInt(name, 10, 64)
	if !found || err != nil || id < 1 {
		writeProblem(w, r, http.StatusNotFound, "no such picture: "+r.URL.Path, "the picture of a battle is at /og/battles/ID.png")
		return
	}
	out, err := s.getBattle(r.Context(), &battleInput{ID: id, Look: lookOf(r.URL.Query()), View: summaryOnly})
	s.answerCard(w, r, out, err)
}

// reportCard answers with the same of a custom report.
func (s *Service) reportCard(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	out, err := s.getReport(r.Context(), &reportInput{
		Sourcing: Sourcing{Window: query["window"], Battle: query["battle"]}, Look: lookOf(query), View: summaryOnly,
	})
	s.answerCard(w, r, out, err)
}

// banners are the pictures of the views that are about no fight, by their place under /og.
var banners = map[string]ogcard.Banner{
	"battles.png":    {Title: "Battles", Text: "Battles of New Eden as they happen: sides, losses and pilots of every fight, found from killmails."},
	"killmails.png":  {Title: "Killmails", Text: "Killmails of EVE Online as they come in, each with the battle it belongs to."},
	"new-report.png": {Title: "New report", Text: "A battle report from a pasted link, or from systems and times of your choice."},
}

// banner answers with the picture of a list or a form.
func (s *Service) banner(w http.ResponseWriter, r *http.Request) {
	b, found := banners[r.PathValue("file")]
	if !found {
		writeProblem(w, r, http.StatusNotFound, "no such picture: "+r.URL.Path, "the picture of a battle is at /og/battles/ID.png")
		return
	}
	hash := sha256.Sum256([]byte(b.Title + "\x00" + b.Text))
	key := fmt.Sprintf("banner:%d-%x", ogcard.Design, hash[:12])
	w.Header().Set("Cache-Control", "public, max-age=86400")
	s.answerPicture(w, r, key, func() ([]byte, error) {
		return s.pictures.draw(r.Context(), func(p *ogcard.Painter) ([]byte, error) { return p.DrawBanner(b) })
	})
}

// answerPicture answers with what draw draws, or with what was drawn under the same key before.
func (s *Service) answerPicture(w http.ResponseWriter, r *http.Request, key string, draw func() ([]byte, error)) {
	ctx, h := r.Context(), w.Header()
	if unchanged(w, r, `"`+key+`"`) {
		return
	}
	picture := s.recall(ctx, key)
	if picture == nil {
		var err error
		if picture, err = draw(); err != nil {
			h.Del("ETag")
			h.Del("Cache-Control")
			answerError(w, r, s.failed(ctx, err, "picture"))
			return
		}
		s.keep(ctx, key, picture, keepCard)
	}
	h.Set("Content-Type", "image/png")
	h.Set("Content-Length", strconv.Itoa(len(picture)))
	_, _ = w.Write(picture) // the reader is gone if this fails
}

func lookOf(query url.Values) Look {
	return Look{From: query.Get("from"), To: query.Get("to"), Side: query["side"], Exclude: query["exclude"]}
}

// answerCard draws a battle, or takes the picture that was drawn of the same before.
func (s *Service) answerCard(w http.ResponseWriter, r *http.Request, out *battleOutput, err error) {
	if err != nil {
		answerError(w, r, err)
		return
	}
	card := cardOf(&out.Body)
	// Chats keep pictures for long by themselves. A battle that still grows gets a new one.
	w.Header().Set("Cache-Control", "public, max-age=3600")
	if card.Live {
		w.Header().Set("Cache-Control", "public, max-age=60")
	}
	s.answerPicture(w, r, "card:"+cardKey(card), func() ([]byte, error) {
		return s.pictures.draw(r.Context(), func(p *ogcard.Painter) ([]byte, error) { return p.Draw(card) })
	})
}

// cardKey names what is on a card, and how it is drawn.
func cardKey(c ogcard.Card) string {
	hash := sha256.New()
	if err := json.NewEncoder(hash).Encode(c); err != nil {
		panic(err) // a card is plain data
	}
	return strconv.Itoa(ogcard.Design) + "-" + hex.EncodeToString(hash.Sum(nil)[:12])
}

// cardMembers is how many members of a side a card has room for.
const cardMembers = 3

// cardOf is what the picture of a battle says.
func cardOf(v *BattleView) ogcard.Card {
	c := ogcard.Card{
		Start: v.StartedAt, End: v.EndedAt, Kind: v.Kind, Live: v.Status == string(battle.Live),
		Kills: v.Kills, ShipsLost: v.ShipsLost, Pilots: v.Pilots,
	}
	if len(v.Systems) > 0 {
		first := v.Systems[0]
		c.SystemID, c.MoreSystems = first.ID, len(v.Systems)-1
		if first.Name != nil {
			c.System, c.Space = *first.Name, spaceWord(first)
		}
		if first.Security != nil {
			c.Security = *first.Security
		}
		if first.Region != nil && first.Region.Name != nil {
			c.Region = *first.Region.Name
		}
	}
	if v.ISKDestroyed != nil {
		c.ISKDestroyed, c.ISKKnown = eve.FromFloat(*v.ISKDestroyed), true
	}
	for i := range v.Sides {
		side := &v.Sides[i]
		lost := eve.FromFloat(side.ISKLost)
		if side.ID == battle.Unassigned {
			c.UnassignedISK = lost
			continue
		}
		out := ogcard.Side{Letter: side.ID, Count: len(side.Members), Pilots: side.Pilots, ShipsLost: side.ShipsLost, ISKLost: lost}
		for _, m := range side.Members[:min(cardMembers, len(side.Members))] {
			member := ogcard.Member{Entity: eve.Entity{Type: eve.EntityType(m.Entity.Type), ID: m.Entity.ID}, Ticker: m.Entity.Ticker}
			if m.Entity.Name != nil {
				member.Name = *m.Entity.Name
			}
			out.Members = append(out.Members, member)
		}
		c.Sides = append(c.Sides, out)
	}
	return c
}

// spaceWord is what stands in place of the security where the number says nothing.
func spaceWord(s System) string {
	switch eve.Space(s.SecurityBand) {
	case eve.Highsec, eve.Lowsec, eve.Nullsec:
		return ""
	case eve.Wormhole:
		if s.WormholeClass != "" {
			return s.WormholeClass
		}
		return "J-space"
	case eve.Pochven:
		return "Pochven"
	case eve.Abyssal:
		return "Abyssal"
	case eve.Void:
		return "Void"
	case eve.Other:
	}
	return "Other"
}

// answerError answers with the error of an operation outside of huma.
func answerError(w http.ResponseWriter, r *http.Request, err error) {
	var p *Problem
	if !errors.As(err, &p) {
		p = problem(http.StatusInternalServerError, "something went wrong on our side", "try again; if it stays, report the request id")
	}
	writeProblem(w, r, p.Status, p.Detail, p.Hint)
}
