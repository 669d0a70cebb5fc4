package ingest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/test/fake"
)

// The bubbles of these tests are moved to this time: they begin before EVE did.
var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// hashOf is the hash of an invented killmail.
func hashOf(id int64) string { return fmt.Sprintf("%040x", id) }

// esiMail is an invented killmail as ESI writes it.
func esiMail(id int64, at time.Time) string {
	return fmt.Sprintf(`{"killmail_id":%d,"killmail_time":"%s","solar_system_id":30002813,"victim":{"ship_type_id":587,"character_id":90000001},`+
		`"attackers":[{"character_id":90000002,"final_blow":true}]}`, id, at.Format(time.RFC3339))
}

// hourly makes a document for each hour of the days before and after the new year,
// numbered and named from 1000 on: 1072 is that of midnight.
func hourly(first, last int64) []fake.Document {
	var out []fake.Document
	for id := first; id <= last; id++ {
		at := newYear.Add(time.Duration(id-1072) * time.Hour)
		out = append(out, fake.Document{Sequence: id, Body: fmt.Appendf(nil, `{"killmail_id":%d,"hash":"%s","esi":%s,"zkb":{"totalValue":5},"uploaded_at":%d,"sequence_id":%[1]d}`,
			id, hashOf(id), esiMail(id, at), at.Unix()+60)})
	}
	return out
}

// site is everything that a repair needs, on a real store in a bubble.
type site struct {
	t      *testing.T
	feed   *fake.R2Z2
	esi    *fake.ESI
	store  *sqlstore.Store
	intake *ingest.Intake
	off    bool // ESI is switched off
}

// inBubble runs a test on a site that lost its feed two and a half days ago at 1010,
// of which the feed has kept what is from 1050 on.
func inBubble(t *testing.T, act func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	world, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(newYear))
		db, err := sqlite.Open(t.Context(), folder)
		if err != nil {
			t.Fatal(err)
		}
		b := membus.New()
		s := &site{t: t, feed: fake.NewR2Z2(hourly(1001, 1100)...), esi: fake.NewESI(), store: db}
		s.intake = &ingest.Intake{Store: db, Bus: b, World: world, Rules: ingest.NewRules(db, b, time.Now), Now: time.Now}
		s.feed.Publish(72)
		s.feed.Expire(1050)
		for id := int64(1001); id <= 1100; id++ {
			s.esi.AddKillmail(id, hashOf(id), []byte(esiMail(id, newYear.Add(time.Duration(id-1072)*time.Hour))))
		}
		_, err = db.Save(t.Context(), store.Batch{Source: "r2z2", Feed: ingest.FeedName, Cursor: 1010, Now: newYear.Add(-62 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		act(t, s)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// start runs feed and repairs; what it returns ends them.
func (s *site) start() (stop func()) {
	s.t.Helper()
	cfg := zkb.DefaultConfig()
	cfg.BaseURL, cfg.Contact = "http://feed.test", "pilot@example.org"
	deps := zkb.Deps{Transport: fake.Transport{Handler: s.feed}}
	feed, err := zkb.New(cfg, deps)
	if err != nil {
		s.t.Fatal(err)
	}
	history, err := zkb.NewHistory(cfg, deps)
	if err != nil {
		s.t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	var from ingest.ESI = s.client()
	if s.off {
		from = nil
	}
	repairs := ingest.NewRepairer(s.intake, s.store, history, from, log)
	service := &ingest.Service{Intake: s.intake, Feed: feed, Status: s.store, Repair: repairs, Log: log}
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error, 2)
	go func() { ended <- service.Run(ctx) }()
	go func() { ended <- repairs.Run(ctx) }()
	return func() {
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				s.t.Errorf("ended with %v, want nil", err)
			}
		}
	}
}

func (s *site) client() *esi.Client {
	s.t.Helper()
	cfg := esi.DefaultConfig()
	cfg.Contact = "pilot@example.org"
	c, err := esi.New(cfg, fake.Transport{Handler: s.esi}, time.Now)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// want checks that exactly these killmails are stored, each with its hash.
func (s *site) want(first, last int64) {
	s.t.Helper()
	ids, err := s.store.Between(s.t.Context(), newYear.AddDate(-1, 0, 0), newYear.AddDate(1, 0, 0))
	if err != nil {
		s.t.Fatal(err)
	}
	have := map[int64]bool{}
	for _, id := range ids {
		have[id] = true
	}
	for id := first; id <= last; id++ {
		k, err := s.store.Killmail(s.t.Context(), id)
		if err != nil || k.Hash != hashOf(id) {
			s.t.Errorf("killmail %d is missing, or has no hash: %v", id, err)
			return
		}
		delete(have, id)
	}
	if len(have) > 0 {
		s.t.Errorf("%d killmails too many", len(have))
	}
}

// todo lists the days to repair.
func (s *site) todo() string {
	s.t.Helper()
	cursors, err := s.store.Cursors(s.t.Context(), "repair:")
	if err != nil {
		s.t.Fatal(err)
	}
	var days []string
	for _, c := range cursors {
		days = append(days, strings.TrimPrefix(c.Feed, "repair:"))
	}
	return strings.Join(days, " ")
}

// asked counts the requests to the history and ESI whose path contains part.
func asked(requests []fake.Request, part string) (n int) {
	for _, q := range requests {
		if strings.Contains(q.Path, part) {
			n++
		}
	}
	return n
}

// TestOutageIsRepairedFromTheHistory: the days that the feed has forgotten come back,
// each once, and today as soon as the history has it.
func TestOutageIsRepairedFromTheHistory(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		s.feed.InjectAt("totals.json", 1, fake.Body([]byte(`{"20251229":23,"20251230":24,"20251231":24}`))) // not yet today
		stop := s.start()
		after(5 * time.Minute)
		s.want(1001, 1072) // the whole days, and what the feed kept
		if got := s.todo(); got != "20260101" {
			t.Errorf("still to do: %q, want today", got)
		}
		s.feed.Publish(5)
		after(2 * time.Hour)
		s.want(1001, 1077)
		if got := s.todo(); got != "" {
			t.Errorf("still to do: %q, want nothing", got)
		}
		before := asked(s.feed.Requests(), "/history/")
		after(24 * time.Hour)
		if now := asked(s.feed.Requests(), "/history/"); now != before {
			t.Errorf("history was asked %d times more with nothing to do", now-before)
		}
		if n := asked(s.esi.Requests(), "/killmails/"); n != 0 {
			t.Errorf("ESI was asked for %d killmails that the history has", n)
		}
		stop()
	})
}

