package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"

	"github.com/battlescope/battlescope/internal/killmail"
)

// Stdin is the source name that stands for standard input.
const Stdin = "-"

// DefaultMaxDocument bounds one document, in bytes. The largest real killmail
// known has 982 attackers and takes 170 kB.
const DefaultMaxDocument = 32 << 20

// Options tune a run. The zero value is good for everything but standard input.
type Options struct {
	Stdin       io.Reader // what the source "-" reads
	Workers     int       // files and documents worked on at once; 0 is GOMAXPROCS
	MaxDocument int64     // bytes of one uncompressed document; 0 is DefaultMaxDocument
	Progress    *Progress // counts along when not nil
	// Refs hands over documents that only name their killmail, with their bytes. Without
	// it they are Broken by ErrNoKillmail.
	Refs bool
}

// Item is one document of a source: a killmail, or a broken document with what
// is wrong with it.
type Item struct {
	Source   string            // file, or "-"
	Member   string            // place in the source: archive member, map key, "line 7" or "document 7"
	Document killmail.Document // zero when Broken is set
	Broken   *Broken           // nil for a good document
	Raw      []byte            // of a document that only names its killmail; else nil
}

// Broken is a document that could not be used.
type Broken struct {
	Err error
	Raw []byte // the document as it was read; only its beginning when it was too large
}

// ErrNoKillmail says that a document holds id and hash of a killmail and nothing else.
var ErrNoKillmail = errors.New("document only names its killmail")

// ErrTooLarge says that a document exceeds Options.MaxDocument.
var ErrTooLarge = errors.New("document is larger than the limit")

// Read reads all killmails of the sources, which are files, folders or Stdin,
// and hands each document to emit, good or broken.
//
// A file may be a tar archive of JSON members, JSON Lines, or JSON: one document,
// an array, or an object of killmail id to document (R2Z2's history/raw); each may
// be compressed with gzip or bzip2, which is told from the content. Folders are
// read recursively in the order of their names.
//
// Files and documents are worked on in parallel, so the order of items means
// nothing, but emit is never called by two goroutines at once. An error of emit
// ends the run and is returned, as is the end of ctx. Sources that cannot be read,
// or not to their end, are reported together when everything else has been emitted:
// the error joins one *Error for each.
//
// A cancelled run returns at once and leaves no goroutine behind, with one
// exception: a read of standard input that is waiting ends only with that input.
func Read(ctx context.Context, sources []string, opts Options, emit func(Item) error) error {
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	if opts.MaxDocument <= 0 {
		opts.MaxDocument = DefaultMaxDocument
	}
	if opts.Progress == nil {
		opts.Progress = new(Progress)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	files, failed := discover(sources)
	opts.Progress.start(files)
	run := run{
		opts:   opts,
		raws:   make(chan raw, 4*opts.Workers),
		items:  make(chan Item, 4*opts.Workers),
		failed: failed,
	}
	go run.readFiles(ctx, files)
	go run.decodeAll(ctx)
	for item := range run.items {
		if ctx.Err() != nil {
			continue // drain, so that the workers end
		}
		opts.Progress.count(item)
		if err := emit(item); err != nil {
			cancel(err)
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return run.failures()
}

// raw is a document on its way to a decoder.
type raw struct {
	source, member string
	bytes          []byte
	err            error // already known to be broken
}

// run is one call of Read: file readers cut documents out of files into raws,
// decoders turn them into items.
type run struct {
	opts  Options
	raws  chan raw
	items chan Item

	mu     sync.Mutex
	failed []*Error
}

// readFiles reads all files, as many at once as there are workers, and closes raws.
func (r *run) readFiles(ctx context.Context, files []file) {
	defer close(r.raws)
	queue := make(chan file)
	var wg sync.WaitGroup
	for range min(r.opts.Workers, len(files)) {
		wg.Go(func() {
			for f := range queue {
				if err := r.readFile(ctx, f); err != nil && ctx.Err() == nil {
					r.fail(newError(f.path, err))
				}
			}
		})
	}
	for _, f := range files {
		select {
		case queue <- f:
		case <-ctx.Done():
		}
	}
	close(queue)
	wg.Wait()
}

// decodeAll decodes until raws is closed, and closes items.
func (r *run) decodeAll(ctx context.Context) {
	defer close(r.items)
	var wg sync.WaitGroup
	for range r.opts.Workers {
		wg.Go(func() {
			for d := range r.raws {
				item, something := r.decode(d)
				if !something {
					continue
				}
				select {
				case r.items <- item:
				case <-ctx.Done():
				}
			}
		})
	}
	wg.Wait()
}

// decode decodes a document, or reports that it says that there is nothing.
func (r *run) decode(d raw) (item Item, something bool) {
	item = Item{Source: d.source, Member: d.member}
	err := d.err
	if err == nil {
		item.Document, err = killmail.DecodeDocument(d.bytes)
	}
	switch {
	case err != nil:
	case item.Document.Empty():
		return Item{}, false
	case item.Document.Ref != nil && !r.opts.Refs:
		err = fmt.Errorf("killmail %d: %w", item.Document.Ref.ID, ErrNoKillmail)
	case item.Document.Ref != nil:
		item.Raw = d.bytes
	}
	if err != nil {
		item.Document = killmail.Document{}
		item.Broken = &Broken{Err: err, Raw: d.bytes}
	}
	return item, true
}

func (r *run) fail(err *Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = append(r.failed, err)
}

// failures joins what went wrong with files, in the order of their names.
func (r *run) failures() error {
	slices.SortStableFunc(r.failed, compareErrors)
	errs := make([]error, len(r.failed))
	for i, err := range r.failed {
		errs[i] = err
	}
	return errors.Join(errs...)
}
