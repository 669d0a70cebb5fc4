package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
)

// ErrNoDay says that EVERef has no archive of a day.
var ErrNoDay = errors.New("no archive of that day")

// EVERef fetches daily archives of killmails from everef.net, or from a mirror that
// is laid out alike. Use NewEVERef for polite values.
type EVERef struct {
	Root      string // the archives are below Root/killmails/
	UserAgent string // names program and operator
	Client    *http.Client
	MaxBytes  int64         // of one archive
	Timeout   time.Duration // for one archive
	Tries     int           // for one that fails for a reason that may pass
	Wait      time.Duration // after the first failure, doubled each time
	MaxWait   time.Duration // also the longest Retry-After that is honoured
}

// NewEVERef returns a reader with polite values.
func NewEVERef(root, userAgent string) *EVERef {
	return &EVERef{
		Root: strings.TrimRight(root, "/"), UserAgent: userAgent, Client: http.DefaultClient,
		MaxBytes: 1 << 30, Timeout: 15 * time.Minute, Tries: 3, Wait: 2 * time.Second, MaxWait: 2 * time.Minute,
	}
}

// Validate reports an address that cannot be one.
func (e *EVERef) Validate() error {
	u, err := url.Parse(e.Root)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fault.New(fmt.Sprintf("everef: %q is no address", e.Root), "it looks like https://data.everef.net")
	}
	return nil
}

// Totals returns how many killmails the archive of each day holds, by YYYY-MM-DD.
func (e *EVERef) Totals(ctx context.Context) (map[string]int, error) {
	var totals map[string]int
	err := e.fetch(ctx, "/killmails/totals.json", func(in io.Reader, _ int64) error {
		return json.NewDecoder(in).Decode(&totals)
	})
	return totals, err
}

// Output is where an archive is written: a file.
type Output interface {
	io.WriteSeeker
	Truncate(size int64) error
}

// Archive writes the archive of a UTC day to out, or returns ErrNoDay. progress is
// told how many bytes of how many have come; the latter is -1 when nobody says.
func (e *EVERef) Archive(ctx context.Context, day time.Time, out Output, progress func(done, of int64)) error {
	path := day.UTC().Format("/killmails/2006/killmails-2006-01-02") + ".tar.bz2"
	return e.fetch(ctx, path, func(in io.Reader, size int64) error {
		if _, err := out.Seek(0, io.SeekStart); err != nil {
			return &localError{err}
		}
		if err := out.Truncate(0); err != nil {
			return &localError{err}
		}
		_, err := io.Copy(&meter{out: out, of: size, progress: progress}, in)
		return err
	})
}

// localError is a failure on our side, which asking again does not mend.
type localError struct{ error }

func (e *localError) Unwrap() error { return e.error }

// meter counts what is written.
type meter struct {
	out      io.Writer
	done, of int64
	progress func(done, of int64)
}

func (m *meter) Write(p []byte) (int, error) {
	n, err := m.out.Write(p)
	if err != nil {
		err = &localError{err}
	}
	m.done += int64(n)
	m.progress(m.done, m.of)
	return n, err
}

// fetch gives a file to read, again while it fails for a reason that may pass.
func (e *EVERef) fetch(ctx context.Context, path string, read func(in io.Reader, size int64) error) error {
	const hint = "check --everef-url and this machine's way to the internet; or fetch the archives elsewhere and import the files"
	wait := e.Wait
	for try := 1; ; try++ {
		after, again, err := e.once(ctx, path, read)
		if err == nil {
			return nil
		}
		err = fmt.Errorf("get %s: %w", e.Root+path, err)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, ErrNoDay):
			return err
		case !again || try >= e.Tries:
			return fault.Wrap(err, "everef", hint)
		}
		timer := time.NewTimer(min(max(wait, after), e.MaxWait))
		select {
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		case <-timer.C:
		}
		wait *= 2
	}
}

// once asks once, and says whether and when asking again makes sense.
func (e *EVERef) once(ctx context.Context, path string, read func(in io.Reader, size int64) error) (after time.Duration, again bool, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, e.Timeout, fmt.Errorf("not done within %v", e.Timeout))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.Root+path, nil)
	if err != nil {
		return 0, false, err
	}
	req.Header.Set("User-Agent", e.UserAgent)
	resp, err := e.Client.Do(req)
	if err != nil {
		return 0, true, plainNetwork(err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return 0, false, ErrNoDay
	case resp.StatusCode != http.StatusOK:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After")) // 0 when it is none
		passing := resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests
		return time.Duration(max(seconds, 0)) * time.Second, passing, fmt.Errorf("answer %s", resp.Status)
	case strings.Contains(resp.Header.Get("Content-Type"), "text/html"):
		return 0, true, errors.New("answer is a web page")
	case resp.ContentLength > e.MaxBytes:
		return 0, false, fmt.Errorf("file of %d bytes is larger than the limit of %d", resp.ContentLength, e.MaxBytes)
	}
	in := &io.LimitedReader{R: resp.Body, N: e.MaxBytes + 1}
	err = read(in, resp.ContentLength)
	if in.N <= 0 {
		return 0, false, fmt.Errorf("file is larger than the limit of %d bytes", e.MaxBytes)
	}
	local := (*localError)(nil)
	return 0, !errors.As(err, &local), err
}

// plainNetwork leaves out the address, which is named already.
func plainNetwork(err error) error {
	if broken := (*url.Error)(nil); errors.As(err, &broken) {
		return broken.Err
	}
	return err
}
