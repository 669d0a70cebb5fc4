package verify

import (
	"context"

	"github.com/battlescope/battlescope/internal/store"
)

// check is one kind of damage, for a person.
type check struct {
	name     store.Check
	severity store.Severity
	subject  string // what the ids are of
	says     string // what is wrong
	repair   string // what a repair does, or why there is none
	// by tells whose work a repair makes.
	by worker
}

// worker finishes a repair.
type worker int

const (
	byNobody    worker = iota // there is no repair
	byStore                   // done with the transaction
	byClusterer               // killmails are put on the list of the cluster service
	byOthers                  // names and days are asked for from outside
)

// What the repairs of battles do.
const (
	rewritten = "its killmails are clustered again and the battle is written anew"
	untouched = "none: killmails are never changed; restore them from a copy, or remove them by hand and import their day again"
)

// checks are those of the store, in the order in which they are made and mended: what
// drops rows comes before what builds on them.
var checks = []check{
	{store.CheckKillmailTime, store.SeverityWarning, "killmail", "happened before EVE's launch or in the future", untouched, byNobody},
	{store.CheckKillmailTwice, store.SeverityError, "killmail", "stored under two times", untouched, byNobody},
	{store.CheckParticipantCount, store.SeverityError, "killmail", "more or fewer participants than the killmail says", untouched, byNobody},
	{store.CheckParticipantPositions, store.SeverityError, "killmail", "participants are not numbered one after the other", untouched, byNobody},
	{store.CheckParticipantOrphans, store.SeverityWarning, "killmail", "participants of a killmail that is gone", "the participants are dropped", byStore},
	{store.CheckWorkOrphans, store.SeverityWarning, "killmail", "waits for clustering and is gone", "it is taken off the list", byStore},
	{store.CheckBattleOrphans, store.SeverityWarning, "battle", "is gone but for some of its rows", "the rows are dropped and its killmails clustered again", byClusterer},
	{store.CheckTwoBattles, store.SeverityError, "killmail", "stands in two battles", "it leaves both, and they are written anew", byClusterer},
	{store.CheckBattleEmpty, store.SeverityError, "battle", "holds no killmail", "the battle is dropped, and what happened there then is clustered again", byClusterer},
	{store.CheckBattleGone, store.SeverityError, "battle", "holds killmails that are not stored", "the days of those killmails are fetched again from the history; " + rewritten, byClusterer},
	{store.CheckBattleSides, store.SeverityError, "battle", "has no side or no system", rewritten, byClusterer},
	{store.CheckBattlePilots, store.SeverityError, "battle", "counts pilots and lists none", rewritten, byClusterer},
	{store.CheckBattleTimes, store.SeverityError, "battle", "begins, ends or lasts otherwise than its killmails", rewritten, byClusterer},
	{store.CheckBattleTotals, store.SeverityError, "battle", "kills, losses, pilots or ISK are not the sums of its lists", rewritten, byClusterer},
	{store.CheckBattleReferences, store.SeverityError, "battle", "has rows of a side or pilot it does not have", rewritten, byClusterer},
	{store.CheckBattleRevision, store.SeverityWarning, "battle", "its last revision is not written down", rewritten, byClusterer},
	{store.CheckRedirects, store.SeverityWarning, "battle", "redirects to a battle that is gone", "it answers as dissolved", byStore},
	{store.CheckCounts, store.SeverityError, "hour", "killmails of the hour are counted wrong (0: battles by kind)", "all are counted anew", byStore},
	{store.CheckEntityMissing, store.SeverityWarning, "entity", "stands on killmails, and nobody will ask its name", "it is put on the list of names", byStore},
	{store.CheckEntityUnresolved, store.SeverityInfo, "entity", "has no name or ticker since more than a day", "it is asked for again now", byOthers},
}

// Checks of the engine and of the history.
var (
	checkClustering = check{
		store.CheckClustering, store.SeverityError, "killmail", "the engine puts it into another battle, or into one at all",
		"it is clustered again", byClusterer,
	}
	checkFigures = check{
		store.CheckBattleFigures, store.SeverityError, "battle", "the engine gives it other figures", rewritten, byClusterer,
	}
	checkDays = check{
		store.CheckDays, store.SeverityWarning, "day", "the history has more killmails of the day",
		"the day is fetched from the history again", byOthers,
	}
)

// examine makes the checks of the store.
func (p *pass) examine(ctx context.Context) error {
	for _, c := range checks {
		ids, err := p.Store.Examine(ctx, c.name, p.scope)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			p.meet(damage{check: c, ids: ids})
		}
	}
	return nil
}
