package battle_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
)

func TestProfilesValidate(t *testing.T) {
	t.Parallel()
	for _, name := range []string{battle.ProfileLinked, battle.ProfileClassic} {
		p, err := battle.Profile(name)
		if err != nil {
			t.Fatalf("Profile(%q): %v", name, err)
		}
		if err := p.Validate(); err != nil {
			t.Errorf("profile %s: %v", name, err)
		}
		if p.Profile != name || p.Version != battle.ParamsVersion {
			t.Errorf("Profile(%q) is %s version %d", name, p.Profile, p.Version)
		}
	}
	if _, err := battle.Profile("best"); err == nil || !strings.Contains(err.Error(), `"best"`) {
		t.Errorf(`Profile("best"): got %v, want an error that names it`, err)
	}
}

func TestValidateNamesTheParameter(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*battle.Params){
		"profile":              func(p *battle.Params) { p.Profile = "" },
		"version":              func(p *battle.Params) { p.Version++ },
		"min_kills":            func(p *battle.Params) { p.MinKills = 0 },
		"link.resume":          func(p *battle.Params) { p.Link.Resume = 48 * time.Hour },
		"link.pod":             func(p *battle.Params) { p.Link.Pod = 0 },
		"link.near_share":      func(p *battle.Params) { p.Link.NearShare = 1.1 },
		"cut.overlap":          func(p *battle.Params) { p.Cut.Overlap = math.NaN() },
		"sides.lambda":         func(p *battle.Params) { p.Sides.Lambda = 0 },
		"kinds.battle_ships":   func(p *battle.Params) { p.Kinds.BattleShips = 0 },
		"classic.gap":          func(p *battle.Params) { p.Classic.Gap = -time.Minute },
		"kinds.solo_attackers": func(p *battle.Params) { p.Kinds.SoloAttackers = -1 },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := battle.Linked()
			spoil(&p)
			err := p.Validate()
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Fatalf("got %v, want an error that names %s", err, name)
			}
			if _, err := battle.Form(nil, testWorld{}, p); err == nil {
				t.Error("Form took invalid parameters")
			}
		})
	}
}
