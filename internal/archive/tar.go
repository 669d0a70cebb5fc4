package archive

import (
	"archive/tar"
	"errors"
	"io"
	"strings"
)

// cutTar takes every JSON member of a tar archive as one document, the form of
// EVERef's daily archives (killmails/{id}.json).
func cutTar(in io.Reader, out *sink) error {
	archive := tar.NewReader(in)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg || !strings.HasSuffix(strings.ToLower(header.Name), ".json") {
			continue
		}
		size, tooLarge := header.Size, header.Size > out.max
		if tooLarge {
			size = min(size, sampleSize)
		}
		document := make([]byte, size)
		if _, err := io.ReadFull(archive, document); err != nil {
			return err
		}
		if tooLarge {
			err = out.putTooLarge(header.Name, document)
		} else {
			err = out.put(header.Name, document)
		}
		if err != nil {
			return err
		}
	}
}
