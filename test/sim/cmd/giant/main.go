// Command giant writes an invented battle of thousands of pilots as JSON Lines in the
// form of zKillboard's feed, for `battlescope import`, and the names of everybody in it
// for the fake of CCP's API:
//
//	go run ./test/sim/cmd/giant -names names.jsonl giant.jsonl
//	battlescope import --data data giant.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/battlescope/battlescope/test/sim"
)

func main() {
	var o sim.GiantOptions
	flag.IntVar(&o.Kills, "kills", 3000, "killmails")
	flag.IntVar(&o.Pilots, "pilots", 6000, "pilots of both sides together")
	flag.IntVar(&o.Attackers, "attackers", 300, "attackers on each killmail")
	seed := flag.Uint64("seed", 1, "the same seed gives the same battle")
	names := flag.String("names", "", "`file` for the names")
	flag.Parse()
	if err := run(*seed, o, *names, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "giant:", err)
		os.Exit(1)
	}
}

func run(seed uint64, o sim.GiantOptions, names string, files []string) error {
	if len(files) != 1 {
		return fmt.Errorf("name one file to write, not %d", len(files))
	}
	battle := sim.Giant(seed, o)
	err := write(files[0], func(w *bufio.Writer) error {
		for i, k := range battle.Kills {
			if _, err := w.Write(append(k.R2Z2(int64(i+1)), '\n')); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || names == "" {
		return err
	}
	return write(names, func(w *bufio.Writer) error {
		out := json.NewEncoder(w)
		for _, n := range battle.Names {
			if err := out.Encode(map[string]any{"id": n.Entity.ID, "name": n.Name, "category": n.Entity.Type}); err != nil {
				return err
			}
		}
		return nil
	})
}

func write(name string, fill func(*bufio.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	return errors.Join(fill(w), w.Flush(), f.Close())
}
