package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/archive"
	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
)

// AnalyzeConfig configures Analyze.
type AnalyzeConfig struct {
	Files   []string
	Profile string
	Since   time.Time
	Until   time.Time
	System  string // name or id; "" for all
	Stdin   io.Reader
	Data    string // folder whose static data are used if they are newer; "" for the built-in ones
}

// Analysis is the outcome of Analyze.
type Analysis struct {
	World   *sde.Data
	Battles []battle.Battle
	Kills   []int64 // every killmail that was considered
	Broken  int
}

// Analyze forms the battles of the killmails in files, without a database and
// without a ruleset. Sources that could not be read come as an error beside what
// the others held.
func Analyze(ctx context.Context, cfg AnalyzeConfig, log *slog.Logger) (Analysis, error) {
	params, err := battle.Profile(cfg.Profile)
	if err != nil {
		return Analysis{}, fault.Usage(err)
	}
	world, err := staticData(ctx, cfg.Data, log)
	if err != nil {
		return Analysis{}, err
	}
	system, err := findSystem(world, cfg.System)
	if err != nil {
		return Analysis{}, err
	}
	a := Analysis{World: world}
	kills := make(map[int64]*killmail.Killmail)
	readErr := archive.Read(ctx, cfg.Files, archive.Options{Stdin: cfg.Stdin}, func(item archive.Item) error {
		if item.Broken != nil {
			a.Broken++
			return nil
		}
		k := item.Document.Killmail
		if !wanted(k, cfg, system) {
			return nil
		}
		killmail.Estimate(k, func(id int64) (float64, bool) { p := world.BasePrice(id); return p, p > 0 }, killmail.ValueBase, world.PricedAt())
		k.Victim.Items = nil
		// The same killmail may come twice, with and without a zkb block: the richer wins.
		if old := kills[k.ID]; old == nil || old.Zkb == nil && k.Zkb != nil {
			kills[k.ID] = k
		}
		return nil
	})
	if ctx.Err() != nil {
		return Analysis{}, readErr
	}
	list := make([]*killmail.Killmail, 0, len(kills))
	for id, k := range kills {
		list = append(list, k)
		a.Kills = append(a.Kills, id)
	}
	a.Battles, err = battle.Form(list, world, params)
	return a, errors.Join(readErr, err)
}

func wanted(k *killmail.Killmail, cfg AnalyzeConfig, system int64) bool {
	return (cfg.Since.IsZero() || !k.Time.Before(cfg.Since)) && (cfg.Until.IsZero() || k.Time.Before(cfg.Until)) &&
		(system == 0 || k.SystemID == system)
}

// findSystem resolves a name or id; "" is no system.
func findSystem(world *sde.Data, name string) (int64, error) {
	if name = strings.TrimSpace(name); name == "" {
		return 0, nil
	}
	if s, ok := world.SystemByName(name); ok {
		return s.ID, nil
	}
	if id, err := strconv.ParseInt(name, 10, 64); err == nil && id > 0 { // all of it: names begin with digits too
		return id, nil
	}
	return 0, fault.Usage(fault.New(fmt.Sprintf("no solar system is called %q", name), "give the name as the game writes it, or the id"))
}
