package link_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/link"
)

func TestParse(t *testing.T) {
	t.Parallel()
	hour := time.Date(2021, 11, 28, 10, 0, 0, 0, time.UTC)
	related := link.Target{System: "30001046", At: hour, Related: true}
	tests := map[string]link.Target{
		"12":                               {Number: 12},
		" 12\n":                            {Number: 12},
		"http://localhost:8080/battles/12": {Battle: 12},
		"/battles/12":                      {Battle: 12},
		"https://br.example.org/battles/12/timeline?side=A:alliance-3&window=x&tab=1":                 {Battle: 12, Query: "side=A:alliance-3"},
		"https://br.example.org/kills/96962356":                                                       {Killmail: 96962356},
		"/kills/96962356":                                                                             {Killmail: 96962356},
		"https://zkillboard.com/kill/96962356/":                                                       {Killmail: 96962356},
		"zkillboard.com/kill/96962356/":                                                               {Killmail: 96962356},
		"https://eve-kill.com/kill/96962356":                                                          {Killmail: 96962356},
		"https://eve-kill.com/battle/killmail/96962356":                                               {Killmail: 96962356},
		"https://esi.evetech.net/latest/killmails/96962356/0123456789abcdef0123456789abcdef01234567/": {Killmail: 96962356},
		"https://zkillboard.com/related/30001046/202111281000/":                                       related,
		"https://zkillboard.com/related/30001046/202111281000/o/%7B%22A%22%3A%5B%5D%7D/":              related,
		"https://br.evetools.org/related/30001046/202111281000":                                       related,
		"https://warbeacon.net/br/related/30001046/202111281000/":                                     related,
		"/related/30001046/202111281000":                                                              related,
		"https://warbeacon.net/br/related/30001046/202111281000/202111281130": {
			System: "30001046", At: hour, Related: true, Until: hour.Add(90 * time.Minute),
		},
		"https://br.example.org/reports/damage?tab=x&from=2021-11-28T10%3A00%3A00Z&window=30001046:202111281000-202111281500&battle=7&battle=8": {
			Report: true, Query: "window=30001046:202111281000-202111281500&battle=7&battle=8&from=2021-11-28T10:00:00Z",
		},
		"Jorund 2021-11-28 10:00":      {System: "Jorund", At: hour},
		"New Caldari 2021-11-28T10:00": {System: "New Caldari", At: hour},
	}
	for text, want := range tests {
		if got, err := link.Parse(text); err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestNotUnderstood(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "0", "-4", "99999999999999999999", "Jorund", "2021-11-28", "Jorund yesterday", "https://", "http://[", "/", "https://example.org/",
		"https://zkillboard.com/kill/abc/", "https://zkillboard.com/kill/-3/", "https://zkillboard.com/related/30001046/",
		"https://zkillboard.com/related/30001046/20211128/", "https://br.evetools.org/br/5f1a2b3c4d5e6f7a8b9c0d1e",
		"https://warbeacon.net/br/report/0190b1f2-0000-0000-0000-000000000000", "https://eve-kill.com/battle/77", "https://br.example.org/reports?from=x",
	} {
		if got, err := link.Parse(text); err == nil || fault.HintOf(err) == "" {
			t.Errorf("%q: got %+v, %v, want an error with a hint", text, got, err)
		}
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	got := link.Query(url.Values{"to": {"b c"}, "side": {"A:alliance-1", "", "B:alliance-2"}, "view": {"summary"}, "window": {"1:2-3"}})
	if want := "window=1:2-3&side=A:alliance-1&side=B:alliance-2&to=b+c"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("https://zkillboard.com/related/30001046/202111281000/")
	f.Add("Jorund 2021-11-28 10:00")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := link.Parse(text); err != nil && fault.HintOf(err) == "" {
			t.Errorf("%q: %v has no hint", text, err)
		}
	})
}
