package archive

import (
	"compress/bzip2"
	"errors"
	"io"
	"slices"
)

// newBzip2 unpacks bzip2 with blocks of level hundred kilobytes and gives away
// checked blocks only. The package bzip2 compares a block's checksum after it has
// handed out its bytes, so a corrupt archive could yield killmails with changed digits.
func newBzip2(in io.Reader, level int) io.Reader {
	return &bzip2Reader{in: bzip2.NewReader(in), size: level * 150_000}
}

// bzip2Reader relies on one property of the package bzip2: a single Read never
// passes the end of a block, and the checksum is compared by the Read after it.
type bzip2Reader struct {
	in        io.Reader
	size      int    // first guess of a block's size; runs of equal bytes make it larger
	ready     []byte // checked and not given away yet
	unchecked []byte // the block behind it
	spare     []byte // memory of the block before
	err       error  // met behind unchecked
}

func (r *bzip2Reader) Read(p []byte) (int, error) {
	for len(r.ready) == 0 {
		if r.err != nil && len(r.unchecked) == 0 {
			return 0, r.err
		}
		r.advance()
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

// advance reads one block more, which tells whether the one before is sound.
func (r *bzip2Reader) advance() {
	var next []byte
	if r.err == nil {
		next = r.block()
	}
	if corrupt := bzip2.StructuralError(""); errors.As(r.err, &corrupt) {
		r.unchecked = nil
		return
	}
	r.ready, r.unchecked, r.spare = r.unchecked, next, r.unchecked
}

// block reads to the end of a block or to an error.
func (r *bzip2Reader) block() []byte {
	block := slices.Grow(r.spare[:0], r.size)
	r.spare = nil
	for {
		n, err := r.in.Read(block[len(block):cap(block)])
		block, r.err = block[:len(block)+n], err
		if err != nil || len(block) < cap(block) {
			return block
		}
		block = slices.Grow(block, r.size)
	}
}
