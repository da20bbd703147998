package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Where the kubelet puts a pod's credentials. A test names another folder.
const credentialsVariable = "SERVICE_ACCOUNT_FOLDER"
const credentials = "/var/run/secrets/kubernetes.io/serviceaccount"

// The API server as a pod reaches it, with the rights of its ServiceAccount.
type cluster struct {
	url       string
	folder    string
	namespace string
	client    *http.Client
}

func openCluster(variable func(string) string) (*cluster, error) {
	folder := variable(credentialsVariable)
	if folder == "" {
		folder = credentials
	}
	host, port := variable("KUBERNETES_SERVICE_HOST"), variable("KUBERNETES_SERVICE_PORT")
	namespace, err := os.ReadFile(filepath.Join(folder, "namespace"))
	if err != nil || host == "" {
		return nil, fmt.Errorf("the API server cannot be reached: the pod needs a ServiceAccount token")
	}
	authority, err := os.ReadFile(filepath.Join(folder, "ca.crt"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	return &cluster{
		url:       "https://" + net.JoinHostPort(host, port),
		folder:    folder,
		namespace: strings.TrimSpace(string(namespace)),
		client:    &http.Client{Transport: transport, Timeout: 5 * time.Second},
	}, nil
}

// Sends a request and decodes the answer. Returns the status code; 0 when there was no answer.
func (api *cluster) ask(method, path string, body, answer any) int {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return 0
		}
	}
	request, err := http.NewRequest(method, api.url+path, &content)
	if err != nil {
		return 0
	}
	// Tokens are replaced while the pod runs.
	token, _ := os.ReadFile(filepath.Join(api.folder, "token"))
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	request.Header.Set("Content-Type", "application/json")
	response, err := api.client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil || (answer != nil && response.StatusCode < 300 && json.Unmarshal(data, answer) != nil) {
		return 0
	}
	return response.StatusCode
}

// The first part of the list (see NEEDS) that does not exist; what cannot be asked for does not exist.
func (api *cluster) missing(list string) string {
	for _, dependency := range listOf(list) {
		kind, name, _ := strings.Cut(dependency, "/")
		if !api.exists(kind, name) {
			return dependency
		}
	}
	return ""
}

func (api *cluster) exists(kind, name string) bool {
	switch kind {
	case "configmap", "secret":
		path := fmt.Sprintf("/api/v1/namespaces/%s/%ss/%s", api.namespace, kind, name)
		return api.ask(http.MethodGet, path, nil, nil) == http.StatusOK
	case "service":
		return api.isServing(name)
	case "time":
		at, err := time.Parse(time.RFC3339, name)
		return err == nil && !time.Now().Before(at)
	}
	return false
}

func (api *cluster) isServing(service string) bool {
	var slices struct {
		Items []struct {
			Endpoints []struct {
				Conditions struct{ Ready *bool }
			}
		}
	}
	path := fmt.Sprintf("/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices?labelSelector=kubernetes.io%%2Fservice-name%%3D%s", api.namespace, service)
	if api.ask(http.MethodGet, path, nil, &slices) != http.StatusOK {
		return false
	}
	for _, slice := range slices.Items {
		for _, endpoint := range slice.Endpoints {
			if endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready {
				return true
			}
		}
	}
	return false
}
