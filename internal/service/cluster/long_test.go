package cluster_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/archive"
	"github.com/battlescope/battlescope/internal/killmail"
)

// TestRealDaysStreamed lets two real days arrive in random order and batches of random
// size through service and database. It takes minutes.
func TestRealDaysStreamed(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("BATTLESCOPE_REALDATA")
	if dir == "" || os.Getenv("BATTLESCOPE_LONG") == "" {
		t.Skip("BATTLESCOPE_REALDATA (the folder of real killmails) and BATTLESCOPE_LONG are not both set")
	}
	files, err := filepath.Glob(filepath.Join(dir, "killmails", "killmails-*.tar.bz2"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no daily archives in %s: %v", dir, err)
	}
	var mails []*killmail.Killmail
	err = archive.Read(t.Context(), files, archive.Options{}, func(i archive.Item) error {
		if k := i.Document.Killmail; k != nil {
			k.Victim.Items = nil
			mails = append(mails, k)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := batch(t, mails)
	r := rand.New(rand.NewPCG(8, 8))
	r.Shuffle(len(mails), func(i, j int) { mails[i], mails[j] = mails[j], mails[i] })
	s := newStore(t)
	c := service(t, s, nil)
	for left := mails; len(left) > 0; {
		n := min(len(left), 1+r.IntN([]int{5, 3000}[r.IntN(2)]))
		save(t, s, left[:n]...)
		left = left[n:]
		drain(t, c)
	}
	got := figuresOf(t, s)
	if len(got) != len(want) {
		t.Fatalf("%d battles are stored, one batch gives %d", len(got), len(want))
	}
	for i := range want {
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			t.Fatalf("battle %d (-batch +stream):\n%s", i, diff)
		}
	}
}
