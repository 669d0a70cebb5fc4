package archive_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/battlescope/battlescope/internal/archive"
)

// realArchives lists the daily archives of the folder with real data.
func realArchives(tb testing.TB) []string {
	tb.Helper()
	dir := os.Getenv("BATTLESCOPE_REALDATA")
	if dir == "" {
		tb.Skip("BATTLESCOPE_REALDATA is not set: it names the folder with real killmails")
	}
	files, err := filepath.Glob(filepath.Join(dir, "killmails", "*.tar.bz2"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no archives below %s: %v", dir, err)
	}
	return files
}

// TestRealArchives reads two whole days: 17,862 and 17,047 killmails.
func TestRealArchives(t *testing.T) {
	t.Parallel()
	got, broken, err := read(t, archive.Options{}, realArchives(t)...)
	if err != nil || len(broken) > 0 || len(got) != 34_909 {
		t.Errorf("got %d killmails, %d broken, error %v; want 34909, 0, nil", len(got), len(broken), err)
	}
}

// BenchmarkRead reads and decodes the real archives, alone and together.
func BenchmarkRead(b *testing.B) {
	files := realArchives(b)
	for name, sources := range map[string][]string{"one day": files[:1], "two days": files} {
		b.Run(name, func(b *testing.B) {
			documents := 0
			b.ReportAllocs()
			for b.Loop() {
				err := archive.Read(b.Context(), sources, archive.Options{}, func(archive.Item) error {
					documents++
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(documents)/b.Elapsed().Seconds(), "killmails/s")
		})
	}
}
