package sde

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/battlescope/battlescope/internal/fault"
)

// Limits bound what ReadZip accepts, so that no file, broken or made up, can take
// memory or time without end.
type Limits struct {
	Archive  int64  // bytes of the zip
	Unpacked uint64 // bytes of all files in it that are read, unpacked
	Line     int    // bytes of one record
	Records  int    // in one file
}

// DefaultLimits leave room above CCP's export: 100 MB, of which 165 MB are read after
// unpacking, with 53,000 records in the largest file (build 3484357).
func DefaultLimits() Limits {
	return Limits{Archive: 1 << 30, Unpacked: 1 << 30, Line: 4 << 20, Records: 1_000_000}
}

const zipHint = "give CCP's export as it is: eve-online-static-data-…-jsonl.zip from https://developers.eveonline.com/static-data"

// ReadZip reads CCP's static data export in the form it has had since September 2025:
// a zip of JSON Lines, one record a line with its id as _key. Only what battles need
// is read. An export that does not fit together is refused as a whole; errors name
// the file and line.
func ReadZip(in io.ReaderAt, size int64, limits Limits) (Export, error) {
	if size > limits.Archive {
		return Export{}, fault.New(fmt.Sprintf("static data: %d bytes are more than an export has (at most %d)", size, limits.Archive), zipHint)
	}
	zipped, err := zip.NewReader(in, size)
	if err != nil {
		return Export{}, fault.Wrap(err, "static data", zipHint)
	}
	r := &zipReader{limits: limits, members: make(map[string]*zip.File)}
	for _, f := range zipped.File {
		r.members[path.Base(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	export, err := r.export()
	if err != nil {
		hint := ""
		if fault.HintOf(err) == "" {
			hint = "nothing was changed; fetch the file again"
		}
		return Export{}, fault.Wrap(err, "static data", hint)
	}
	return export, nil
}

type zipReader struct {
	limits   Limits
	members  map[string]*zip.File
	unpacked uint64 // bytes of the files opened so far
}

// open returns a file of the archive. What the archive claims about its size can be
// relied on: the reader ends with an error beyond it.
func (r *zipReader) open(member string) (io.ReadCloser, error) {
	f, ok := r.members[member]
	if !ok {
		return nil, fault.New("the archive has no "+member, zipHint)
	}
	// Subtracting cannot overflow, adding what an archive claims can.
	if f.UncompressedSize64 > r.limits.Unpacked-r.unpacked {
		return nil, fault.New(member+" unpacks to more than an export has", zipHint)
	}
	r.unpacked += f.UncompressedSize64
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", member, err)
	}
	return in, nil
}

// keyed is what all records have in common.
type keyed struct {
	Key *int64 `json:"_key"`
}

func (k keyed) id() (int64, error) {
	if k.Key == nil {
		return 0, errors.New("a record without _key")
	}
	return *k.Key, nil
}

// each hands every record of a file to add, with its id.
func each[Record interface{ id() (int64, error) }](r *zipReader, member string, add func(id int64, record Record) error) error {
	n := 0
	return r.lines(member, func(line []byte) error {
		if n++; n > r.limits.Records {
			return fault.New(fmt.Sprintf("more than %d records", r.limits.Records), zipHint)
		}
		var record Record
		if err := json.Unmarshal(line, &record); err != nil {
			return err
		}
		id, err := record.id()
		if err != nil {
			return err
		}
		return add(id, record)
	})
}

// lines hands every line of a file to use.
func (r *zipReader) lines(member string, use func(line []byte) error) error {
	in, err := r.open(member)
	if err != nil {
		return err
	}
	defer in.Close()
	scan := bufio.NewScanner(in)
	scan.Buffer(make([]byte, 0, min(64<<10, r.limits.Line)), r.limits.Line)
	n, records := 0, 0
	for scan.Scan() {
		n++
		line := bytes.TrimSpace(scan.Bytes())
		if len(line) == 0 {
			continue
		}
		records++
		if err := use(line); err != nil {
			return fmt.Errorf("%s line %d: %w", member, n, err)
		}
	}
	if err := scan.Err(); err != nil {
		return fmt.Errorf("%s after line %d: %w", member, n, err)
	}
	if records == 0 {
		return fmt.Errorf("%s is empty", member)
	}
	return nil
}
