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

// server starts the program on a free port and waits for its first answer.
func (b *bench) server(data string) (base string, took time.Duration, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", 0, nil, err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return "", 0, nil, err
	}
	cmd := exec.Command(b.binary, "serve", "--data", data, "--listen", address, "--no-feed", "--no-esi")
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return "", 0, nil, err
	}
	stop = func() error { return errors.Join(cmd.Process.Signal(os.Interrupt), cmd.Wait()) }
	base = "http://" + address
	for time.Since(start) < 30*time.Second {
		if resp, err := http.Get(base + "/readyz"); err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return base, time.Since(start), stop, nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return "", 0, nil, errors.Join(errors.New("server does not answer"), stop())
}

// serving measures start, memory and latencies.
func (b *bench) serving() error {
	var starts []time.Duration
	for range 5 {
		_, took, stop, err := b.server(b.data)
		if err != nil {
			return err
		}
		starts = append(starts, took)
		if err := stop(); err != nil {
			return err
		}
	}
	slices.Sort(starts)
	b.row("start to first answer", starts[2].Round(time.Millisecond).String(), "median of 5")
	base, _, stop, err := b.server(b.data)
	if err != nil {
		return err
	}
	return errors.Join(b.latencies(base), stop())
}

func (b *bench) latencies(base string) error {
	var list struct {
		Items []struct {
			ID    int64 `json:"id"`
			Kills int   `json:"kills"`
		} `json:"items"`
	}
	body, err := get(base + "/api/v1/battles?sort=-kills&limit=1")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, &list); err != nil || len(list.Items) == 0 {
		return errors.Join(err, errors.New("no battles to measure"))
	}
	biggest := list.Items[0]
	for _, m := range []struct{ what, path string }{
		{"list of battles", "/api/v1/battles"},
		{"list of battles by ISK", "/api/v1/battles?sort=-isk"},
		{"recent killmails", "/api/v1/killmails/recent"},
		{"summary", "/api/v1/stats/summary"},
		{fmt.Sprintf("battle of %d kills", biggest.Kills), fmt.Sprintf("/api/v1/battles/%d", biggest.ID)},
		{"the same, view=summary", fmt.Sprintf("/api/v1/battles/%d?view=summary", biggest.ID)},
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
		b.row(m.what, fmt.Sprintf("p50 %s, p99 %s", ms(took[requests/2]), ms(took[requests*99/100])),
			fmt.Sprintf("first %s, %d kB", ms(cold), size/1000))
	}
	return nil
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
