package stack_test

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds a wait for something that must come. It is no claim about speed.
const patience = 5 * time.Minute

// process is the program, running with some arguments; it can be killed and started
// again.
type process struct {
	args  []string
	cmd   *exec.Cmd
	log   *output
	ended chan error // told how it ended
}

// output is what a process says, readable while it says it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start starts the program. It ends with the test at the latest.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{args: args}
	p.start(t)
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

func (p *process) start(t *testing.T) {
	t.Helper()
	p.cmd, p.log = command(t, p.args...), new(output)
	p.cmd.Stderr = p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cmd, ended := p.cmd, make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	p.ended = ended
}

// alive fails the test when the process has ended by itself.
func (p *process) alive(t *testing.T) {
	t.Helper()
	select {
	case err := <-p.ended:
		p.ended <- err
		t.Fatalf("%v ended by itself: %v\n%s", p.args, err, p.log)
	default:
	}
}

// command is the program with arguments. It knows no settings of this machine.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{"battlescope"}, args...)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "BATTLESCOPE_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	return cmd
}

// kill ends the process without warning.
func (p *process) kill(t *testing.T) {
	t.Helper()
	p.alive(t)
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// stop asks the process to end as a person does, terminate as service managers do.
func (p *process) stop(t *testing.T)      { t.Helper(); p.end(t, os.Interrupt) }
func (p *process) terminate(t *testing.T) { t.Helper(); p.end(t, syscall.SIGTERM) }

// end asks the process to end, which it must do without an error.
func (p *process) end(t *testing.T, sig os.Signal) {
	t.Helper()
	until(t, "a first word", func() bool { // before that a signal may find a program that does not listen yet
		p.alive(t)
		return p.log.String() != ""
	})
	if err := p.cmd.Process.Signal(sig); err != nil {
		t.Fatalf("%v: %v\n%s", p.args, err, p.log)
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case err := <-p.ended:
		if err != nil {
			t.Errorf("%v ended with %v\n%s", p.args, err, p.log)
		}
	case <-late.C:
		t.Fatalf("%v does not end\n%s", p.args, p.log)
	}
}

var pageLine = regexp.MustCompile(`page +(http://\S+)`)

// site is the address of page and API, once the process has said it.
func (p *process) site(t *testing.T) string {
	t.Helper()
	var found []string
	until(t, "an address from "+strings.Join(p.args, " "), func() bool {
		p.alive(t)
		found = pageLine.FindStringSubmatch(p.log.String())
		return found != nil
	})
	return found[1]
}

// until waits until something holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("gave up waiting for %s", what)
		}
	}
}
