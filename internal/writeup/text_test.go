package writeup_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/writeup"
)

var start = time.Date(2021, 11, 28, 10, 21, 0, 0, time.UTC)

const (
	jita, amarr = 30_000_142, 30_002_187
	muninn      = 12_015
)

// fight is a battle of two alliances in which B loses a Muninn every minute.
func fight(kills int) *store.BattleDetail {
	d := &store.BattleDetail{BattleRow: store.BattleRow{
		ID: 7, Kind: battle.KindBattle, KindRule: "two sides lost ships", SystemIDs: []int64{jita}, Start: start, End: start.Add(time.Duration(kills) * time.Minute),
		Kills: kills, ShipsLost: kills, Pilots: 2 * kills, ISKDestroyed: eve.FromFloat(3e8 * float64(kills)),
		Sides: []battle.Side{
			{ID: "A", Pilots: kills, Confidence: 0.9, Members: []battle.Member{{Entity: eve.Entity{Type: eve.Alliance, ID: 99_000_001}, Pilots: kills}}},
			{ID: "B", Pilots: kills, ShipsLost: kills, ISKLost: eve.FromFloat(3e8 * float64(kills)), Confidence: 0.5, Members: []battle.Member{{Entity: eve.Entity{Type: eve.Alliance, ID: 99_000_002}, Pilots: kills}}},
			{ID: battle.Unassigned},
		},
	}}
	for i := range kills {
		pilot := int64(2_100_000_001 + i)
		d.Killmails = append(d.Killmails, store.BattleKill{Side: "B", KillmailRow: store.KillmailRow{
			ID: int64(1 + i), Time: start.Add(time.Duration(i) * time.Minute), SystemID: jita, AttackerCount: 3,
			Victim: killmail.Party{CharacterID: pilot, AllianceID: 99_000_002, ShipTypeID: muninn},
			Value:  killmail.Value{ISK: eve.FromFloat(3e8), Source: killmail.ValueZkb},
		}})
		d.Members = append(d.Members, battle.Pilot{CharacterID: pilot + 1_000_000, Side: "A", FinalBlows: 1, Kills: 1})
	}
	return d
}

func report(t *testing.T, d *store.BattleDetail, names map[int64]string) *writeup.Report {
	t.Helper()
	world, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := writeup.New(d, world, start.Add(24*time.Hour))
	r.Names = map[int64]store.Name{}
	for _, id := range r.Named() {
		if name, ok := names[id]; ok {
			r.Names[id] = store.Name{Name: name}
		}
	}
	return r
}

func TestText(t *testing.T) {
	t.Parallel()
	r := report(t, fight(3), map[int64]string{99_000_001: "Red Harbor"})
	r.PageURL = "https://battles.example.org/battles/7"
	for form, got := range map[string]string{"text": r.Text(), "discord": r.Discord()} {
		for _, want := range []string{
			"battle 7 in Jita (0.9, The Forge), 2021-11-28 10:21 to 10:24 EVE", "3 kills, 6 pilots, 900m ISK destroyed; two sides lost ships; settled",
			"Red Harbor (3)", "alliance 99000002 (3)", "Muninn of pilot 2100000001 (side B), 3 attackers", "https://battles.example.org/battles/7\n",
			"https://zkillboard.com/related/30000142/202111281000/", "ISK LOST", "Final blows",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in\n%s", form, want, got)
			}
		}
	}
	if r.PageURL = ""; strings.Contains(r.Text()+r.Discord(), "/battles/7") {
		t.Error("a text without a page links to one")
	}
}

// TestTitle: reports have no number, and systems beyond the fourth no name.
func TestTitle(t *testing.T) {
	t.Parallel()
	d := fight(2)
	d.ID, d.Kind, d.SystemIDs = 0, "report", []int64{jita, amarr, 7, 30_000_144, 30_000_139, 30_000_140}
	first, _, _ := strings.Cut(report(t, d, nil).Text(), "\n")
	if want := "report in Jita (0.9, The Forge), Amarr (1.0, Domain), system 7, Perimeter (1.0, The Forge), 2 more systems, 2021-11-28 10:21 to 10:23 EVE"; first != want {
		t.Errorf("got %q, want %q", first, want)
	}
}

