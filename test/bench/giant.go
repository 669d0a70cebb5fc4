package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

// giant measures the API on one battle of the size of the largest of New Eden, in stores
// of its own: what a server answers that has just begun, and what it answers again.
func (b *bench) giant() error {
	battle := sim.Giant(1, sim.GiantOptions{})
	file := filepath.Join(b.dir, "giant.jsonl")
	if err := writeFeed(file, battle); err != nil {
		return err
	}
	stores, stop, err := b.targets("giant")
	if err != nil {
		return err
	}
	defer stop()
	for _, t := range stores {
		if err := b.giantIn(t, battle, file); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

// writeFeed writes killmails as JSON Lines.
func writeFeed(name string, set sim.Set) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	for _, document := range set.R2Z2(1) {
		if _, err := f.Write(append(document, '\n')); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return f.Close()
}

func (b *bench) giantIn(t target, set sim.Set, file string) error {
	mails := set.Mails()
	rate, err := b.importInto(t, []string{file}, len(mails))
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s: %d killmails with %d attackers", t.name, len(mails), len(mails[0].Attackers))
	b.row(name+", import", fmt.Sprintf("%.0f killmails/s", rate), fmt.Sprintf("%.0f attackers/s", rate*float64(len(mails[0].Attackers))))
	if err := nameAll(t, set.Names); err != nil {
		return err
	}
	_, idle, err := b.cold(t, "/readyz")
	if err != nil {
		return err
	}
	first, last := mails[0], mails[len(mails)-1]
	half := first.Time.Add(last.Time.Sub(first.Time) / 2)
	const whole = "/api/v1/battles/1"
	for _, q := range []struct{ what, path string }{
		{"battle", whole},
		{"the same, view=summary", whole + "?view=summary"},
		{"ten minutes of it", whole + "?from=" + half.Format(time.RFC3339) + "&to=" + half.Add(10*time.Minute).Format(time.RFC3339)},
		{"with an alliance on another side", fmt.Sprintf("%s?side=C:alliance-%d", whole, first.Victim.AllianceID)},
		{"damage", whole + "/damage"},
		{"presence", whole + "/presence"},
		{"report of its system and time", fmt.Sprintf("/api/v1/reports?window=%d:%s-%s", first.SystemID, first.Time.Format("200601021504"), last.Time.Format("200601021504"))},
	} {
		took, spent, err := b.cold(t, q.path)
		if err != nil {
			return err
		}
		again, size, err := b.warm(t, q.path)
		if err != nil {
			return err
		}
		b.row(name+", "+q.what, fmt.Sprintf("first %s, again %s", ms(took), ms(again)),
			fmt.Sprintf("first: %s of CPU; %d kB by zstd", ms(max(0, spent-idle)), size/1000))
	}
	return nil
}

// nameAll stores the names, which the servers cannot ask for.
func nameAll(t target, names []sim.Name) (err error) {
	ctx := context.Background()
	s, db, err := t.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close(), s.Close()) }()
	known := make([]store.NamedEntity, len(names))
	for i, n := range names {
		known[i] = store.NamedEntity{ID: n.Entity.ID, Name: store.Name{Name: n.Name, Ticker: n.Ticker}, State: store.EntityResolved}
	}
	return s.SaveNames(ctx, known, time.Now())
}

// cold asks a server that has just begun, thrice. It returns the best time and what that
// server spent of the processor in its whole life; the part of a database server is not in it.
func (b *bench) cold(t target, path string) (best, spent time.Duration, err error) {
	best = time.Hour
	for range 3 {
		s, err := b.server(t)
		if err != nil {
			return 0, 0, err
		}
		start := time.Now()
		_, err = getPacked(s.base + path)
		took := time.Since(start)
		if err := errors.Join(err, s.stop()); err != nil {
			return 0, 0, err
		}
		if took < best {
			best, spent = took, s.spent()
		}
	}
	return best, spent, nil
}

// warm asks a server again and again.
func (b *bench) warm(t target, path string) (median time.Duration, size int, err error) {
	s, err := b.server(t)
	if err != nil {
		return 0, 0, err
	}
	took := make([]time.Duration, 51)
	for i := range took {
		start := time.Now()
		if size, err = getPacked(s.base + path); err != nil {
			break
		}
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return took[len(took)/2], size, errors.Join(err, s.stop())
}

// getPacked asks as a browser does and returns the size of the answer on the wire.
func getPacked(url string) (int, error) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: status %d", url, resp.StatusCode)
	}
	return int(n), err
}
