package main

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Reads variables and keeps the first error.
type reader struct {
	variable func(string) string
	api      *cluster
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

// "4s", or from one to another as "3s-8s".
func (read *reader) durations(name string) [2]time.Duration {
	text := read.variable(name)
	if text == "" {
		return [2]time.Duration{}
	}
	first, second, isRange := strings.Cut(text, "-")
	if !isRange {
		second = first
	}
	from, wrong := time.ParseDuration(first)
	to, wrongToo := time.ParseDuration(second)
	if wrong != nil || wrongToo != nil || from < 0 || to < from {
		read.complain(name, `a duration or a range such as "3s-8s"`)
	}
	return [2]time.Duration{from, to}
}

// A number from 0 to 1.
func (read *reader) share(name string) float64 {
	text := read.variable(name)
	if text == "" {
		return 0
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || number < 0 || number > 1 {
		read.complain(name, "a number from 0 to 1")
	}
	return number
}

func (read *reader) isOn(name string) bool {
	text := read.variable(name)
	return text != "" && text != "0" && text != "false"
}

// Counts this start in STARTS_FILE, and returns how many there were before.
func (read *reader) starts() int {
	file := read.variable("STARTS_FILE")
	content, err := os.ReadFile(file)
	if err == nil || os.IsNotExist(err) {
		err = os.WriteFile(file, append(content, '.'), 0o600)
	}
	if err != nil && read.err == nil {
		read.err = fmt.Errorf("CRASH_TIMES needs STARTS_FILE, a file on a volume of the pod: %w", err)
	}
	return len(content)
}

// The parts of a list that is written with commas.
func listOf(text string) []string {
	var parts []string
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
