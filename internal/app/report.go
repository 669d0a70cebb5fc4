package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/link"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/writeup"
)

// FindReport reads one battle from the data folder. what names it: its id, a killmail
// id, a link to either or to a related-kills page, or a system and a time.
func FindReport(ctx context.Context, d Data, what []string, log *slog.Logger) (r *writeup.Report, err error) {
	target, err := link.Parse(strings.Join(what, " "))
	if err == nil && target.Report {
		err = fault.New("a custom report is made by the page and not stored", "open its link, or name one of its battles")
	}
	if err != nil {
		return nil, fault.Usage(err)
	}
	// Opening would make an empty database in whatever folder a slip of the finger names.
	if _, err := os.Stat(filepath.Join(d.Data, sqlite.FileName)); d.embedded() && errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New("there is no database in "+d.Data, "name the folder with --data, or fill it with battlescope import or serve")
	}
	b, err := openBackends(ctx, d, Redis{}, log)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	id, err := b.find(ctx, target)
	if err != nil {
		return nil, err
	}
	detail, err := b.store.Battle(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fault.New(fmt.Sprintf("there is no battle %d", id), "battles have the numbers that the page shows in its address; killmail ids and links work as well")
	}
	if err != nil {
		return nil, err
	}
	return b.report(ctx, detail)
}

func (b *backends) report(ctx context.Context, d *store.BattleDetail) (*writeup.Report, error) {
	r := writeup.New(d, b.world, b.now())
	var err error
	r.Names, err = b.store.Names(ctx, r.Named())
	return r, err
}

// find returns the id of the battle that is meant.
func (b *backends) find(ctx context.Context, t link.Target) (int64, error) {
	switch {
	case t.Battle != 0:
		return t.Battle, nil
	case t.Killmail != 0:
		return b.ofKillmail(ctx, t.Killmail)
	case t.Number != 0:
		_, err := b.store.BattleSummary(ctx, t.Number)
		if errors.Is(err, store.ErrNotFound) {
			return b.ofKillmail(ctx, t.Number)
		}
		return t.Number, err
	}
	system, err := findSystem(b.world, t.System)
	if err != nil {
		return 0, err
	}
	return b.at(ctx, system, t)
}

func (b *backends) ofKillmail(ctx context.Context, id int64) (int64, error) {
	found, err := b.store.BattleOf(ctx, id)
	if !errors.Is(err, store.ErrNotFound) {
		return found, err
	}
	switch _, err := b.store.Killmail(ctx, id); {
	case errors.Is(err, store.ErrNotFound):
		return 0, fault.New(fmt.Sprintf("neither a battle nor a killmail %d is stored", id), "import the killmails of its day first, or choose another folder with --data")
	case err != nil:
		return 0, err
	}
	return 0, fault.New(fmt.Sprintf("killmail %d stands alone: it is in no battle", id), "name another killmail of the fight")
}

// longestBattle is how long before a time a battle that goes on can have begun.
const longestBattle = 24 * time.Hour

// at finds a battle by place and time: of the ones within the time, the largest on a
// related page, and the nearest else.
func (b *backends) at(ctx context.Context, system int64, t link.Target) (int64, error) {
	from, to := t.At.Add(-time.Hour), t.At.Add(time.Hour)
	if t.Related {
		to = t.At.Add(2 * time.Hour)
	}
	var best *store.BattleRow
	page := store.Page{Limit: 100}
	for {
		rows, next, err := b.store.Battles(ctx, store.BattleFilter{
			SystemIDs: []int64{system}, Since: from.Add(-longestBattle), Until: to, Order: store.OrderStarted,
		}, page)
		if err != nil {
			return 0, err
		}
		for i := range rows {
			r := &rows[i]
			if r.End.Before(from) {
				continue
			}
			if best == nil || better(r, best, t) {
				best = r
			}
		}
		if next == "" {
			break
		}
		page.Cursor = next
	}
	if best == nil {
		name := strconv.FormatInt(system, 10)
		if s, ok := b.world.System(system); ok {
			name = s.Name
		}
		return 0, fault.New(fmt.Sprintf("no battle in %s between %s and %s (EVE time)", name, eve.FormatTime(from), eve.FormatTime(to)),
			"check system and time, or import the killmails of that day first")
	}
	return best.ID, nil
}

// better reports whether row is meant rather than other.
func better(row, other *store.BattleRow, t link.Target) bool {
	if !t.Related {
		if a, b := away(row, t.At), away(other, t.At); a != b {
			return a < b
		}
	}
	return row.Kills > other.Kills
}

// away is the time between t and a battle, 0 within.
func away(r *store.BattleRow, t time.Time) time.Duration {
	return max(r.Start.Sub(t), t.Sub(r.End), 0)
}
