package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// answers reports whether BattleScope serves on an address of this machine.
func answers(ctx context.Context, address string) bool {
	u, err := localURL(address)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.JoinPath("readyz").String(), nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	var health struct {
		Checks []struct{ Name string } `json:"checks"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&health); err != nil {
		return false
	}
	return len(health.Checks) > 0 && health.Checks[0].Name == "store"
}
