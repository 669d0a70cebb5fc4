package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows how far an import is: bars on a terminal, a line now and then elsewhere.
type progress struct {
	w          io.Writer
	bars       *mpb.Progress // nil when there is no terminal
	read, done *mpb.Bar
	fetched    *mpb.Bar
	fetching   string // what the bar fetched stands for
	lastLine   time.Time
}

// lineEvery is the least time between two lines of progress.
const lineEvery = 5 * time.Second

func newProgress(w io.Writer) *progress {
	p := &progress{w: w, lastLine: time.Now()}
	if isTerminal(w) {
		p.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(48))
	}
	return p
}

// Fetching implements app.ImportProgress.
func (p *progress) Fetching(what string, done, total int64) {
	if p.bars == nil {
		p.line("fetching %s: %.0f%%", what, percent(done, total))
		return
	}
	if p.fetching != what {
		p.endBar(p.fetched)
		p.fetched, p.fetching = p.bar(what+" ", max(total, 0)), what
	}
	p.fetched.SetTotal(max(total, done), false)
	p.fetched.SetCurrent(done)
}

// endBar leaves a bar as it is; nil is none.
func (p *progress) endBar(b *mpb.Bar) {
	if b != nil {
		b.SetTotal(-1, true)
	}
}

// Reading implements app.ImportProgress.
func (p *progress) Reading(bytes, total int64, killmails int) {
	if p.bars == nil {
		p.line("reading: %d killmails, %.0f%%", killmails, percent(bytes, total))
		return
	}
	if p.read == nil {
		p.read = p.bar("reading ", total)
	}
	p.read.SetTotal(total, false)
	p.read.SetCurrent(bytes)
}

// Clustering implements app.ImportProgress.
func (p *progress) Clustering(done, total int) {
	if p.bars == nil {
		p.line("forming battles: %d of %d killmails", done, total)
		return
	}
	if p.read != nil {
		p.read.SetTotal(-1, true)
	}
	if p.done == nil {
		p.done = p.bar("battles ", int64(total))
	}
	p.done.SetTotal(int64(total), false)
	p.done.SetCurrent(int64(done))
}

func (p *progress) bar(name string, total int64) *mpb.Bar {
	return p.bars.AddBar(total,
		mpb.PrependDecorators(decor.Name(name), decor.Percentage(decor.WCSyncSpace)),
		mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO)))
}

func (p *progress) line(format string, args ...any) {
	if now := time.Now(); now.Sub(p.lastLine) >= lineEvery {
		p.lastLine = now
		fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// end leaves the bars as they are and gives the terminal back.
func (p *progress) end() {
	if p.bars == nil {
		return
	}
	for _, b := range []*mpb.Bar{p.fetched, p.read, p.done} {
		p.endBar(b)
	}
	p.bars.Wait()
}

func percent(part, whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}
