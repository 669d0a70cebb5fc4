// Command cmd measures the battle engine against the truth of simulated evenings,
// against read labels, and against the rules of other tools, and writes the table of
// docs/battle-engine.md.
//
//	go run ./test/eval/cmd [-real DIR] [-document FILE]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/battlescope/battlescope/test/eval"
)

func main() {
	real := flag.String("real", os.Getenv("BATTLESCOPE_REALDATA"), "folder with real killmails and labels; without it the lines on real days stay as they are")
	document := flag.String("document", "docs/battle-engine.md", "document to write the table into; - prints it")
	flag.Parse()
	if err := run(*real, *document); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

// The least that the engine must reach on the simulated scenarios.
const (
	leastF1  = 0.985
	leastARI = 0.975
)

func run(real, document string) error {
	r, err := eval.Run(context.Background(), real)
	if err != nil {
		return err
	}
	if document == "-" {
		fmt.Print(r.Markdown(""))
	} else if err := r.Write(document); err != nil {
		return err
	}
	for _, b := range r.Behind() {
		fmt.Fprintln(os.Stderr, "behind:", b)
	}
	fmt.Printf("mean B-cubed F1 %.4f, mean adjusted Rand index %.4f\n", r.MeanF1(), r.MeanARI())
	if r.MeanF1() < leastF1 || r.MeanARI() < leastARI {
		return fmt.Errorf("want at least %g and %g", leastF1, leastARI)
	}
	return nil
}
