package api

import (
	"bytes"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"unicode"

	"github.com/battlescope/battlescope/internal/ogcard"
)

// shell is index.html, cut open where the head says what the view is about.
type shell struct {
	before, after, end []byte // cut at the title, and at the end of the head
	chunks             chunks
}

var (
	titleTag       = regexp.MustCompile(`(?s)<title>.*?</title>`)
	descriptionTag = regexp.MustCompile(`\s*<meta name="description"[^>]*>`)
)

// newShell reads the page as it was built; nil when there is none. Title and description
// of the file are those of a page that no server has filled in.
func newShell(page fs.FS) *shell {
	if page == nil {
		return nil
	}
	index, err := fs.ReadFile(page, "index.html")
	if err != nil {
		panic(fmt.Errorf("page: %w", err)) // it is part of the program
	}
	index = descriptionTag.ReplaceAll(index, nil)
	at := titleTag.FindIndex(index)
	if at == nil {
		panic("page: index.html has no title")
	}
	end := at[1] + bytes.Index(index[at[1]:], []byte("</head>"))
	if end < at[1] {
		panic("page: index.html has no end of its head")
	}
	return &shell{before: index[:at[0]], after: index[at[1]:end], end: index[end:], chunks: newChunks(page)}
}

// render writes the page with the head of a view. base is the address of the site; ""
// leaves out what cannot be said without it.
func (p *shell) render(m meta, base string) []byte {
	var b bytes.Buffer
	b.Grow(len(p.before) + len(p.after) + 2048)
	b.Write(p.before)
	tag := func(format string, values ...any) {
		for i, v := range values {
			if text, ok := v.(string); ok {
				values[i] = html.EscapeString(printable(text))
			}
		}
		fmt.Fprintf(&b, format+"\n    ", values...)
	}
	title, headline, description := siteName, m.headline, m.description
	if m.title != "" {
		title = m.title + " · " + siteName
	}
	if headline == "" {
		headline = title
	}
	if description == "" {
		description = siteDescription
	}
	kind := "website"
	if m.article {
		kind = "article"
	}
	tag(`<title>%s</title>`, title)
	if m.asks != "" { // the answer is on its way while the browser reads the scripts that ask for it
		tag(`<link rel="preload" as="fetch" crossorigin href="%s">`, m.asks)
	}
	tag(`<meta name="description" content="%s">`, description)
	if m.hidden {
		tag(`<meta name="robots" content="noindex">`)
	}
	tag(`<meta property="og:site_name" content="%s">`, siteName)
	tag(`<meta property="og:type" content="%s">`, kind)
	tag(`<meta property="og:title" content="%s">`, headline)
	tag(`<meta property="og:description" content="%s">`, description)
	if m.canonical != "" && base != "" {
		tag(`<link rel="canonical" href="%s">`, base+m.canonical)
		tag(`<meta property="og:url" content="%s">`, base+m.canonical)
	}
	image, format := m.image, "summary"
	if strings.HasPrefix(image, "/") {
		image = base + image
		if base == "" {
			image = ""
		}
	}
	if image != "" {
		tag(`<meta property="og:image" content="%s">`, image)
		tag(`<meta property="og:image:alt" content="%s">`, m.imageAlt)
		if m.card {
			format = "summary_large_image"
			tag(`<meta property="og:image:type" content="image/png">`)
			tag(`<meta property="og:image:width" content="%d">`, ogcard.Width)
			tag(`<meta property="og:image:height" content="%d">`, ogcard.Height)
		}
		tag(`<meta name="twitter:image" content="%s">`, image)
	}
	tag(`<meta name="twitter:card" content="%s">`, format)
	tag(`<meta name="twitter:title" content="%s">`, headline)
	fmt.Fprintf(&b, `<meta name="twitter:description" content="%s">`, html.EscapeString(printable(description)))
	b.Write(p.after)
	// Behind the scripts that come first, of which browsers load only a few at a time.
	for _, file := range p.chunks[m.screen] {
		fmt.Fprintf(&b, `<link rel="modulepreload" crossorigin href="/%s">`+"\n  ", html.EscapeString(file))
	}
	b.Write(p.end)
	return b.Bytes()
}

// printable makes one line of a text, without what cannot be seen: names are written by
// players.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		}
		return -1
	}, strings.ToValidUTF8(text, ""))
}

// serveShell answers with the page for a path. Nothing about it is secret or personal,
// but it names the build's files, so that browsers ask each time whether it has changed.
func (s *Service) serveShell(w http.ResponseWriter, r *http.Request) {
	m := s.metaOf(r.Context(), r.URL)
	body := s.shell.render(m, s.baseOf(r))
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", "text/html; charset=utf-8")
	if m.status != 0 {
		w.WriteHeader(m.status)
	} else if unchanged(w, r, etagOf(body)) {
		return
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader is gone if this fails
	}
}
