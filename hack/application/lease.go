package main

import (
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// As client-go's leader election by default.
const leaseDuration = 15 * time.Second
const leaseRetry = 2 * time.Second
const microTime = "2006-01-02T15:04:05.000000Z"

// Contends for one Lease until the process ends.
type contender struct {
	api      *cluster
	name     string
	identity string
	isHolder atomic.Bool
	// What another holder wrote last, and when it was seen first: its clock is not believed.
	seen   string
	seenAt time.Time
}

func contend(api *cluster, name string) *contender {
	host, _ := os.Hostname()
	own := &contender{api: api, name: name, identity: fmt.Sprintf("%s_%d", host, time.Now().UnixNano())}
	go func() {
		for {
			own.isHolder.Store(own.takeOrRenew())
			time.Sleep(leaseRetry)
		}
	}()
	return own
}

func (own *contender) takeOrRenew() bool {
	path := fmt.Sprintf("/apis/coordination.k8s.io/v1/namespaces/%s/leases", own.api.namespace)
	var lease map[string]any
	now := time.Now()
	held := map[string]any{
		"holderIdentity":       own.identity,
		"leaseDurationSeconds": int(leaseDuration.Seconds()),
		"renewTime":            now.UTC().Format(microTime),
	}
	switch own.api.ask(http.MethodGet, path+"/"+own.name, nil, &lease) {
	case http.StatusNotFound:
		held["acquireTime"] = held["renewTime"]
		lease = map[string]any{
			"apiVersion": "coordination.k8s.io/v1",
			"kind":       "Lease",
			"metadata":   map[string]any{"name": own.name, "namespace": own.api.namespace},
			"spec":       held,
		}
		return own.api.ask(http.MethodPost, path, lease, nil) == http.StatusCreated
	case http.StatusOK:
	default:
		return false
	}
	spec, _ := lease["spec"].(map[string]any)
	holder, _ := spec["holderIdentity"].(string)
	if holder != own.identity {
		if holder != "" && !own.isExpired(fmt.Sprint(holder, spec["renewTime"]), now) {
			return false
		}
		transitions, _ := spec["leaseTransitions"].(float64)
		held["acquireTime"], held["leaseTransitions"] = held["renewTime"], int(transitions)+1
	} else {
		held["acquireTime"], held["leaseTransitions"] = spec["acquireTime"], spec["leaseTransitions"]
	}
	lease["spec"] = held
	return own.api.ask(http.MethodPut, path+"/"+own.name, lease, nil) == http.StatusOK
}

func (own *contender) isExpired(written string, now time.Time) bool {
	if own.seen != written {
		own.seen, own.seenAt = written, now
	}
	return now.Sub(own.seenAt) >= leaseDuration
}
