package main

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What the environment asks for.
type behaviour struct {
	port         int
	health       int
	listensAfter time.Duration
	answersAfter time.Duration
	fallsIllAt   time.Duration
	getsWellAt   time.Duration
	tls          bool
	ignoresTerm  bool
	termExitCode int
	// Nil when it runs until it is stopped.
	ending *ending
}

// How it ends by itself.
type ending struct {
	after      time.Duration
	exitCode   int
	message    string
	eatsMemory bool
}

const never = time.Duration(math.MaxInt64)

// Variables that only the simulated kubelet can play, with what does the same on a real one.
var simulatedOnly = map[string]string{
	"CRASH_TIMES":     "a container knows nothing of the starts before",
	"GRPC":            "it has no gRPC health service",
	"EXEC_PROBE":      "its image has no command for a probe to run",
	"COMMAND_MISSING": "name a command in the container that its image does not have",
	"PRE_STOP":        "write `preStop: {sleep: …}` in the container",
}

func (plan behaviour) isIll(running time.Duration) bool {
	return running >= plan.fallsIllAt && running < plan.getsWellAt
}

// Reads the environment. The error names what is wrong with it.
func behaviourOf(variable func(string) string) (behaviour, error) {
	read := reader{variable: variable}
	for name, instead := range simulatedOnly {
		if variable(name) != "" {
			return behaviour{}, fmt.Errorf("%s works on the simulated cluster only: %s", name, instead)
		}
	}
	plan := behaviour{
		port:         read.number("PORT", 8080),
		health:       read.number("HEALTH", 200),
		listensAfter: read.duration("START_DELAY", 0),
		answersAfter: read.duration("HEALTH_DELAY", 0),
		fallsIllAt:   read.duration("FAIL_AFTER", never),
		getsWellAt:   never,
		tls:          read.isOn("TLS"),
		ignoresTerm:  read.isOn("IGNORE_TERM"),
		termExitCode: read.number("TERM_EXIT_CODE", 2),
		ending:       read.ending(),
	}
	if illFor := read.duration("FAIL_FOR", never); plan.fallsIllAt < never-illFor {
		plan.getsWellAt = plan.fallsIllAt + illFor
	}
	if plan.health < 100 || plan.health > 999 {
		read.complain("HEALTH", "an HTTP status")
	}
	return plan, read.err
}

// The first of what makes it end: a variable that it misses, a crash, its memory, being done.
func (read *reader) ending() *ending {
	exitCode := read.number("EXIT_CODE", 1)
	message := read.variable("EXIT_MESSAGE")
	for _, name := range strings.Split(read.variable("REQUIRED_ENV"), ",") {
		name = strings.TrimSpace(name)
		if name == "" || read.variable(name) != "" {
			continue
		}
		if message == "" {
			message = name + " is not set"
		}
		return &ending{after: read.duration("CRASH_AFTER", 300*time.Millisecond), exitCode: exitCode, message: message}
	}
	if read.isOn("CRASH") {
		return &ending{after: read.duration("CRASH_AFTER", 0), exitCode: exitCode, message: message}
	}
	if after := read.duration("OOM_AFTER", never); after != never {
		return &ending{after: after, eatsMemory: true}
	}
	if after := read.duration("EXIT_AFTER", never); after != never {
		return &ending{after: after}
	}
	return nil
}

// Reads variables and keeps the first error.
type reader struct {
	variable func(string) string
	err      error
}

func (read *reader) complain(name, wanted string) {
	if read.err == nil {
		read.err = fmt.Errorf("%s must be %s, not %q", name, wanted, read.variable(name))
	}
}

func (read *reader) number(name string, otherwise int) int {
	text := read.variable(name)
	if text == "" {
		return otherwise
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		read.complain(name, "a whole number")
	}
	return number
}

var bareNumber = regexp.MustCompile(`^[\d.]+$`)

// "1m30s", "250ms", or a bare number of seconds.
func (read *reader) duration(name string, otherwise time.Duration) time.Duration {
	text := read.variable(name)
	if text == "" {
		return otherwise
	}
	if bareNumber.MatchString(text) {
		text += "s"
	}
	duration, err := time.ParseDuration(text)
	if err != nil || duration < 0 {
		read.complain(name, `a duration such as "20s"`)
	}
	return duration
}

func (read *reader) isOn(name string) bool {
	text := read.variable(name)
	return text != "" && text != "0" && text != "false"
}
