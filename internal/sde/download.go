package sde

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/battlescope/battlescope/internal/fault"
)

// Source says where an export is downloaded from, and by whom.
type Source struct {
	URL       string
	UserAgent string
	Client    *http.Client
	MaxBytes  int64
}

// Download writes the archive of the source to out and returns its size.
func (s Source) Download(ctx context.Context, out io.Writer) (int64, error) {
	const hint = "check this machine's way to the internet and --sde-url; or fetch the zip elsewhere and name it: battlescope sde update FILE"
	op := "download static data from " + s.URL
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if err != nil {
		return 0, fault.Wrap(err, op, hint)
	}
	req.Header.Set("User-Agent", s.UserAgent)
	resp, err := s.Client.Do(req)
	if err != nil {
		return 0, fault.Wrap(err, op, hint)
	}
	defer resp.Body.Close()
	tooLarge := fault.New(fmt.Sprintf("%s: more than %d bytes", op, s.MaxBytes), "this is not CCP's export: check --sde-url")
	switch {
	case resp.StatusCode != http.StatusOK:
		return 0, fault.New(fmt.Sprintf("%s: answer %s", op, resp.Status), hint)
	case resp.ContentLength > s.MaxBytes:
		return 0, tooLarge
	}
	n, err := io.Copy(out, io.LimitReader(resp.Body, s.MaxBytes+1))
	if err == nil && n > s.MaxBytes {
		return n, tooLarge
	}
	return n, fault.Wrap(err, op, hint)
}
