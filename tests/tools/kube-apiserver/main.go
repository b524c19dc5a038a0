// The real kube-apiserver and, called under that name, kubectl: the mains of cmd/kube-apiserver and cmd/kubectl
// (k8s.io/kubernetes v1.36.3), which are no modules of their own.
package main

import (
	"os"
	"path/filepath"

	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	if filepath.Base(os.Args[0]) == "kubectl" {
		if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
			util.CheckErr(err)
		}
		return
	}
	os.Exit(cli.Run(app.NewAPIServerCommand()))
}
