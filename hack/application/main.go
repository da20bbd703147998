// The application of the scenarios: a small HTTP server whose environment says how it fails. It does in a real pod what
// hack/simulated-cluster/kubelet/application.ts plays in a simulated one; the variables are explained there.
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

// The kubelet shows what stands in this file as the message of a container that ended.
const terminationFile = "/dev/termination-log"

// The exit code for an environment that it does not understand (EX_USAGE of sysexits.h).
const usageExit = 64

// How often it checks whether what it waits for exists.
const waitRetry = time.Second

// Without a limit on its memory it stops here, and does not take the machine with it.
const mostMebibytes = 512

func main() {
	plan, err := behaviourOf(os.Getenv)
	if err != nil {
		end(usageExit, err.Error())
	}
	obeySigterm(plan)
	for plan.waitsFor != "" && plan.api.missing(plan.waitsFor) != "" {
		time.Sleep(waitRetry)
	}
	startedAt := time.Now()
	if plan.ending != nil {
		time.AfterFunc(plan.ending.after, func() { carryOut(*plan.ending) })
	}
	time.Sleep(plan.listensAfter)
	end(1, serve(plan, startedAt).Error())
}

func obeySigterm(plan behaviour) {
	if plan.ignoresTerm {
		signal.Ignore(syscall.SIGTERM)
		return
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	go func() {
		<-told
		os.Exit(plan.termExitCode)
	}()
}

// Answers every path alike, but serves metrics, and callers as ERROR_RATE and LATENCY say. Returns when it cannot listen.
func serve(plan behaviour, startedAt time.Time) error {
	var own *contender
	if plan.lease != "" {
		own = contend(plan.api, plan.lease)
	}
	handler := http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/metrics" {
			fmt.Fprint(answer, plan.traffic.page())
			return
		}
		beganAt := time.Now()
		status := plan.health
		if plan.isIll(time.Since(startedAt)) {
			status = http.StatusInternalServerError
		}
		if own != nil && !own.isHolder.Load() {
			status = http.StatusServiceUnavailable
		}
		pause(plan.answersAfter, request)
		if !probePaths[request.URL.Path] {
			if served := plan.traffic.serve(request, time.Since(startedAt)); served != http.StatusOK && status == http.StatusOK {
				status = served
			}
			plan.traffic.note(status, time.Since(beganAt))
		}
		answer.WriteHeader(status)
		if body := plan.traffic.body; body != "" && status < 400 && !probePaths[request.URL.Path] {
			fmt.Fprint(answer, body)
		} else {
			fmt.Fprintln(answer, http.StatusText(status))
		}
	})
	server := &http.Server{Addr: fmt.Sprintf(":%d", plan.port), Handler: handler}
	fmt.Printf("listening on port %d\n", plan.port)
	if !plan.tls {
		return server.ListenAndServe()
	}
	settings, err := selfSigned()
	if err != nil {
		return err
	}
	server.TLSConfig = settings
	return server.ListenAndServeTLS("", "")
}

func carryOut(ending ending) {
	if ending.eatsMemory {
		eatMemory()
		end(1, fmt.Sprintf("used %d MiB and was not killed: the container has no lower limit", mostMebibytes))
	}
	end(ending.exitCode, ending.message)
}

// Takes memory and touches every page of it, until the kernel ends the process.
func eatMemory() {
	eaten := make([][]byte, 0, mostMebibytes)
	for len(eaten) < mostMebibytes {
		block := make([]byte, 1<<20)
		for at := 0; at < len(block); at += os.Getpagesize() {
			block[at] = 1
		}
		eaten = append(eaten, block)
	}
	runtime.KeepAlive(eaten)
}

// Says its last words where people and the kubelet look for them.
func end(exitCode int, message string) {
	if message != "" {
		fmt.Fprintln(os.Stderr, message)
		// Only the kubelet makes that file; outside a container there is none.
		if file, err := os.OpenFile(terminationFile, os.O_WRONLY|os.O_TRUNC, 0); err == nil {
			file.WriteString(message)
			file.Close()
		}
	}
	os.Exit(exitCode)
}
