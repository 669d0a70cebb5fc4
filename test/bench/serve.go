package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// running is the program at work.
type running struct {
	base string        // its address
	took time.Duration // from the start to its first answer
	cmd  *exec.Cmd
}

func (r *running) stop() error { return errors.Join(r.cmd.Process.Signal(os.Interrupt), r.cmd.Wait()) }

// spent is what it used of the processor until it was stopped.
func (r *running) spent() time.Duration {
	return r.cmd.ProcessState.UserTime() + r.cmd.ProcessState.SystemTime()
}

// server starts the program on a free port and waits for its first answer.
func (b *bench) server(t target) (*running, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	r := &running{base: "http://" + address}
	r.cmd = exec.Command(b.binary, slices.Concat([]string{"serve", "--listen", address, "--no-feed", "--no-esi"}, t.args)...)
	start := time.Now()
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(start) < 30*time.Second {
		if resp, err := http.Get(r.base + "/readyz"); err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				r.took = time.Since(start)
				return r, nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return nil, errors.Join(errors.New("server does not answer"), r.stop())
}

// serving measures start, memory and latencies.
func (b *bench) serving() error {
	for _, t := range b.stores {
		var starts []time.Duration
		for range 5 {
			s, err := b.server(t)
			if err != nil {
				return err
			}
			starts = append(starts, s.took)
			if err := s.stop(); err != nil {
				return err
			}
		}
		slices.Sort(starts)
		b.row(t.name+": start to first answer", starts[2].Round(time.Millisecond).String(), "median of 5")
		if err := b.latencies(t); err != nil {
			return err
		}
	}
	return nil
}

// latencies asks a server over HTTP, one request after the other.
func (b *bench) latencies(t target) error {
	s, err := b.server(t)
	if err != nil {
		return err
	}
	return errors.Join(b.ask(t, s.base), s.stop())
}

func (b *bench) ask(t target, base string) error {
	big, err := battleBy(base, "sort=-kills")
	if err != nil {
		return err
	}
	usual, err := battleBy(base, "sort=-kills&max_kills=500")
	if err != nil {
		return err
	}
	detail, err := get(fmt.Sprintf("%s/api/v1/battles/%d", base, usual.ID))
	if err != nil {
		return err
	}
	var members struct {
		Pilots []struct {
			Character struct{ ID int64 }
			Alliance  *struct{ ID int64 }
		}
		Killmails []struct{ ID int64 }
	}
	if err := json.Unmarshal(detail, &members); err != nil || len(members.Pilots) == 0 || len(members.Killmails) == 0 {
		return errors.Join(err, fmt.Errorf("battle %d has nobody in it", usual.ID))
	}
	character, alliance := members.Pilots[0].Character.ID, int64(99000001)
	for _, p := range members.Pilots {
		if p.Alliance != nil {
			alliance = p.Alliance.ID
		}
	}
	for _, m := range []struct{ what, path string }{
		{"list of battles", "/api/v1/battles"},
		{"list of battles by ISK", "/api/v1/battles?sort=-isk"},
		{"list of battles of an alliance", fmt.Sprintf("/api/v1/battles?alliance_id=%d", alliance)},
		{"list of battles of a pilot by ISK", fmt.Sprintf("/api/v1/battles?character_id=%d&sort=-isk", character)},
		{"list of battles in a region", "/api/v1/battles?region_id=10000002"},
		{"list of battles with titans", "/api/v1/battles?ship_type_id=11567&ship_type_id=671"},
		{"recent killmails", "/api/v1/killmails/recent"},
		{"recent killmails in lowsec", "/api/v1/killmails/recent?space_type=lowsec"},
		{"recent killmails in Jita", "/api/v1/killmails/recent?system_id=30000142"},
		{"recent killmails over 10 billion", "/api/v1/killmails/recent?min_isk=10000000000"},
		{"killmail", fmt.Sprintf("/api/v1/killmails/%d", members.Killmails[0].ID)},
		{"battle of a killmail", fmt.Sprintf("/api/v1/battles/by-killmail/%d", members.Killmails[0].ID)},
		{"summary", "/api/v1/stats/summary"},
		{fmt.Sprintf("battle of %d kills", usual.Kills), fmt.Sprintf("/api/v1/battles/%d", usual.ID)},
		{fmt.Sprintf("battle of %d kills", big.Kills), fmt.Sprintf("/api/v1/battles/%d", big.ID)},
		{"the same, view=summary", fmt.Sprintf("/api/v1/battles/%d?view=summary", big.ID)},
	} {
		const requests = 200
		took := make([]time.Duration, requests)
		size := 0
		for i := range took {
			start := time.Now()
			body, err := get(base + m.path)
			if err != nil {
				return err
			}
			took[i], size = time.Since(start), len(body)
		}
		cold := took[0]
		slices.Sort(took)
		b.row(t.name+": "+m.what, fmt.Sprintf("p50 %s, p99 %s", ms(took[requests/2]), ms(took[requests*99/100])),
			fmt.Sprintf("first %s, %d kB", ms(cold), size/1000))
	}
	return nil
}

type battleItem struct {
	ID    int64 `json:"id"`
	Kills int   `json:"kills"`
}

// battleBy returns the first battle of a list.
func battleBy(base, query string) (battleItem, error) {
	var list struct {
		Items []battleItem `json:"items"`
	}
	body, err := get(base + "/api/v1/battles?limit=1&" + query)
	if err != nil {
		return battleItem{}, err
	}
	if err := json.Unmarshal(body, &list); err != nil || len(list.Items) == 0 {
		return battleItem{}, errors.Join(err, errors.New("no battles to measure"))
	}
	return list.Items[0], nil
}

func get(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: status %d", url, resp.StatusCode)
	}
	return body, err
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

// sizes measures the binary and the first script of the page.
func (b *bench) sizes() error {
	info, err := os.Stat(b.binary)
	if err != nil {
		return err
	}
	b.row("binary", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "75 MB allowed")
	index, err := os.ReadFile("web/dist/index.html")
	if errors.Is(err, os.ErrNotExist) {
		b.row("entry JS", "no page built", "")
		return nil
	}
	if err != nil {
		return err
	}
	total := 0
	scripts, err := filepath.Glob("web/dist/assets/*.js")
	if err != nil {
		return err
	}
	for _, name := range scripts {
		if !strings.Contains(string(index), filepath.Base(name)) {
			continue // loaded later, with its screen
		}
		js, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if _, err := w.Write(js); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		total += packed.Len()
	}
	b.row("entry JS, gzip", fmt.Sprintf("%.1f KB", float64(total)/1000), "140 KB allowed")
	return nil
}
