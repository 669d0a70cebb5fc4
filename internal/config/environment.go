package config

import (
	"fmt"
	"slices"
	"strings"
)

// UnknownVariables returns a warning for every variable of environ (as os.Environ
// gives it) that begins with prefix but is none of known, nor the twin of one of
// twinned, which are those of known that have one.
func UnknownVariables(environ []string, prefix string, known, twinned []string) []string {
	var warnings []string
	for _, variable := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, prefix) || slices.Contains(known, name) || serviceLink(strings.TrimPrefix(name, prefix), value) {
			continue
		}
		base, isTwin := strings.CutSuffix(name, twinSuffix)
		if isTwin && slices.Contains(twinned, base) {
			continue
		}
		near := Nearest(base, known)
		if isTwin && slices.Contains(twinned, near) {
			near += twinSuffix
		}
		warning := name + " is no setting and has no effect"
		if near != "" {
			warning += fmt.Sprintf("; did you mean %s?", near)
		}
		warnings = append(warnings, warning)
	}
	return warnings
}

// serviceLink reports whether Kubernetes made the variable for a service that is
// called like the prefix: it describes the service to every pod beside it.
func serviceLink(rest, value string) bool {
	return strings.HasPrefix(rest, "SERVICE_HOST") || strings.HasPrefix(rest, "SERVICE_PORT") ||
		strings.HasPrefix(rest, "PORT_") || rest == "PORT" && strings.Contains(value, "://")
}
