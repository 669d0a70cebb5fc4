package cli_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cli"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/test/sim"
)

// forgotten is a data folder with killmails of which clustering has lost sight: they
// are in no battle, and nobody will put them into one.
func forgotten(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), dir)
	must(t, err)
	batch := store.Batch{Now: time.Now()}
	for _, k := range sim.Day(4, 100).Mails() {
		again := *k
		again.Time = k.Time.AddDate(0, 0, int(time.Since(k.Time).Hours()/24)-2) // within the week
		batch.Documents = append(batch.Documents, store.Document{Document: killmail.Document{Killmail: &again}})
	}
	_, err = s.Save(t.Context(), batch)
	must(t, err)
	must(t, s.Close())
	damage(t, dir, "DELETE FROM unclustered")
	return dir
}

// damage changes a database by hand.
func damage(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, sqlite.FileName))
	must(t, err)
	_, err = db.ExecContext(t.Context(), statement)
	must(t, err)
	must(t, db.Close())
}

// verifyData runs the verb without feed and internet.
func verifyData(t *testing.T, dir string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = cli.Run(t.Context(), append([]string{"--log-level=error", "verify-data", "--data", dir, "--no-feed", "--no-esi"}, args...), cli.IO{Out: &o, Err: &e})
	return code, o.String(), e.String()
}

func TestVerifyData(t *testing.T) {
	t.Parallel()
	dir := forgotten(t)
	for _, step := range []struct {
		name   string
		before string // damage
		args   []string
		code   int
		out    []string // parts of it
		err    string
	}{
		{"a dry run finds", "", nil, 1, []string{"100 killmails and 0 battles", "clustering", "open", "left out   days: there is no history"}, "--repair mends"},
		{"and changes nothing", "", nil, 1, []string{"clustering", "open"}, "1 finding is not repaired"},
		{"repair", "", []string{"--repair"}, 0, []string{"clustering", "repaired"}, ""},
		{"what is sound", "", []string{"--all"}, 0, []string{"the beginning to the end", "nothing is wrong"}, ""},
		{"what cannot be repaired", "UPDATE killmails SET attacker_count = attacker_count + 1 WHERE killmail_id = (SELECT MIN(killmail_id) FROM killmails)",
			[]string{"--repair"}, 1, []string{"participant-count", "open", "never changed"}, "the column repair says"},
		{"another time", "", []string{"--since", "2020-01-01", "--until", "2020-02-01"}, 0, []string{"0 killmails and 0 battles, 2020-01-01", "nothing is wrong"}, ""},
		{"all and a part", "", []string{"--all", "--since", "2020-01-01"}, 2, nil, "everything, or a part?"},
		{"backwards", "", []string{"--since", "2020-02-01", "--until", "2020-01-01"}, 2, nil, "ends before it begins"},
		{"no samples", "", []string{"--samples", "0"}, 2, nil, "--samples"},
		{"no day", "", []string{"--day", "yesterday"}, 2, nil, "is no time"},
	} {
		if step.before != "" {
			damage(t, dir, step.before)
		}
		code, out, errs := verifyData(t, dir, step.args...)
		if code != step.code || !strings.Contains(errs, step.err) {
			t.Errorf("%s: got exit code %d and %q, want %d and %q\n%s", step.name, code, errs, step.code, step.err, out)
		}
		for _, part := range step.out {
			if !strings.Contains(out, part) {
				t.Errorf("%s: %q is missing in\n%s", step.name, part, out)
			}
		}
	}
}

func TestVerifyDataJSON(t *testing.T) {
	t.Parallel()
	dir := forgotten(t)
	code, out, _ := verifyData(t, dir, "--format", "json")
	var run struct {
		Since    *time.Time `json:"since"`
		Until    *time.Time `json:"until"`
		Open     int        `json:"open"`
		Findings []struct {
			Check   string  `json:"check"`
			Samples []int64 `json:"samples"`
		} `json:"findings"`
	}
	if err := json.Unmarshal([]byte(out), &run); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if code != 1 || run.Open != 1 || len(run.Findings) != 1 || run.Findings[0].Check != "clustering" || len(run.Findings[0].Samples) == 0 {
		t.Errorf("got exit code %d and %s", code, out)
	}
	if run.Since == nil || run.Until != nil {
		t.Errorf("looked at %v to %v", run.Since, run.Until)
	}
	_, _, _ = verifyData(t, dir, "--repair")
	code, out, _ = verifyData(t, dir, "--format", "json", "--all")
	if code != 0 || !strings.Contains(out, `"findings": []`) || !strings.Contains(out, `"since": null`) {
		t.Errorf("got exit code %d and %s", code, out)
	}
}
