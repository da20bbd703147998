package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"
)

// How it serves its callers, which no probe sees, and what it counts of that.
type traffic struct {
	errorRate float64
	errorFor  time.Duration
	// It takes a time from the first to the second.
	latency [2]time.Duration
	// Empty: what the status is called.
	body string

	mutex    sync.Mutex
	requests map[int]int
	// Requests up to each bound, and of all.
	fast  []int
	count int
	sum   float64
}

// Upper bounds of the histogram's buckets, in seconds.
var durationBounds = []float64{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// Paths of probes: they are no traffic.
var probePaths = map[string]bool{"/healthz": true, "/readyz": true, "/livez": true}

func (read *reader) traffic() *traffic {
	own := &traffic{
		errorRate: read.share("ERROR_RATE"),
		errorFor:  read.duration("ERROR_FOR", never),
		latency:   read.durations("LATENCY"),
		body:      read.variable("BODY"),
		requests:  map[int]int{},
	}
	own.fast = make([]int, len(durationBounds))
	return own
}

// The status of an answer that would otherwise be a good one, after the time that it takes.
func (own *traffic) serve(request *http.Request, running time.Duration) int {
	from, to := own.latency[0], own.latency[1]
	if to > from {
		from += time.Duration(rand.Int64N(int64(to - from)))
	}
	pause(from, request)
	if running < own.errorFor && rand.Float64() < own.errorRate {
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

func (own *traffic) note(status int, took time.Duration) {
	own.mutex.Lock()
	defer own.mutex.Unlock()
	own.requests[status]++
	own.count++
	own.sum += took.Seconds()
	for index, bound := range durationBounds {
		if took.Seconds() <= bound {
			own.fast[index]++
		}
	}
}

// In Prometheus' text format.
func (own *traffic) page() string {
	own.mutex.Lock()
	defer own.mutex.Unlock()
	page := &strings.Builder{}
	fmt.Fprintln(page, "# TYPE http_requests_total counter")
	codes := make([]int, 0, len(own.requests))
	for code := range own.requests {
		codes = append(codes, code)
	}
	sort.Ints(codes)
	for _, code := range codes {
		fmt.Fprintf(page, "http_requests_total{code=\"%d\"} %d\n", code, own.requests[code])
	}
	fmt.Fprintln(page, "# TYPE http_request_duration_seconds histogram")
	for index, bound := range durationBounds {
		fmt.Fprintf(page, "http_request_duration_seconds_bucket{le=\"%g\"} %d\n", bound, own.fast[index])
	}
	fmt.Fprintf(page, "http_request_duration_seconds_bucket{le=\"+Inf\"} %d\n", own.count)
	fmt.Fprintf(page, "http_request_duration_seconds_sum %g\n", own.sum)
	fmt.Fprintf(page, "http_request_duration_seconds_count %d\n", own.count)
	return page.String()
}

// Returns earlier when the caller hangs up.
func pause(duration time.Duration, request *http.Request) {
	select {
	case <-time.After(duration):
	case <-request.Context().Done():
	}
}
