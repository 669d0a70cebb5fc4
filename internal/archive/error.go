package archive

import (
	"archive/tar"
	"cmp"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// Error is a source that could not be read, or not to its end.
type Error struct {
	Source string // the path as it was given or found, "-" for standard input
	Err    error  // what is wrong
	Remedy string // what the operator can do about it
}

func (e *Error) Error() string {
	name := e.Source
	if name == Stdin {
		name = "standard input"
	}
	return fmt.Sprintf("read %s: %v", name, e.Err)
}

// Unwrap returns what is wrong without the name of the source.
func (e *Error) Unwrap() error { return e.Err }

// Hint tells the operator what to do.
func (e *Error) Hint() string { return e.Remedy }

const forms = "killmails come as .tar.bz2, .tar.gz, .tar, .jsonl or .json, the latter two also as .gz or .bz2"

// These say that a file is sound but is not what was expected.
var (
	errNotTar    = errors.New("is named a tar archive but is none")
	errNotJSON   = errors.New("is neither JSON nor a known archive")
	errHashes    = errors.New("maps killmail ids to hashes and holds no killmails")
	errNoFiles   = errors.New("folder holds no killmail files")
	errEmpty     = errors.New("is empty")
	errNoStdin   = errors.New("no standard input to read from")
	errBadSyntax = errors.New("JSON syntax is broken")
	errTruncated = errors.New("ends in the middle of a document")
)

// newError names the source and the remedy for what went wrong while reading it.
func newError(source string, err error) *Error {
	e := &Error{Source: source, Err: err}
	var (
		bz   bzip2.StructuralError
		path *fs.PathError
	)
	if errors.As(err, &path) {
		e.Err = path.Err // the name is in Source already
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Remedy = "check the path"
	case errors.Is(err, fs.ErrPermission):
		e.Remedy = "give the user that runs this read access to it"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errTruncated):
		e.Err = errTruncated
		if errors.Is(err, io.ErrUnexpectedEOF) {
			e.Err = fmt.Errorf("file is cut off: %w", io.ErrUnexpectedEOF)
		}
		e.Remedy = "fetch the file again; what could be read of it has been read"
	case errors.As(err, &bz), errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, tar.ErrHeader):
		e.Err = fmt.Errorf("file is corrupt: %w", err)
		e.Remedy = "fetch the file again; what could be read of it has been read"
	case errors.Is(err, errBadSyntax):
		e.Remedy = "fetch the file again, or save it as .jsonl with one document a line"
	case errors.Is(err, errHashes):
		e.Remedy = "use the history/raw file of that day, which holds the killmails"
	case errors.Is(err, errNoStdin):
		e.Remedy = "name files or folders instead of -"
	case errors.Is(err, errEmpty):
		e.Remedy = "check whether it was written or downloaded to its end"
	default:
		e.Remedy = forms
	}
	return e
}

func compareErrors(a, b *Error) int { return cmp.Compare(a.Source, b.Source) }
