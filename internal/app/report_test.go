package app

import (
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
)

func TestParseTarget(t *testing.T) {
	t.Parallel()
	hour := time.Date(2021, 11, 28, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		what []string
		want target
	}{
		{[]string{"12"}, target{number: 12}},
		{[]string{"http://localhost:8080/battles/12"}, target{battle: 12}},
		{[]string{"https://br.example.org/battles/12/timeline?side=A"}, target{battle: 12}},
		{[]string{"https://zkillboard.com/kill/96962356/"}, target{killmail: 96962356}},
		{[]string{"zkillboard.com/kill/96962356/"}, target{killmail: 96962356}},
		{[]string{"https://eve-kill.com/kill/96962356"}, target{killmail: 96962356}},
		{[]string{"https://eve-kill.com/battle/killmail/96962356"}, target{killmail: 96962356}},
		{[]string{"https://esi.evetech.net/latest/killmails/96962356/0123456789abcdef0123456789abcdef01234567/"}, target{killmail: 96962356}},
		{[]string{"https://zkillboard.com/related/30001046/202111281000/"}, target{system: "30001046", at: hour, related: true}},
		{[]string{"https://br.evetools.org/related/30001046/202111281000"}, target{system: "30001046", at: hour, related: true}},
		{[]string{"Jorund", "2021-11-28", "10:00"}, target{system: "Jorund", at: hour}},
		{[]string{"Jorund", "2021-11-28 10:00"}, target{system: "Jorund", at: hour}},
		{[]string{"New Caldari 2021-11-28T10:00"}, target{system: "New Caldari", at: hour}},
	}
	for _, tt := range tests {
		if got, err := parseTarget(tt.what); err != nil || got != tt.want {
			t.Errorf("%q: got %+v, %v, want %+v", tt.what, got, err, tt.want)
		}
	}
}

func TestBadTargets(t *testing.T) {
	t.Parallel()
	for _, what := range []string{
		"", "0", "-4", "Jorund", "2021-11-28", "Jorund yesterday", "https://", "http://[", "https://example.org/",
		"https://zkillboard.com/kill/abc/", "https://zkillboard.com/related/30001046/", "https://zkillboard.com/related/30001046/20211128/",
		"https://br.evetools.org/br/5f1a2b3c4d5e6f7a8b9c0d1e", "https://eve-kill.com/battle/77",
	} {
		if got, err := parseTarget([]string{what}); err == nil || fault.HintOf(err) == "" {
			t.Errorf("%q: got %+v, %v, want an error with a hint", what, got, err)
		}
	}
}
