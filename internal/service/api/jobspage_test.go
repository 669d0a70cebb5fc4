package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/queue/riverqueue"
	"github.com/battlescope/battlescope/internal/service/api"
)

// TestJobsPageGuard lets nobody but the administrator, on our own page, reach the queue's.
func TestJobsPageGuard(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	s := empty(t, func(d *api.Deps) {
		d.JobsPage = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	})
	for _, path := range []string{"/", "/api/jobs", "/assets/main.js", "/../queue/api/jobs", "//api/jobs", "/jobs/1?x=/auth/admin"} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"} {
			for _, cookie := range []string{"", "battlescope_session=", "battlescope_session=GUESS"} {
				r := s.ask(t, method, api.JobsPagePath+path, "", "Cookie", cookie)
				if r.StatusCode == http.StatusOK {
					t.Errorf("%s %s as %q: got status 200", method, path, cookie)
				}
			}
		}
	}
	if n := reached.Load(); n != 0 {
		t.Fatalf("strangers reached the page %d times", n)
	}
	checkProblem(t, "stranger", s.get(t, api.JobsPagePath+"/api/jobs"), http.StatusUnauthorized)
	cookie := s.administrator(t)
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		r := s.ask(t, method, api.JobsPagePath+"/api/jobs/retry", "{}", "Cookie", cookie, "Sec-Fetch-Site", "cross-site")
		checkProblem(t, method+" from another site", r, http.StatusForbidden)
	}
	if n := reached.Load(); n != 0 {
		t.Fatalf("another site reached the page %d times", n)
	}
	r := s.get(t, api.JobsPagePath+"/api/jobs", "Cookie", cookie)
	if r.StatusCode != http.StatusOK || reached.Load() != 1 {
		t.Errorf("the administrator: got status %d", r.StatusCode)
	}
	if r := s.ask(t, "POST", api.JobsPagePath+"/api/jobs/retry", "{}", "Cookie", cookie, "Sec-Fetch-Site", "same-origin"); r.StatusCode != http.StatusOK {
		t.Errorf("a change by the page itself: got status %d", r.StatusCode)
	}
	s.ask(t, "POST", "/auth/logout", "", "Cookie", cookie)
	checkProblem(t, "after logout", s.get(t, api.JobsPagePath+"/", "Cookie", cookie), http.StatusUnauthorized)
}

// TestJobsPage serves the page of the real queue, with everything that it loads.
func TestJobsPage(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	q, err := riverqueue.OpenSQLite(filepath.Join(t.TempDir(), "jobs.db"), riverqueue.Config{
		Kinds: []queue.Kind{{Name: "killmail.fetch"}}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := q.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Enqueue(ctx, queue.New("killmail.fetch", map[string]int{"killmail_id": 5})); err != nil {
		t.Fatal(err)
	}
	page, err := q.UI(ctx, api.JobsPagePath)
	if err != nil {
		t.Fatal(err)
	}
	s := empty(t, func(d *api.Deps) { d.Jobs, d.JobsPage = q, page })
	cookie := s.administrator(t)
	if r := s.get(t, api.JobsPagePath, "Cookie", cookie); r.Header.Get("Location") != api.JobsPagePath+"/" {
		t.Errorf("without the slash: got status %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	r := s.get(t, api.JobsPagePath+"/", "Cookie", cookie)
	index := text(t, r)
	policy := r.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "http") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("got the policy %s", policy)
	}
	if other := s.get(t, "/", "Cookie", cookie).Header.Get("Content-Security-Policy"); strings.Contains(other, "unsafe") {
		t.Errorf("the policy of our own page became %s", other)
	}
	assets := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(index, -1)
	if len(assets) < 3 {
		t.Fatalf("the page loads %v: too little in %s", assets, index)
	}
	for _, a := range assets {
		if !strings.HasPrefix(a[1], api.JobsPagePath+"/") {
			t.Errorf("the page loads %s from elsewhere", a[1])
		}
		if r := s.get(t, a[1], "Cookie", cookie); r.StatusCode != http.StatusOK || strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: got status %d as %s", a[1], r.StatusCode, r.Header.Get("Content-Type"))
		}
	}
	for _, tag := range regexp.MustCompile(`<script[^>]*>`).FindAllString(index, -1) {
		if !strings.Contains(tag, " src=") && !strings.Contains(tag, `type="application/json"`) {
			t.Errorf("the page has a script within it, which its policy forbids: %s", tag)
		}
	}
	if list := text(t, s.get(t, api.JobsPagePath+"/api/jobs?state=available", "Cookie", cookie)); !strings.Contains(list, "killmail.fetch") {
		t.Errorf("the list of jobs is %s", list)
	}
	jobs, err := q.Jobs(ctx, queue.Filter{}, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf(`{"ids":["%d"]}`, jobs[0].ID)
	if r := s.ask(t, "POST", api.JobsPagePath+"/api/jobs/cancel", body, "Cookie", cookie, "Sec-Fetch-Site", "same-origin"); r.StatusCode != http.StatusOK {
		t.Errorf("cancel: got status %d: %s", r.StatusCode, text(t, r))
	}
	if r, err := q.Job(ctx, jobs[0].ID); err != nil || r.State != queue.Cancelled {
		t.Errorf("the cancelled job is %s, %v", r.State, err)
	}
}
