package zkb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
)

// ErrNoHistory says that the history has no such file.
var ErrNoHistory = errors.New("not in the history")

// Day is a UTC day as the history names it: YYYYMMDD.
type Day string

// DayOf is the day of a time.
func DayOf(t time.Time) Day { return Day(t.UTC().Format("20060102")) }

// Time is the beginning of the day; zero when the day is none.
func (d Day) Time() time.Time {
	t, err := time.Parse("20060102", string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// History reads the past from R2Z2: for each day which killmails it had, and for
// newer days the killmails themselves. A day appears after 06:00 UTC of the next.
// It is not safe for concurrent use.
type History struct{ source }

// NewHistory returns a reader of the history below cfg.BaseURL. The error is a *ConfigError.
func NewHistory(cfg Config, deps Deps) (*History, error) {
	s, err := newSource(cfg, deps)
	if err != nil {
		return nil, err
	}
	return &History{s}, nil
}

// Totals returns how many killmails each day of the history has.
func (h *History) Totals(ctx context.Context) (map[Day]int, error) {
	var totals map[Day]int
	err := h.download(ctx, "/history/totals.json", func(in io.Reader) error {
		return decodeTotals(in, &totals)
	})
	return totals, err
}

func decodeTotals(in io.Reader, totals *map[Day]int) error {
	*totals = nil
	if err := json.NewDecoder(in).Decode(totals); err != nil {
		return err
	}
	for day, n := range *totals {
		if day.Time().IsZero() || n < 0 {
			return fmt.Errorf("%d killmails on day %q make no sense", n, day)
		}
	}
	return nil
}

// Hashes returns the hashes of a day's killmails by id, or ErrNoHistory. Compare
// their number with Totals: copies in the network can be old.
func (h *History) Hashes(ctx context.Context, day Day) (map[int64]string, error) {
	var hashes map[int64]string
	err := h.download(ctx, "/history/"+string(day)+".json", func(in io.Reader) (err error) {
		hashes, err = decodeHashes(in)
		return err
	})
	return hashes, err
}

var hashForm = regexp.MustCompile(`^[0-9a-f]{40}$`)

func decodeHashes(in io.Reader) (map[int64]string, error) {
	var hashes map[int64]string
	if err := json.NewDecoder(in).Decode(&hashes); err != nil {
		return nil, err
	}
	for id, hash := range hashes {
		if id <= 0 || !hashForm.MatchString(hash) {
			return nil, fmt.Errorf("killmail %d with hash %q makes no sense", id, hash)
		}
	}
	return hashes, nil
}

// RawDocument is one killmail of a raw file: good, or with what is wrong with it.
type RawDocument struct {
	ID       int64
	Document killmail.Document
	Err      error
	Raw      []byte
}

// Raw hands over the killmails of a day, without zKillboard's block and without
// hashes, or returns ErrNoHistory: days before July 2026 have no raw file. The file
// is complete and sound before the first of them is handed over.
func (h *History) Raw(ctx context.Context, day Day, emit func(RawDocument) error) error {
	file, err := os.CreateTemp("", "battlescope-history-*.json")
	if err != nil {
		return err
	}
	defer func() { _, _ = file.Close(), os.Remove(file.Name()) }()
	err = h.download(ctx, "/history/raw/"+string(day)+".json", func(in io.Reader) error {
		if err := rewrite(file, in); err != nil {
			return err
		}
		return eachRaw(file, func(int64, []byte) error { return nil })
	})
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return eachRaw(file, func(id int64, raw []byte) error { return emit(rawDocument(id, raw)) })
}

// rewrite fills a file with what in gives and goes back to its beginning.
func rewrite(file *os.File, in io.Reader) error {
	_, err := file.Seek(0, io.SeekStart)
	if err == nil {
		err = file.Truncate(0)
	}
	if err != nil {
		return &localError{err}
	}
	out := &local{file}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return &localError{err}
	}
	return nil
}

// local marks the errors of writing as ours.
type local struct{ out io.Writer }

func (l *local) Write(p []byte) (int, error) {
	n, err := l.out.Write(p)
	if err != nil {
		err = &localError{err}
	}
	return n, err
}

// localError is a failure on our side, which asking again does not mend.
type localError struct{ error }

func (e *localError) Unwrap() error { return e.error }

// eachRaw walks over a map of killmail id to killmail.
func eachRaw(in io.Reader, emit func(id int64, raw []byte) error) error {
	dec := json.NewDecoder(in)
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return errors.Join(errors.New("file is no map of killmails"), err)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		id, err := strconv.ParseInt(fmt.Sprint(key), 10, 64)
		if err != nil {
			return fmt.Errorf("%q is no killmail id", key)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return err
		}
		if err := emit(id, raw); err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return err
}

func rawDocument(id int64, raw []byte) RawDocument {
	d := RawDocument{ID: id, Raw: raw}
	d.Document, d.Err = killmail.DecodeDocument(raw)
	switch {
	case d.Err != nil:
	case d.Document.Killmail == nil:
		d.Err = errors.New("holds no killmail")
	case d.Document.Killmail.ID != id:
		d.Err = fmt.Errorf("is killmail %d", d.Document.Killmail.ID)
	}
	if d.Err != nil {
		d.Document, d.Err = killmail.Document{}, fmt.Errorf("history: killmail %d: %w", id, d.Err)
	}
	return d
}

// download gives a file to read, again while it fails for a reason that may pass.
func (h *History) download(ctx context.Context, path string, read func(io.Reader) error) error {
	for failures := 0; ; failures++ {
		err := h.once(ctx, path, read)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if local := (*localError)(nil); errors.As(err, &local) {
			return local.error
		}
		if errors.Is(err, errMissing) {
			return fmt.Errorf("get %s: %w", path, ErrNoHistory)
		}
		from := (*sourceError)(nil)
		errors.As(err, &from)
		if failures+1 >= h.cfg.HistoryTries {
			hint := "the history has trouble of its own; try again later"
			if from != nil {
				hint = from.hint()
			}
			return fault.Wrap(err, "history", hint)
		}
		wait := h.cfg.waitAfter(from, failures)
		h.deps.Logger.WarnContext(ctx, "history does not answer as it should", "error", err, "retry_in", wait)
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func (h *History) once(ctx context.Context, path string, read func(io.Reader) error) error {
	if err := h.pace(ctx); err != nil {
		return err
	}
	defer func() { h.nextRequest = time.Now().Add(h.interval) }()
	ctx, cancel := context.WithTimeoutCause(ctx, h.cfg.HistoryTimeout, fmt.Errorf("no answer within %v", h.cfg.HistoryTimeout))
	defer cancel()
	resp, err := h.open(ctx, path)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if looksLikeHTML(resp, nil) {
		return webPage(resp, path)
	}
	in, err := unpacked(resp)
	if err == nil {
		err = read(&limited{in: in, left: h.cfg.HistoryMaxBytes})
	}
	if err != nil {
		return fmt.Errorf("get %s: %w", path, err)
	}
	return nil
}

// limited fails when there is more to read than allowed.
type limited struct {
	in   io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errors.New("file is larger than the limit")
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.in.Read(p)
	l.left -= int64(n)
	return n, err
}
