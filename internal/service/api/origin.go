package api

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// hostForm is what the name of a site looks like. A Host header is written by whoever
// asks, and must not bring anything else into the page.
var hostForm = regexp.MustCompile(`^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$`)

// base is the address of this site as readers know it, without a slash at its end: the
// public URL of the settings, else what the request was sent to. "" when it does not say.
//
// Headers like X-Forwarded-Host are not asked: behind a proxy the public URL says it,
// and without one anybody could send them.
func (s *Service) base(host string, secure bool) string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/")
	}
	if !hostForm.MatchString(host) {
		return ""
	}
	u := url.URL{Scheme: "http", Host: host}
	if secure {
		u.Scheme = "https"
	}
	return u.String()
}

func (s *Service) baseOf(r *http.Request) string { return s.base(r.Host, r.TLS != nil) }
