package zkb_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/test/fake"
)

// waits lists the time between each request and the next, from the first on that failed.
func waits(requests []fake.Request) []time.Duration {
	var list []time.Duration
	for i := 1; i < len(requests); i++ {
		if requests[i-1].Status != 200 && requests[i-1].Status != 404 {
			list = append(list, requests[i].At.Sub(requests[i-1].At).Round(100*time.Millisecond))
		}
	}
	return list
}

// TestRefusals lets the source fail five times and checks how long the feed waits
// each time, that it says so, and that nothing is lost.
func TestRefusals(t *testing.T) {
	const s, m = time.Second, time.Minute
	tests := []struct {
		name  string
		fault fake.Fault
		want  []time.Duration
		text  string
		hint  string
	}{
		{"429 without Retry-After", fake.TooManyRequests(""), []time.Duration{6 * s, 12 * s, 24 * s, 48 * s, 96 * s}, "429 Too Many Requests", "request rate"},
		{"429 with short Retry-After", fake.TooManyRequests("1"), []time.Duration{6 * s, 12 * s, 24 * s, 48 * s, 96 * s}, "429", "request rate"},
		{"429 with long Retry-After", fake.TooManyRequests("120"), []time.Duration{2 * m, 2 * m, 2 * m, 2 * m, 2 * m}, "429", "request rate"},
		{"429 with endless Retry-After", fake.TooManyRequests("999999999999"), []time.Duration{60 * m, 60 * m, 60 * m, 60 * m, 60 * m}, "429", "request rate"},
		{"429 with nonsense Retry-After", fake.TooManyRequests("soon"), []time.Duration{6 * s, 12 * s, 24 * s, 48 * s, 96 * s}, "429", "request rate"},
		{"403", fake.Forbidden(), []time.Duration{5 * m, 10 * m, 20 * m, 40 * m, 60 * m}, "403 Forbidden", "contact"},
		{"401", fake.Status(401, ""), []time.Duration{5 * m, 10 * m, 20 * m, 40 * m, 60 * m}, "401 Unauthorized", "URL"},
		{"500", fake.Status(500, ""), []time.Duration{2 * s, 4 * s, 8 * s, 16 * s, 32 * s}, "500 Internal Server Error", "trouble of its own"},
		{"503 with Retry-After", fake.Status(503, "30"), []time.Duration{30 * s, 30 * s, 30 * s, 30 * s, 32 * s}, "503", "trouble of its own"},
		{"Cloudflare 522", fake.Status(522, ""), []time.Duration{2 * s, 4 * s, 8 * s, 16 * s, 32 * s}, "522", "trouble of its own"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := published(20)
			source.InjectAt("/1011.json", 5, test.fault)
			play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
				r.after(3 * time.Second)
				r.phase(t, zkb.PhaseOffline)
				if n := len(r.sequences()); n != 10 {
					t.Errorf("%d documents handled before waiting, want 10", n)
				}
				state := r.feed.State()
				if p := state.Problem; p == nil || !strings.Contains(p.Text, test.text) || !strings.Contains(p.Hint, test.hint) {
					t.Errorf("problem is %+v, want %q with hint %q", p, test.text, test.hint)
				}
				if !state.RetryAt.After(time.Now()) {
					t.Errorf("retry at %v, want a time to come", state.RetryAt)
				}
				r.after(6 * time.Hour)
				r.want(t, 1001, 1020)
				if state := r.feed.State(); !state.RetryAt.IsZero() || state.Problem == nil {
					t.Errorf("retry at %v, problem %v; want none and the one that passed", state.RetryAt, state.Problem)
				}
				got := waits(r.source.Requests())
				if len(got) != len(test.want) {
					t.Fatalf("got waits %v, want %v", got, test.want)
				}
				for i := range got {
					if d := got[i] - test.want[i]; d < 0 || d > 200*time.Millisecond {
						t.Errorf("waits are %v, want %v", got, test.want)
						break
					}
				}
			})
		})
	}
}

func TestRetryAfterAsDate(t *testing.T) {
	source := published(2)
	source.InjectAt("/1001.json", 1, fake.TooManyRequests("Sat, 01 Jan 2000 00:20:00 GMT")) // the bubble begins at midnight
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(19 * time.Minute)
		if n := len(r.sequences()); n != 0 {
			t.Errorf("%d documents before the date, want none", n)
		}
		r.after(2 * time.Minute)
		r.want(t, 1001, 1002)
	})
}

// TestHTMLBodyIsAFailureOfTheSource: such pages come for any document, so none is put aside for it.
func TestHTMLBodyIsAFailureOfTheSource(t *testing.T) {
	source := published(20)
	source.InjectAt("/1011.json", 30, fake.HTML())
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(20 * time.Minute)
		r.phase(t, zkb.PhaseOffline)
		if p := r.feed.State().Problem; p == nil || !strings.Contains(p.Text, "web page") {
			t.Errorf("problem is %+v, want the web page", p)
		}
		r.after(2 * time.Hour)
		r.want(t, 1001, 1020)
		if n := r.feed.State().Broken; n != 0 {
			t.Errorf("%d documents put aside, want none", n)
		}
	})
}