// TestDiscordFits: a message is never too long, keeps its head, its links and whole
// parts, and names mean nothing to Discord.
func TestDiscordFits(t *testing.T) {
	t.Parallel()
	for _, kills := range []int{0, 1, 40, 400} {
		names := map[int64]string{}
		d := fight(kills)
		for i := range 300 {
			id := int64(98_000_001 + i)
			d.Sides[0].Members = append(d.Sides[0].Members, battle.Member{Entity: eve.Entity{Type: eve.Corporation, ID: id}})
			names[id] = strings.Repeat("Long Name ", 30)
		}
		for _, k := range d.Killmails {
			names[k.Victim.CharacterID] = "@everyone **bold** `code` <@1> [x](https://evil.example) _y_ ~~z~~ ||s|| # h\n> q"
		}
		names[99_000_002] = "*Star* @here"
		r := report(t, d, names)
		r.PageURL = "https://battles.example.org/battles/7"
		got := r.Discord()
		if n := utf8.RuneCountInString(got); n > 2000 {
			t.Errorf("%d kills: %d characters", kills, n)
		}
		if !strings.HasPrefix(got, "**battle 7 in Jita") || !strings.HasSuffix(got, "https://battles.example.org/battles/7\n<"+r.RelatedURL+">\n") {
			t.Errorf("%d kills: got\n%s", kills, got)
		}
		_, rest, _ := strings.Cut(got, "```\n")
		board, _, _ := strings.Cut(rest, "```")
		for line := range strings.Lines(board) {
			if n := utf8.RuneCountInString(line); n > 56 { // what a phone shows
				t.Errorf("%d kills: a line of the table has %d characters: %s", kills, n, line)
			}
		}
		if strings.Count(got, "```") != 2 {
			t.Errorf("%d kills: the table is not closed:\n%s", kills, got)
		}
		for _, bad := range []string{"@everyone", "@here", " **bold**", "`code`", "<@1>", "||s||", "\n> q", " [x](", "# h\n"} {
			if strings.Contains(got, bad) {
				t.Errorf("%d kills: %q means something in\n%s", kills, bad, got)
			}
		}
		if kills == 1 && !strings.Contains(got, "\\*Star\\*") {
			t.Errorf("a name is lost in\n%s", got)
		}
	}
}

// TestDiscordWithEndlessAddress looks at a battle with hundreds of sides changed: the
// address of that is longer than any message.
func TestDiscordWithEndlessAddress(t *testing.T) {
	t.Parallel()
	r := report(t, fight(3), nil)
	r.PageURL = "https://battles.example.org/battles/7?" + strings.Repeat("side=B:alliance-99003581&", 300)
	got := r.Discord()
	if n := utf8.RuneCountInString(got); n > 2000 {
		t.Errorf("the message has %d characters", n)
	}
	if !strings.HasPrefix(got, "**battle 7 in Jita") || !strings.HasSuffix(got, "<"+r.RelatedURL+">\n") || strings.Contains(got, "example.org") {
		t.Errorf("got\n%s", got)
	}
	if !strings.Contains(r.Text(), r.PageURL+"\n") {
		t.Error("the text for a terminal has no address")
	}
}

// TestUnknownValues is honest about what nobody has valued.
func TestUnknownValues(t *testing.T) {
	t.Parallel()
	for unknown, want := range map[int]string{0: "600m ISK destroyed;", 1: "600m ISK destroyed, 1 loss of unknown value;", 2: "value unknown;"} {
		d := fight(2)
		d.UnknownValues = unknown
		if got := report(t, d, nil).Text(); !strings.Contains(got, want) {
			t.Errorf("%d unknown: %q is not in\n%s", unknown, want, got)
		}
	}
	d := fight(2)
	d.ISKEstimated = eve.FromFloat(1e8)
	if got := report(t, d, nil).Text(); !strings.Contains(got, fmt.Sprintf("(%s of it estimated)", d.ISKEstimated.Short())) {
		t.Errorf("the estimate is not told in\n%s", got)
	}
	d.ISKEstimated = d.ISKDestroyed
	if got := report(t, d, nil).Text(); !strings.Contains(got, "(all of it estimated)") {
		t.Errorf("that all is estimated is not told in\n%s", got)
	}
}

// TestPart: of a part of a battle it is said what it is, and sides nobody was on are left out.
func TestPart(t *testing.T) {
	t.Parallel()
	d := fight(2)
	d.Sides = append(d.Sides[:2:2], battle.Side{ID: "C"}, battle.Side{ID: battle.Unassigned})
	r := report(t, d, nil)
	for _, text := range []string{r.Text(), r.Discord()} {
		if strings.Contains(text, "Only what is shown") || strings.Contains(text, "nobody known") || strings.Contains(text, " C ") {
			t.Errorf("got a part, or side C, on which nobody was:\n%s", text)
		}
	}
	r.Part = "until 2021-11-28 12:00 EVE"
	for _, text := range []string{r.Text(), r.Discord()} {
		if !strings.Contains(text, "\nOnly what is shown: until 2021-11-28 12:00 EVE\n") {
			t.Errorf("the part is not named in\n%s", text)
		}
	}
}