// TestRepairSurvivesARestart kills the service in the middle of a repair.
func TestRepairSurvivesARestart(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		s.feed.InjectAt("raw/20251230", -1, fake.Hang())
		stop := s.start()
		after(2 * time.Minute)
		if got := s.todo(); got != "20251230 20251231 20260101" {
			t.Errorf("still to do: %q, want the day that hangs and those behind it", got)
		}
		stop()
		s.feed.Heal()
		s.feed.Publish(1)
		stop = s.start()
		after(5 * time.Minute)
		s.want(1001, 1073)
		if got := s.todo(); got != "" {
			t.Errorf("still to do: %q, want nothing", got)
		}
		stop()
	})
}

// TestRepairDoesNotHoldUpTheFeed: with a history that hangs, live killmails come as ever.
func TestRepairDoesNotHoldUpTheFeed(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		s.feed.InjectAt("/history/", -1, fake.Hang())
		stop := s.start()
		after(2 * time.Minute)
		s.want(1050, 1072)
		s.feed.Publish(3)
		after(10 * time.Second)
		s.want(1050, 1075)
		stop()
	})
}

// TestRepairWithoutRawFiles asks ESI for what is missing, and for nothing else.
func TestRepairWithoutRawFiles(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		s.feed.InjectAt("/raw/", -1, fake.Missing())
		stop := s.start()
		after(10 * time.Minute)
		s.want(1001, 1072)
		if n := asked(s.esi.Requests(), "/killmails/"); n != 49 { // 1001 to 1049, the feed kept the others
			t.Errorf("ESI was asked for %d killmails, want 49", n)
		}
		s.named(0)
		stop()
	})
}

// TestRepairDoesNotWaitForESI: what ESI would have to give is remembered one by one, and
// the days are done.
func TestRepairDoesNotWaitForESI(t *testing.T) {
	for name, reason := range map[string]string{"away": "503", "switched off": "switched off"} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *site) {
				s.feed.InjectAt("/raw/", -1, fake.Missing())
				s.feed.Publish(1)
				s.esi.Inject(-1, fake.Status(503, ""))
				s.off = name == "switched off"
				stop := s.start()
				after(10 * time.Minute)
				if got := s.todo(); got != "" {
					t.Errorf("still to do: %q, want nothing", got)
				}
				if n := len(s.esi.Requests()); n > 10 {
					t.Errorf("ESI was asked %d times, want to stop when it is away", n)
				}
				s.want(1050, 1073)
				letters(t, s, 0)
				for _, e := range s.named(49) {
					if e.Source != ingest.RepairSource || e.Hash != hashOf(e.KillmailID) || e.HasZkb || e.Live || !strings.Contains(e.Reason, reason) {
						t.Fatalf("got %+v, want id and hash, because of %q", e, reason)
					}
				}
				stop()
			})
		})
	}
}

