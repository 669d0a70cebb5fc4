package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/postgres"
)

const (
	filledMails  = 180_000
	filledMonths = 6
	mailEvery    = filledMonths * 30 * 24 * time.Hour / filledMails
)

// fill makes large tables the short way: killmail n happens n times mailEvery after
// the beginning and is in battle n/10.
var fill = []string{
	`INSERT INTO killmail_keys SELECT g, $1 + g * $2 FROM generate_series(1, $3::bigint) g`,
	`INSERT INTO killmails SELECT g, $1 + g * $2, 30000000 + g % 5000, (ARRAY['highsec','lowsec','nullsec','wormhole'])[1 + g % 4],
		'', 0, 0, 90000000 + g % 50000, 98000000 + g % 900, 99000000 + g % 90, 0, 587, 100, 1, 1, (g * 7919 % 1000000) * 1000000, 'zkb', 0,
		true, 0, 1, false, false, false, '', 0, $1 + g * $2 FROM generate_series(1, $3::bigint) g`,
	`INSERT INTO participants SELECT g, $1 + g * $2, p, 90000000 + (g * 31 + p) % 50000, 98000000 + g % 900, 99000000 + g % 90, 0,
		587, 0, 100, p = 1, 0 FROM generate_series(1, $3::bigint) g, generate_series(0, 1) p`,
	`INSERT INTO battles SELECT g, (ARRAY['battle','skirmish','gank','camp'])[1 + g % 4], '', 'linked', 1, 30000000 + g % 5000, 20000000 + g % 700,
		10000000 + g % 60, 'lowsec', $1 + g * 10 * $2, $1 + (g * 10 + 9) * $2, g * 13 % 7200000, 10 + g % 17, 9, 1, 0, 12 + g % 19, g * 7919 % 1000003,
		0, 0, '', 1, 0, 0 FROM generate_series(0, $3::bigint / 10) g`,
	`INSERT INTO battle_systems SELECT g, 30000000 + g % 5000, 0 FROM generate_series(0, $3::bigint / 10) g WHERE $1::bigint * $2::bigint IS NOT NULL`,
	`INSERT INTO battle_killmails SELECT g, g / 10, $1 + g * $2, 'A', '', 0, 0, 0, 0 FROM generate_series(1, $3::bigint) g`,
	`INSERT INTO battle_sides SELECT g, chr(65 + s), s, 6, 5, 5, 5, 0, 0, 1, 1, 1, 0, 1, 1, false
		FROM generate_series(0, $3::bigint / 10) g, generate_series(0, 1) s WHERE $1::bigint * $2::bigint IS NOT NULL`,
	`INSERT INTO battle_members SELECT g, 'alliance', 99000000 + (g + s) % 90, chr(65 + s), 0, 6, 5, 1, 5, 1, 1, 0, 0, 0, 0, 0
		FROM generate_series(0, $3::bigint / 10) g, generate_series(0, 1) s WHERE $1::bigint * $2::bigint IS NOT NULL`,
	`INSERT INTO battle_participants SELECT g, 90000000 + (g * 97 + p) % 50000, 98000000 + (g + p) % 900, 99000000 + (g + p) % 90, 0, 'A', p, 1, 1,
		1, false, 1, 0, 1, 1, $1 + g * 10 * $2, $1 + g * 10 * $2 FROM generate_series(0, $3::bigint / 10) g, generate_series(0, 5) p`,
	`INSERT INTO battle_participant_hulls SELECT g, 90000000 + (g * 97 + p) % 50000, 0, 587, 1, 1
		FROM generate_series(0, $3::bigint / 10) g, generate_series(0, 5) p WHERE $1::bigint * $2::bigint IS NOT NULL`,
	`INSERT INTO battle_hulls SELECT g, 'A', 587 + (g + h) % 40, h, 2, 1, 1 FROM generate_series(0, $3::bigint / 10) g, generate_series(0, 2) h
		WHERE $1::bigint * $2::bigint IS NOT NULL`,
	`INSERT INTO battle_revisions SELECT g, 1, $1 + g * $2, 'new', 10, 0, 10 FROM generate_series(0, $3::bigint / 10) g`,
	`INSERT INTO outbox SELECT g, $1 + g * $2, 'killmail', g, 0 FROM generate_series(1, $3::bigint / 5) g`,
	`INSERT INTO entities SELECT 90000000 + g, 'character', 'name', '', CASE WHEN g % 10 = 0 THEN 'unnamed' WHEN g % 10 = 1 THEN 'named' ELSE 'resolved' END, 0, $1 + g * $2, 0, 0
		FROM generate_series(1, $3::bigint / 4) g`,
	`INSERT INTO rejected_killmails SELECT $3 + g, $1 + g * $2, 30000142, 'highsec', 2, '', 'value', 1, $1 + g * $2 FROM generate_series(1, $3::bigint / 10) g`,
	`UPDATE counters SET value = $3::bigint WHERE name = 'outbox' AND $1::bigint * $2::bigint IS NOT NULL`,
}

