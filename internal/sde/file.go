package sde

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/battlescope/battlescope/internal/fault"
)

// FileName is what static data newer than the embedded is called in a data folder.
const FileName = "sde.bin"

// Chosen is the static data to work with.
type Chosen struct {
	Data *Data
	File string // where it comes from; "" for the embedded data
	// Unused says why the file in the folder is not used, nil when there is none or
	// it is used.
	Unused error
}

// Choose returns the data of the file in dir when it is sound and newer than the
// embedded data, else the embedded data; "" is no folder. An error means that the binary was built
// from a broken data file.
func Choose(dir string) (Chosen, error) {
	embedded, err := Load()
	if err != nil {
		return Chosen{}, err
	}
	if dir == "" {
		return Chosen{Data: embedded}, nil
	}
	name := filepath.Join(dir, FileName)
	content, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return Chosen{Data: embedded}, nil
	}
	op, hint := "static data "+name, "battlescope sde update writes it anew; without it the built-in data serve"
	if err != nil {
		return Chosen{Data: embedded, Unused: fault.Wrap(err, op, hint)}, nil
	}
	data, err := Decode(content)
	if err != nil {
		return Chosen{Data: embedded, Unused: fault.Wrap(err, op, hint)}, nil
	}
	if data.Compare(embedded) <= 0 {
		return Chosen{Data: embedded, Unused: fault.New(
			fmt.Sprintf("%s: %s is not newer than the built-in %s", op, data.title(), embedded.title()), "delete it, or get a newer one with battlescope sde update")}, nil
	}
	return Chosen{Data: data, File: name}, nil
}

// Compare orders exports by age: negative when d is older than other. Exports of one
// day are told apart by CCP's build number; where one has none they count as equal.
func (d *Data) Compare(other *Data) int {
	if c := d.pricedAt.Compare(other.pricedAt); c != 0 {
		return c
	}
	build, err := strconv.ParseInt(d.version, 10, 64)
	otherBuild, otherErr := strconv.ParseInt(other.version, 10, 64)
	if err != nil || otherErr != nil {
		return 0
	}
	return cmp.Compare(build, otherBuild)
}

func (d *Data) title() string { return d.version + " of " + d.pricedAt.Format("2006-01-02") }

// Install writes an export into dir, where Choose finds it. The file is replaced as a
// whole or not at all. An export that is older than what Choose returns is refused.
// Whether the file was written comes back beside the data in use from then on.
func Install(dir string, export Export) (data *Data, written bool, err error) {
	now, err := Choose(dir)
	if err != nil {
		return nil, false, err
	}
	content, err := Encode(export)
	if err != nil {
		return nil, false, err
	}
	if data, err = Decode(content); err != nil {
		return nil, false, err
	}
	switch c := data.Compare(now.Data); {
	case c < 0:
		return nil, false, fault.New(fmt.Sprintf("static data %s is older than %s, which is in use", data.title(), now.Data.title()),
			"nothing was changed; get a newer export, or delete "+filepath.Join(dir, FileName)+" first to go back")
	case c == 0:
		return now.Data, false, nil
	}
	name := filepath.Join(dir, FileName)
	return data, true, fault.Wrap(replace(name, content), "write "+name, "choose a folder you may write to with --data, and see that its disk has room")
}

// replace writes a file beside the old one and puts it in its place.
func replace(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.part")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	// Whoever imported may be another user than who serves: it is no secret.
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
