package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

// yearZero is what a year of the EVE calendar counts from: YC 126 is 2024.
const yearZero = 1898

// readVersion returns the version of the npm package and the day of the export in it.
// The package is versioned by CCP's calendar: 126.6.18 is the export of YC 126, June 18.
func readVersion(path string) (version string, day time.Time, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", time.Time{}, err
	}
	var manifest struct{ Version string }
	if err := json.Unmarshal(content, &manifest); err != nil {
		return "", time.Time{}, fmt.Errorf("%s: %w", path, err)
	}
	version, _, _ = strings.Cut(manifest.Version, "+")
	var year, month, date int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &year, &month, &date); err != nil {
		return "", time.Time{}, fmt.Errorf("%s: version %q is no day of the EVE calendar: %w", path, version, err)
	}
	return version, time.Date(yearZero+year, time.Month(month), date, 0, 0, 0, 0, time.UTC), nil
}