// large lists the tables, and months of tables, that must not be read whole: those of
// more than a thousand rows, but for the counts of hours, which are there to be read.
func large(t *testing.T, conn *pgx.Conn) map[string]bool {
	t.Helper()
	rows, err := conn.Query(t.Context(), "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 1000 AND relname <> 'killmail_hours' AND relnamespace = CAST('public' AS regnamespace)")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]bool)
	for _, n := range names {
		out[n] = true
	}
	if len(out) < 15 {
		t.Fatalf("only %v are filled", names)
	}
	return out
}

// recorder notes every query with its arguments.
type recorder struct {
	mu      sync.Mutex
	queries []recorded
}

type recorded struct {
	text string
	args []any
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queries = append(r.queries, recorded{d.SQL, slices.Clone(d.Args)})
	return ctx
}

func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// take returns what was noted since the last time.
func (r *recorder) take() []recorded {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.queries
	r.queries = nil
	return out
}

// node is a step of a plan.
type node struct {
	Type     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Plans    []node `json:"Plans"`
}

func (n node) walk(f func(node)) {
	f(n)
	for _, p := range n.Plans {
		p.walk(f)
	}
}

// plan asks the server how it would answer a query; nil for what has no plan.
func plan(t *testing.T, conn *pgx.Conn, q recorded) *node {
	t.Helper()
	text := strings.TrimSpace(q.text)
	for strings.HasPrefix(text, "--") {
		_, text, _ = strings.Cut(text, "\n")
		text = strings.TrimSpace(text)
	}
	verb, _, _ := strings.Cut(text, " ")
	if !slices.Contains([]string{"SELECT", "UPDATE", "DELETE", "INSERT"}, strings.ToUpper(strings.TrimSpace(verb))) {
		return nil
	}
	var out []byte
	if err := conn.QueryRow(t.Context(), "EXPLAIN (FORMAT JSON) "+text, q.args...).Scan(&out); err != nil {
		t.Fatalf("explain %s: %v", text, err)
	}
	var plans []struct{ Plan node }
	if err := json.Unmarshal(out, &plans); err != nil {
		t.Fatal(err)
	}
	return &plans[0].Plan
}