// TestRepairTriesAgainWhenTheHistoryIsShort: an old copy of a day in the network has
// fewer killmails than the totals count.
func TestRepairTriesAgainWhenTheHistoryIsShort(t *testing.T) {
	for name, test := range map[string]struct {
		fresh bool // the copy is replaced after a while
		last  string
	}{"copy is replaced": {true, ""}, "copy stays": {false, ""}} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *site) {
				stale := `{`
				for id := int64(1024); id < 1030; id++ { // of the 30th, 1024 to 1047
					stale += fmt.Sprintf(`"%d":"%s",`, id, hashOf(id))
				}
				times := -1
				if test.fresh {
					times = 2
				}
				s.feed.InjectAt("/history/20251230", times, fake.Body([]byte(strings.TrimSuffix(stale, ",")+"}")))
				s.feed.InjectAt("raw/20251230", -1, fake.Missing())
				s.feed.Publish(1)
				stop := s.start()
				after(10 * time.Minute)
				if got := s.todo(); got != "20251230" {
					t.Errorf("still to do: %q, want the day that is short", got)
				}
				after(5 * time.Hour)
				if got := s.todo(); got != "" {
					t.Errorf("still to do: %q, want it done, or believed", got)
				}
				if test.fresh {
					s.want(1001, 1073)
				}
				stop()
			})
		})
	}
}

// TestRepairKeepsWhatIsBroken as a dead letter and goes on.
func TestRepairKeepsWhatIsBroken(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		s.feed.InjectAt("raw/20251230", -1, fake.Body([]byte(`{"1024":{"killmail_id":1024,"victim":null}}`)))
		stop := s.start()
		after(10 * time.Minute)
		for _, id := range []int64{1023, 1025, 1047, 1048} {
			if _, err := s.store.Killmail(t.Context(), id); err != nil {
				t.Errorf("killmail %d: %v", id, err)
			}
		}
		if got := letters(t, s, 1); got[0].Source != ingest.RepairSource || got[0].Reference != "1024" {
			t.Errorf("got %+v", got[0])
		}
		stop()
	})
}

// letters checks how many dead letters there are.
func letters(t *testing.T, s *site, want int) []store.DeadLetterRow {
	t.Helper()
	rows, err := s.store.DeadLetters(t.Context(), 0, 100)
	if err != nil || len(rows) != want {
		t.Errorf("got %d dead letters and %v, want %d: %+v", len(rows), err, want, rows[:min(1, len(rows))])
		rows = append(rows, make([]store.DeadLetterRow, want)...)[:want]
	}
	return rows
}

// relay runs the service on a relay that names killmails and does not hold them.
func (s *site) relay(from *fake.RedisQ) (stop func()) {
	s.t.Helper()
	cfg := zkb.DefaultRedisQ()
	cfg.BaseURL, cfg.Contact, cfg.QueueID = "http://relay.test", "pilot@example.org", "test"
	feed, err := zkb.NewRedisQ(cfg, zkb.Deps{Transport: fake.Transport{Handler: from}})
	if err != nil {
		s.t.Fatal(err)
	}
	service := &ingest.Service{Intake: s.intake, Name: ingest.RelayName, Feed: feed, Status: s.store, Log: slog.New(slog.DiscardHandler)}
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("ended with %v, want nil", err)
		}
	}
}

func push(relay *fake.RedisQ, first, last int64) {
	for _, d := range hourly(first, last) {
		relay.Push(d.Body)
	}
}

// jobs is a queue that remembers what it is given.
type jobs struct {
	mu  sync.Mutex
	all []queue.Job
}

func (j *jobs) EnqueueTx(_ context.Context, _ *sql.Conn, _ *sql.Tx, list []queue.Job) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.all = append(j.all, list...)
	return nil
}

// named checks how many killmails wait for ESI, and returns them.
func (s *site) named(want int) []store.Enrichment {
	s.t.Helper()
	var out []store.Enrichment
	for id := int64(1001); id <= 1100; id++ {
		e, err := s.store.Enrichment(s.t.Context(), id)
		if err == nil && e.State == store.EnrichmentPending {
			out = append(out, e)
		} else if !errors.Is(err, store.ErrNotFound) {
			s.t.Errorf("killmail %d: got %+v, %v", id, e, err)
		}
	}
	if len(out) != want {
		s.t.Fatalf("%d killmails wait for ESI, want %d", len(out), want)
	}
	return out
}

