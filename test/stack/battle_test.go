package stack_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/service/api"
)

// audience follows battles on all processes that serve the API, as open pages do: each
// is fetched once and then made of what its stream says.
type audience struct {
	ctx  context.Context
	work sync.WaitGroup

	mu      sync.Mutex
	pages   []*page
	changes int // deltas that were applied
}

// page shows one battle at one process.
type page struct {
	url   string // of the battle
	state *api.BattleView
}

func newAudience(t *testing.T) *audience {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	a := &audience{ctx: ctx}
	t.Cleanup(func() { cancel(); a.work.Wait() })
	return a
}

// open has a page of every process look at the battle in which something was lost last.
func (a *audience) open(t *testing.T, sites []string) {
	t.Helper()
	var list struct{ Items []api.BattleItem }
	until(t, "a list of battles", func() bool { // the process may still be starting
		_, body := fetch(a.ctx, sites[0]+"/api/v1/battles?limit=100")
		return json.Unmarshal(body, &list) == nil
	})
	var last *api.BattleItem
	for i := range list.Items {
		if each := &list.Items[i]; last == nil || each.EndedAt.After(last.EndedAt) {
			last = each
		}
	}
	if last == nil {
		return
	}
	for _, site := range sites {
		p := &page{url: fmt.Sprintf("%s/api/v1/battles/%d", site, last.ID)}
		a.mu.Lock()
		a.pages = append(a.pages, p)
		a.mu.Unlock()
		a.work.Go(func() {
			for a.ctx.Err() == nil {
				a.follow(p)
				select {
				case <-a.ctx.Done():
				case <-time.After(50 * time.Millisecond):
				}
			}
		})
	}
}

// follow fetches the battle and reads its stream until that ends, or says something
// that is for another state.
func (a *audience) follow(p *page) {
	fetched := &api.BattleView{}
	if _, body := fetch(a.ctx, p.url); json.Unmarshal(body, fetched) != nil {
		return
	}
	a.show(p, fetched, 0)
	req, err := http.NewRequestWithContext(a.ctx, http.MethodGet, p.url+"/stream?base="+fetched.Mark, nil)
	if err != nil {
		return
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 16<<20)
	for name := ""; lines.Scan(); {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		if field == "event" {
			name = value
		}
		if field != "data" || name == "heartbeat" {
			continue
		}
		var d api.BattleDelta
		if name != "delta" || json.Unmarshal([]byte(value), &d) != nil {
			return
		}
		made, err := d.Apply(p.state)
		if err != nil {
			return
		}
		a.show(p, made, 1)
	}
}

func (a *audience) show(p *page, state *api.BattleView, changes int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p.state, a.changes = state, a.changes+changes
}

// upToDate tells whether every page shows its battle as it is fetched anew.
func (a *audience) upToDate() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, p := range a.pages {
		status, body := fetch(a.ctx, p.url)
		if status == http.StatusNotFound {
			continue // its killmails went to others
		}
		now := &api.BattleView{}
		if json.Unmarshal(body, now) != nil || p.state == nil {
			return false
		}
		shown, err := json.Marshal(p.state)
		want, err2 := json.Marshal(now)
		if err != nil || err2 != nil || !bytes.Equal(shown, want) {
			return false
		}
	}
	return a.changes > 0
}

// fetch returns the status and the body of an answer; 0 when there is none, and a body
// only with 200.
func fetch(ctx context.Context, url string) (status int, body []byte) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		return 0, nil
	}
	if resp.StatusCode != http.StatusOK {
		return resp.StatusCode, nil
	}
	return resp.StatusCode, b.Bytes()
}
