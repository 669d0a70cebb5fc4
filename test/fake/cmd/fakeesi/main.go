// Command fakeesi serves a fake of CCP's API on this machine, so that a server under
// test shows names without internet:
//
//	go run ./test/fake/cmd/fakeesi -names names.jsonl.gz
//	battlescope serve --esi-url http://127.0.0.1:8181 …
//
// The names file holds one {"id","name","category"} a line.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/battlescope/battlescope/test/fake"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8181", "loopback `address` to serve on")
	names := flag.String("names", "", "`file` of names, JSON Lines, may be compressed with gzip")
	invent := flag.Bool("invent", false, "make up names for ids that the file does not have")
	flag.Parse()
	if err := run(*listen, *names, *invent); err != nil {
		fmt.Fprintln(os.Stderr, "fakeesi:", err)
		os.Exit(1)
	}
}

func run(listen, file string, invent bool) error {
	esi := fake.NewESI()
	if invent {
		esi.Invent()
	}
	if file != "" {
		in, err := os.Open(file)
		if err != nil {
			return err
		}
		names, err := fake.ReadNames(in)
		if err := errors.Join(err, in.Close()); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		esi.AddNames(names...)
		fmt.Fprintf(os.Stderr, "fakeesi: %d names\n", len(names))
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(context.Background(), "tcp", listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "fakeesi: serving on http://%s\n", listener.Addr())
	server := &http.Server{Handler: esi, ReadHeaderTimeout: 10 * time.Second}
	return server.Serve(listener)
}