// TestRelayWithoutKillmails: what a relay only names is remembered with all it says, in
// the transaction that moves the cursor, with a job where there is a queue. ESI does not
// hold it up.
func TestRelayWithoutKillmails(t *testing.T) {
	for name, test := range map[string]struct {
		queue   bool
		waiting string
		due     time.Duration // without a job, after it was named
	}{
		"queue": {true, "", 10 * time.Minute}, "no queue": {false, "", 0}, "no ESI": {false, "ESI is switched off", 0},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *site) {
				var taken jobs
				s.store.QueueWith(&taken)
				s.intake.Queue, s.intake.Waiting = test.queue, test.waiting
				relay := fake.NewRedisQ(fake.WithoutMail)
				push(relay, 1001, 1020)
				stop := s.relay(relay)
				after(time.Minute)
				for _, e := range s.named(20) {
					doc, err := killmail.DecodeDocument(e.Body)
					if err != nil || doc.Ref == nil || doc.Ref.ID != e.KillmailID || doc.Ref.Zkb == nil || doc.Ref.Zkb.TotalValue.Float() != 5 {
						t.Errorf("got %+v, %v; want all that the relay said", doc, err)
					}
					if e.Source != ingest.RelayName || !e.Live || !e.HasZkb || e.Hash != hashOf(e.KillmailID) || e.Reason != test.waiting || e.Due.Sub(e.CreatedAt) != test.due {
						t.Errorf("got %+v", e)
					}
				}
				if place, _, err := s.store.Cursor(t.Context(), ingest.RelayName); err != nil || place != 20 {
					t.Errorf("cursor is %d, %v; want 20", place, err)
				}
				if state := last(statuses(t, s)); state.State != store.FeedLive {
					t.Errorf("status is %+v, want live", state)
				}
				want := 0
				if test.queue {
					want = 20
				}
				if len(taken.all) != want {
					t.Errorf("%d jobs, want %d", len(taken.all), want)
				}
				for i, j := range taken.all {
					if j.Kind != store.FetchKillmail || j.Unique == "" || string(j.Args) != fmt.Sprintf(`{"killmail_id":%d}`, 1001+i) {
						t.Errorf("got the job %+v", j)
					}
				}
				if n := len(s.esi.Requests()); n != 0 {
					t.Errorf("the feed asked ESI %d times", n)
				}
				letters(t, s, 0)
				stop()
			})
		})
	}
}

// TestPartialKillmailsOfArchives get no job each, however many there are.
func TestPartialKillmailsOfArchives(t *testing.T) {
	t.Parallel()
	in, s, _ := setUp(t)
	in.Queue = true
	ref := killmail.Document{Ref: &killmail.Ref{ID: 7, Hash: hashOf(7)}}
	counts, err := in.Save(t.Context(), ingest.Delivery{Source: "import", Partial: []store.Partial{ingest.PartialOf(ref, nil, "ESI is away")}})
	if err != nil || counts.Named != 1 {
		t.Errorf("got %+v, %v; want one named", counts, err)
	}
	want := []store.Partial{{
		KillmailID: 7, Hash: hashOf(7), Source: "import", Body: fmt.Appendf(nil, `{"killmail_id":7,"hash":"%s"}`, hashOf(7)), Reason: "ESI is away", Due: noon,
	}}
	if diff := cmp.Diff(want, s.saved()[0].Partial); diff != "" || len(s.saved()[0].Jobs) != 0 {
		t.Errorf("%d jobs, want none; partial (-want +got):\n%s", len(s.saved()[0].Jobs), diff)
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	k := killmail.Killmail{ID: 7}
	ref := killmail.Document{Ref: &killmail.Ref{ID: 7, Hash: hashOf(7)}}
	gone := errors.New("not known")
	for name, test := range map[string]struct {
		from ingest.ESI
		in   killmail.Document
		ok   bool
		wait bool
	}{
		"whole":      {nil, killmail.Document{Killmail: &k}, true, false},
		"empty":      {nil, killmail.Document{}, false, false},
		"named":      {answers{k, nil}, ref, true, false},
		"no ESI":     {nil, ref, false, true},
		"ESI away":   {answers{k, &esi.NetworkError{Err: gone}}, ref, false, true},
		"not known":  {answers{k, gone}, ref, false, false},
		"wrong mail": {answers{killmail.Killmail{ID: 8}, nil}, ref, false, false},
	} {
		got, err := ingest.Complete(t.Context(), test.from, test.in)
		if (err == nil) != test.ok || test.ok && got.Killmail.ID != 7 || ingest.CanWait(err) != test.wait {
			t.Errorf("%s: got %+v, %v, can wait: %v", name, got, err, ingest.CanWait(err))
		}
	}
}

// answers gives the same killmail to everybody.
type answers struct {
	mail killmail.Killmail
	err  error
}

func (a answers) Killmail(context.Context, int64, string) (*killmail.Killmail, error) {
	return &a.mail, a.err
}

func statuses(t *testing.T, s *site) []store.FeedStatus {
	t.Helper()
	list, err := s.store.FeedStatuses(t.Context())
	if err != nil || len(list) == 0 {
		t.Fatalf("got %d statuses and %v", len(list), err)
	}
	return list
}
