package api

import (
	"os"
	"strings"
	"testing"
)

// TestScreensExist: the page has the screens that its head is said to need.
func TestScreensExist(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"", "battles", "battles/7", "battles/7/involved", "killmails", "kills/7", "related/30000142/202601011200", "reports/new", "reports", "reports/damage",
	} {
		file := screenOf(strings.Split(path, "/"))
		if _, err := os.Stat("../../../web/" + file); err != nil || file == "" {
			t.Errorf("%q is shown by %q: %v", path, file, err)
		}
	}
	if file := screenOf([]string{"nowhere"}); file != "" {
		t.Errorf("nowhere is shown by %q", file)
	}
}
