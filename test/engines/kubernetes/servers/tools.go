//go:build tools

// Package servers pins the API server and the kubelet that the test bed builds.
package servers

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kubelet"
)
