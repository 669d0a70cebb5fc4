package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/battlescope/battlescope/internal/esi"
)

const (
	// probeTime bounds one question to a service outside.
	probeTime = 10 * time.Second
	// clockOff is how far the clock may be from that of others. HTTP tells full
	// seconds, and an answer takes its time.
	clockOff = 30 * time.Second
)

// network asks feed and ESI once each, and compares their clock with ours.
func (d *doctor) network(ctx context.Context) {
	offsets := make(map[string]time.Duration)
	bad := d.cfg.validate()
	switch {
	case bad != nil:
		d.err(FindingFail, "feed", bad)
	case d.cfg.NoFeed:
		d.ok("feed", "switched off")
	case d.cfg.FeedSource == feedRedisQ:
		d.ok("feed", "%s is not asked: a relay would take the answer for read", d.cfg.FeedURL)
	default:
		d.probe(ctx, offsets, "feed", d.cfg.FeedURL, "/ephemeral/sequence.json", nil)
	}
	config := d.cfg.ESI.config(Version(), d.cfg.Contact)
	if d.cfg.NoESI {
		d.ok("esi", "switched off")
	} else if err := config.Validate(); err != nil {
		d.err(FindingFail, "esi", err)
	} else {
		d.probe(ctx, offsets, "esi", d.cfg.ESIURL, "/status", esiHeader(config))
	}
	d.clock(offsets)
}

func esiHeader(c esi.Config) http.Header {
	return http.Header{"X-Compatibility-Date": {c.CompatibilityDate}}
}

// probe asks a service and notes how far its clock is ahead of ours. Nobody is at
// fault when it cannot be reached: what is stored can be served all the same.
func (d *doctor) probe(ctx context.Context, offsets map[string]time.Duration, part, base, path string, header http.Header) {
	warn := func(detail, hint string) { d.tell(Finding{part, FindingWarn, base + ": " + detail, hint}) }
	u, err := url.Parse(base)
	if err != nil {
		warn(err.Error(), "check the address")
		return
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.JoinPath(path).String(), nil)
	if err != nil {
		warn(err.Error(), "check the address")
		return
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", userAgent(d.cfg.Contact))
	resp, err := d.client.Do(req)
	if err != nil {
		var detail *url.Error // says method and address, which stand in front already
		if errors.As(err, &detail) {
			err = detail.Err
		}
		warn("no answer: "+err.Error(), fmt.Sprintf("check network, proxy and --%s-url; without it use --no-%s", part, part))
		return
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		offsets[part] = at.Sub(d.now())
	}
	switch resp.StatusCode {
	case http.StatusOK:
		d.ok(part, "%s answers", base)
	case http.StatusForbidden:
		warn("refuses this client: answer "+resp.Status, "set a contact of your own with --contact, and see that no other program on this address asks too fast")
	case http.StatusNotFound:
		warn("answer "+resp.Status, fmt.Sprintf("something else answers there: check --%s-url", part))
	default:
		warn("answer "+resp.Status, "wait and try again; the service may have trouble of its own")
	}
}

// clock compares this machine's clock with the services that answered.
func (d *doctor) clock(offsets map[string]time.Duration) {
	if len(offsets) == 0 {
		d.ok("clock", "%s; nobody to compare it with", d.now().UTC().Format("2006-01-02 15:04:05 UTC"))
		return
	}
	least, from := time.Duration(1<<63-1), ""
	for _, part := range []string{"feed", "esi"} {
		if off, asked := offsets[part]; asked && off.Abs() < least {
			least, from = off.Abs(), part
		}
	}
	d.when(least > clockOff, FindingWarn, "clock", fmt.Sprintf("%v away from that of %s", least.Round(time.Second), from),
		"set it by the network: timedatectl set-ntp true; battles count as live by this clock")
}
