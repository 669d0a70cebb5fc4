// Package app is the composition root: the only place that knows every part. It
// opens the backends, builds the services on them, and runs what a verb of the
// command line asks for.
package app