// TestPlans fills the tables and asks how the store's questions are answered: no
// question reads a large table whole, and one that knows the time of the killmails
// touches no more months than it must.
func TestPlans(t *testing.T) {
	t.Parallel()
	dsn := migrated(t)
	queries := &recorder{}
	db := open(t, dsn, postgres.Options{Tracer: queries})
	conn := connect(t, dsn)
	s, ctx := store.Store(db.Store), t.Context()
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(mail int) time.Time { return begin.Add(time.Duration(mail) * mailEvery) }
	makeMonths(t, s, begin)
	start := time.Now()
	for _, text := range fill {
		if _, err := conn.Exec(ctx, text, begin.UnixMilli(), mailEvery.Milliseconds(), filledMails); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	run(t, conn, "ANALYZE")
	t.Logf("filled in %v", time.Since(start))
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(s.RefreshStats(ctx))
	whole := large(t, conn)
	middle := filledMails / 2
	page := store.Page{Limit: 50}
	someIDs := make([]int64, 300)
	for i := range someIDs {
		someIDs[i] = int64(middle + i)
	}
	const all = filledMonths + 1
	recent := func(f store.KillmailFilter) func() error {
		return func() error {
			_, next, err := s.Recent(ctx, f, page)
			ok(err)
			if next != "" {
				_, _, err = s.Recent(ctx, f, store.Page{Limit: 50, Cursor: next})
			}
			return err
		}
	}
	questions := []question{
		{"Killmail", 1, func() error { _, err := s.Killmail(ctx, int64(middle)); return err }},
		{"Load", 1, func() error { _, err := s.Load(ctx, someIDs); return err }},
		{"Rows", 1, func() error { _, err := s.Rows(ctx, someIDs); return err }},
		{"InSystem", 1, func() error {
			_, err := s.InSystem(ctx, 30000042, at(middle), at(middle).Add(2*time.Hour))
			return err
		}},
		{"Between", 1, func() error { _, err := s.Between(ctx, at(middle), at(middle).Add(2*time.Hour)); return err }},
		{"OfCharacter", 1, func() error {
			_, err := s.OfCharacter(ctx, 90000042, at(middle), at(middle).Add(2*time.Hour))
			return err
		}},
		{"Recent", all, recent(store.KillmailFilter{})},
		{"Recent in space", all, recent(store.KillmailFilter{Spaces: []eve.Space{eve.Lowsec, eve.Nullsec}})},
		{"Recent in system", all, recent(store.KillmailFilter{SystemIDs: []int64{30000042}})},
		{"Recent in systems", all, recent(store.KillmailFilter{SystemIDs: []int64{30000042, 30000043, 30000044}})},
		{"Recent worth", all, recent(store.KillmailFilter{MinISK: eve.FromFloat(9e9)})},
		{"Recent within a week", 2, recent(store.KillmailFilter{Since: at(middle), Until: at(middle).AddDate(0, 0, 7)})},
		{"Recent in system within a week", 2, recent(store.KillmailFilter{SystemIDs: []int64{30000042}, Since: at(middle), Until: at(middle).AddDate(0, 0, 7)})},
		{"Unclustered", 0, func() error { _, err := s.Unclustered(ctx, 2000); return err }},
		{"Known", 0, func() error { _, err := s.Known(ctx, someIDs); return err }},
		{"Battle", 1, func() error { _, err := s.Battle(ctx, int64(middle/10)); return err }},
		{"BattleSummary", 0, func() error { _, err := s.BattleSummary(ctx, int64(middle/10)); return err }},
		{"BattleOf", 0, func() error { _, err := s.BattleOf(ctx, int64(middle)); return err }},
		{"EventsAfter", 0, func() error { _, err := s.EventsAfter(ctx, int64(filledMails/10), 100); return err }},
		{"EventRange", 0, func() error { _, _, err := s.EventRange(ctx); return err }},
		{"PruneEvents", 0, func() error { _, err := s.PruneEvents(ctx, at(10)); return err }},
		{"Summary", 1, func() error {
			_, err := s.Summary(ctx, at(filledMails).Add(-24*time.Hour), at(filledMails).Add(-time.Hour))
			return err
		}},
		{"Backlog", all, func() error { _, err := s.Backlog(ctx); return err }},
		{"StoredSince", all, func() error { _, err := s.StoredSince(ctx, at(filledMails-500)); return err }},
		{"RejectedSince", 0, func() error { _, err := s.RejectedSince(ctx, at(filledMails/10-500)); return err }},
		{"Names", 0, func() error { _, err := s.Names(ctx, []int64{90000001, 90000002}); return err }},
		{"Unresolved", 0, func() error { _, err := s.Unresolved(ctx, store.EntityUnnamed, at(filledMails), 100); return err }},
		{"Unresolved tickers", 0, func() error { _, err := s.Unresolved(ctx, store.EntityNamed, at(filledMails), 100); return err }},
		{"Save known and new", 2, func() error {
			z := killmail.Zkb{TotalValue: 5, HasValue: true}
			known := &killmail.Killmail{ID: int64(middle), Time: at(middle), Zkb: &z, Value: killmail.Value{ISK: 5, Source: killmail.ValueZkb}}
			_, err := s.Save(ctx, store.Batch{Documents: []store.Document{
				{Document: killmail.Document{Killmail: known, Sequence: 7}}, {Document: killmail.Document{Killmail: &killmail.Killmail{ID: 1 << 40, Time: at(middle)}}},
			}, Announce: true, Now: at(middle)})
			return err
		}},
		{"Apply", 1, func() error { return applyAgain(ctx, s, middle/10, begin) }},
	}
	questions = append(questions, battleQuestions(ctx, t, s, at)...)
	for _, q := range questions {
		queries.take()
		ok(q.ask())
		asked := queries.take()
		if len(asked) == 0 {
			t.Errorf("%s: asked nothing", q.name)
		}
		months := make(map[string]bool)
		for _, a := range asked {
			p := plan(t, conn, a)
			if p == nil {
				continue
			}
			p.walk(func(n node) {
				table := strings.TrimRight(n.Relation, "_0123456789")
				if n.Type == "Seq Scan" && whole[n.Relation] {
					t.Errorf("%s reads %s whole: %s %v", q.name, n.Relation, a.text, a.args[1:])
				}
				if table != n.Relation {
					months[n.Relation[len(table):]] = true
				}
			})
		}
		if len(months) > q.months {
			t.Errorf("%s touches %d months, want at most %d: %v", q.name, len(months), q.months, texts(asked))
		}
	}
}

// question is something that the store is asked.
type question struct {
	name   string
	months int // that may be touched
	ask    func() error
}

// battleQuestions are lists of battles with every filter and every order.
func battleQuestions(ctx context.Context, t *testing.T, s store.Store, at func(int) time.Time) []question {
	n := func(v int64) *int64 { return &v }
	filters := map[string]store.BattleFilter{
		"all":           {},
		"kinds":         {Kinds: []battle.Kind{battle.KindBattle, battle.KindCamp}},
		"space":         {Spaces: []eve.Space{eve.Lowsec}},
		"system":        {SystemIDs: []int64{30000042}},
		"constellation": {ConstellationIDs: []int64{20000042}},
		"region":        {RegionIDs: []int64{10000042}},
		"alliance":      {AllianceIDs: []int64{99000042}},
		"corporation":   {CorporationIDs: []int64{98000042}},
		"character":     {CharacterIDs: []int64{90000042}},
		"ship":          {ShipTypeIDs: []int64{600}},
		"kills":         {Kills: store.Range{Min: n(20), Max: n(26)}},
		"pilots":        {Pilots: store.Range{Min: n(25)}},
		"ISK":           {ISK: store.Range{Min: n(900_000)}},
		"duration":      {Duration: store.Range{Max: n(600_000)}},
		"time":          {Since: at(filledMails / 2), Until: at(filledMails/2 + 10_000)},
		"much":          {Kinds: []battle.Kind{battle.KindBattle, battle.KindGank}, RegionIDs: []int64{10000042, 10000043, 10000044}, AllianceIDs: []int64{99000042}, Since: at(1000)},
	}
	var out []question
	for name, f := range filters {
		for _, order := range []store.BattleOrder{store.OrderStarted, store.OrderISK, store.OrderKills, store.OrderPilots, store.OrderDuration} {
			for _, descending := range []bool{true, false} {
				f := f
				f.Order, f.Descending = order, descending
				out = append(out, question{fmt.Sprintf("Battles %s by %s, descending %v", name, order, descending), 0, func() error {
					rows, next, err := s.Battles(ctx, f, store.Page{Limit: 20})
					if err == nil && len(rows) == 0 {
						t.Errorf("no battles by %s", name)
					}
					if err == nil && next != "" {
						_, _, err = s.Battles(ctx, f, store.Page{Limit: 20, Cursor: next})
					}
					return err
				}})
			}
		}
	}
	return out
}

// makeMonths has the store make the tables of the months, with one killmail each.
func makeMonths(t *testing.T, s store.Store, begin time.Time) {
	t.Helper()
	for m := range filledMonths + 1 {
		k := &killmail.Killmail{ID: int64(1<<41 + m), Time: begin.AddDate(0, m, 0), SystemID: 30000042, Attackers: []killmail.Attacker{{}}}
		if _, err := s.Save(t.Context(), store.Batch{Documents: []store.Document{{Document: killmail.Document{Killmail: k}}}, Now: begin}); err != nil {
			t.Fatal(err)
		}
	}
}

// applyAgain writes a stored battle anew.
func applyAgain(ctx context.Context, s store.Store, id int, begin time.Time) error {
	known, err := s.Known(ctx, []int64{int64(id * 10)})
	if err != nil {
		return err
	}
	mails, err := s.Load(ctx, known[0].KillmailIDs)
	if err != nil {
		return err
	}
	b := &battle.Battle{Kind: battle.KindBattle, SystemIDs: []int64{30000042}}
	c := store.Change{Basis: known, Done: known[0].KillmailIDs, Now: begin, Put: []store.PutBattle{{ID: known[0].ID, Battle: b}}}
	for _, k := range mails {
		b.Kills = append(b.Kills, battle.Kill{Mail: k})
		c.Component = append(c.Component, store.Considered{ID: k.ID, Value: k.Value})
	}
	return s.Apply(ctx, c)
}

func texts(list []recorded) []string {
	out := make([]string, len(list))
	for i, q := range list {
		out[i] = q.text
	}
	return out
}
