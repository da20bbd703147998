package main

import (
	"fmt"
	"math"
	"regexp"
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
	illFor       time.Duration
	illEvery     time.Duration
	tls          bool
	ignoresTerm  bool
	termExitCode int
	// As NEEDS: what it waits for before it listens.
	waitsFor string
	// The Lease that it must hold to be well; empty when it needs none.
	lease string
	// Nil when it needs nothing of its cluster.
	api     *cluster
	traffic *traffic
	// Nil when it runs until it is stopped.
	ending *ending
}

// How it ends by itself.
type ending struct {
	after      time.Duration
	exitCode   int
	message    string
	eatsMemory bool
	// It never listens.
	isSilent bool
}

const never = time.Duration(math.MaxInt64)

// Variables that only the simulated kubelet can play, with what does the same on a real one.
var simulatedOnly = map[string]string{
	"GRPC":            "it has no gRPC health service",
	"EXEC_PROBE":      "its image has no command for a probe to run",
	"COMMAND_MISSING": "name a command in the container that its image does not have",
	"TRAFFIC":         "send it real requests",
	"PRE_STOP":        "write `preStop: {sleep: …}` in the container",
}

func (plan behaviour) isIll(running time.Duration) bool {
	return running >= plan.fallsIllAt && (running-plan.fallsIllAt)%plan.illEvery < plan.illFor
}

// Reads the environment. The error names what is wrong with it.
func behaviourOf(variable func(string) string) (behaviour, error) {
	read := reader{variable: variable}
	for name, instead := range simulatedOnly {
		if variable(name) != "" {
			return behaviour{}, fmt.Errorf("%s works on the simulated cluster only: %s", name, instead)
		}
	}
	read.openCluster()
	plan := behaviour{
		port:         read.number("PORT", 8080),
		health:       read.number("HEALTH", 200),
		listensAfter: read.duration("START_DELAY", 0),
		answersAfter: read.duration("HEALTH_DELAY", 0),
		fallsIllAt:   read.duration("FAIL_AFTER", never),
		illFor:       read.duration("FAIL_FOR", never),
		illEvery:     read.duration("FAIL_EVERY", never),
		tls:          read.isOn("TLS"),
		ignoresTerm:  read.isOn("IGNORE_TERM"),
		termExitCode: read.number("TERM_EXIT_CODE", 2),
		waitsFor:     variable("WAITS_FOR"),
		lease:        variable("LEASE"),
		api:          read.api,
		traffic:      read.traffic(),
		ending:       read.ending(),
	}
	if plan.ending != nil && plan.ending.isSilent {
		plan.listensAfter = never
	}
	if plan.health < 100 || plan.health > 999 {
		read.complain("HEALTH", "an HTTP status")
	}
	return plan, read.err
}

// Opens the way to the API server when a variable needs it.
func (read *reader) openCluster() {
	for _, name := range []string{"NEEDS", "WAITS_FOR", "LEASE"} {
		if read.variable(name) == "" || read.api != nil || read.err != nil {
			continue
		}
		if read.api, read.err = openCluster(read.variable); read.err != nil {
			read.err = fmt.Errorf("%s: %w", name, read.err)
		}
	}
}

// The first of what makes it end: what it finds wrong at its start, a crash, its memory, being done.
func (read *reader) ending() *ending {
	exitCode := read.number("EXIT_CODE", 1)
	message := read.variable("EXIT_MESSAGE")
	if refusal, isSilent := read.refusal(); refusal != "" {
		if message == "" {
			message = refusal
		}
		after := read.duration("CRASH_AFTER", 300*time.Millisecond)
		return &ending{after: after, exitCode: exitCode, message: message, isSilent: isSilent}
	}
	if read.variable("CRASH_TIMES") != "" && read.starts() >= read.number("CRASH_TIMES", 0) {
		return read.done()
	}
	if read.isOn("CRASH") {
		return &ending{after: read.duration("CRASH_AFTER", 0), exitCode: exitCode, message: message}
	}
	if after := read.duration("OOM_AFTER", never); after != never {
		return &ending{after: after, eatsMemory: true}
	}
	return read.done()
}

// How it ends well.
func (read *reader) done() *ending {
	if after := read.duration("EXIT_AFTER", never); after != never {
		return &ending{after: after}
	}
	return nil
}

// What it finds wrong as soon as it starts, and whether that keeps it from listening.
func (read *reader) refusal() (string, bool) {
	for _, name := range listOf(read.variable("REQUIRED_ENV")) {
		if read.variable(name) == "" {
			return name + " is not set", false
		}
	}
	return read.refusalToListen(), true
}

// What it finds wrong before it listens.
func (read *reader) refusalToListen() string {
	if name, pattern, isGiven := strings.Cut(read.variable("ENV_PATTERN"), "="); isGiven {
		expression, err := regexp.Compile("^(?:" + pattern + ")$")
		if err != nil {
			read.complain("ENV_PATTERN", "NAME=regular expression")
		} else if !expression.MatchString(read.variable(name)) {
			return name + " is not valid"
		}
	}
	if read.variable("NEEDS") != "" && read.err == nil {
		if missing := read.api.missing(read.variable("NEEDS")); missing != "" {
			return missing + " does not exist"
		}
	}
	return ""
}