func TestTimeout(t *testing.T) {
	source := published(20)
	source.InjectAt("/1011.json", 2, fake.Hang())
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(32 * time.Second)
		r.phase(t, zkb.PhaseOffline)
		if p := r.feed.State().Problem; p == nil || !strings.Contains(p.Text, "no answer within 30s") {
			t.Errorf("problem is %+v, want the timeout", p)
		}
		r.after(2 * time.Minute)
		r.want(t, 1001, 1020)
	})
}

func TestTruncatedJSONIsAskedForAgain(t *testing.T) {
	source := published(20)
	source.InjectAt("/1011.json", 4, fake.Truncated())
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(5 * time.Minute)
		r.want(t, 1001, 1020)
		if n := r.feed.State().Broken; n != 0 {
			t.Errorf("%d documents put aside, want none", n)
		}
	})
}

func TestUndecodableDocumentIsPutAside(t *testing.T) {
	tests := []struct {
		name, raw, reason string
		maxBytes          int64
	}{
		{"truncated", `{"killmail_id":1,"esi":{"kill`, "document", 0},
		{"without victim", `{"killmail_id":1,"hash":"","esi":{"killmail_id":1,"killmail_time":"2026-01-01T12:00:00Z","solar_system_id":30002187,"attackers":[]},"sequence_id":1011}`, "victim", 0},
		{"of another number", string(body(1099, 7)), "says it is sequence 1099", 0},
		{"empty", "", "document", 0},
		{"too large", strings.Repeat(" ", 2000), "larger than the limit of 1500 bytes", 1500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := published(20)
			source.InjectAt("/1011.json", -1, fake.Body([]byte(test.raw)))
			limit := func(c *zkb.Config) {
				if test.maxBytes > 0 {
					c.MaxBytes = test.maxBytes
				}
			}
			play(t, source, at(1000), limit, func(t *testing.T, r *reader) {
				r.after(5 * time.Minute)
				if got := r.sequences(); len(got) != 19 || got[10] != 1012 || r.feed.State().Cursor != 1020 {
					t.Errorf("got documents %v, want all but 1011", got)
				}
				var broken []zkb.Broken
				for _, batch := range r.batches() {
					broken = append(broken, batch.Broken...)
				}
				want := []byte(test.raw)
				if test.maxBytes > 0 {
					want = want[:test.maxBytes]
				}
				if len(broken) != 1 || broken[0].Sequence != 1011 || !bytes.Equal(broken[0].Raw, want) || !strings.Contains(broken[0].Err.Error(), test.reason) {
					t.Errorf("put aside %+v, want 1011 with its bytes, because of %q", broken, test.reason)
				}
				if n := r.asked("/1011.json"); n != 5 {
					t.Errorf("asked %d times, want 5", n)
				}
			})
		})
	}
}

// TestPointerFaults lets the pointer fail in every way while a cursor is known: the
// documents must come all the same.
func TestPointerFaults(t *testing.T) {
	for name, fault := range map[string]fake.Fault{
		"HTML": fake.HTML(), "500": fake.Status(500, ""), "404": fake.Missing(), "nonsense": fake.Body([]byte(`{"sequence":"x"}`)),
		"truncated": fake.Truncated(), "none": fake.Body([]byte(`{}`)), "hang": fake.Hang(),
	} {
		t.Run(name, func(t *testing.T) {
			source := published(20)
			source.InjectAt("sequence.json", -1, fault)
			play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
				r.after(20 * time.Minute)
				r.want(t, 1001, 1020)
			})
		})
		t.Run(name+" at a fresh start", func(t *testing.T) {
			source := published(20) // pointer at 1001
			source.InjectAt("sequence.json", 3, fault)
			play(t, source, zkb.Cursor{}, nil, func(t *testing.T, r *reader) {
				r.after(time.Hour)
				r.want(t, 1001, 1020)
			})
		})
	}
}

// TestFaultsOneAfterTheOther mixes all faults over a long feed.
func TestFaultsOneAfterTheOther(t *testing.T) {
	source := published(500)
	for _, fault := range []fake.Fault{fake.Hang(), fake.HTML(), fake.Truncated(), fake.Status(502, ""), fake.TooManyRequests("3"), fake.Missing(), fake.Forbidden()} {
		for _, path := range []string{"1050", "1150", "1250", "1251", "1500", "sequence"} {
			source.InjectAt(path, 1, fault)
		}
	}
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(6 * time.Hour)
		r.want(t, 1001, 1500)
	})
}
