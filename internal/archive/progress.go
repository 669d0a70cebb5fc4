package archive

import "sync/atomic"

// Progress counts along with a run. It may be read from other goroutines at any
// time, to draw a progress bar. The zero value is ready.
type Progress struct {
	total, read       atomic.Int64
	files, filesDone  atomic.Int64
	documents, broken atomic.Int64
}

// Total is the size of all files, in bytes as they lie on disk. Standard input adds nothing.
func (p *Progress) Total() int64 { return p.total.Load() }

// Bytes is how many of those bytes have been read; with standard input it can exceed Total.
func (p *Progress) Bytes() int64 { return p.read.Load() }

// Files is the number of files found in the sources.
func (p *Progress) Files() int64 { return p.files.Load() }

// FilesDone is the number of files that need no more reading.
func (p *Progress) FilesDone() int64 { return p.filesDone.Load() }

// Documents is the number of documents emitted, good and broken.
func (p *Progress) Documents() int64 { return p.documents.Load() }

// Broken is the number of broken documents emitted.
func (p *Progress) Broken() int64 { return p.broken.Load() }

func (p *Progress) start(files []file) {
	p.files.Add(int64(len(files)))
	for _, f := range files {
		p.total.Add(f.size)
	}
}

func (p *Progress) count(item Item) {
	p.documents.Add(1)
	if item.Broken != nil {
		p.broken.Add(1)
	}
}
