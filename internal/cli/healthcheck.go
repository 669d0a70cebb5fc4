package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
)

type healthcheckCommand struct {
	URL string `arg:"" optional:"" help:"Root of the server." default:"http://localhost:8080" env:"BATTLESCOPE_URL"`
}

// Run exits 0 when the server is ready. It serves containers that have no shell.
func (c *healthcheckCommand) Run(env *environment) error {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fault.Usage(fault.New(fmt.Sprintf("%q is no server address", c.URL), "it looks like http://localhost:8080"))
	}
	ctx, cancel := context.WithTimeout(env.ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.JoinPath("readyz").String(), nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fault.Wrap(err, "ask "+c.URL, "is battlescope serve running there?")
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fault.New(fmt.Sprintf("%s is not ready: status %d", c.URL, resp.StatusCode), "open "+c.URL+"/readyz to see what is missing")
	}
	_, err = fmt.Fprintln(env.Out, "ready")
	return err
}
