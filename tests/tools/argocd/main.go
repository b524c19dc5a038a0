// The real Argo CD as one program that answers by the name it is called under, as Argo CD's own does (cmd/main.go of
// v3.5.7), less the API server and its web pages, which no test needs; and two clients of our own.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"k8s.io/klog/v2"

	controller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	cmpserver "github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
	gitaskpass "github.com/argoproj/argo-cd/v3/cmd/argocd-git-ask-pass/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/util/log"
)

func main() {
	klog.SetLogger(log.NewLogrusLogger(log.NewWithCurrentConfig()))
	command := commandFor(filepath.Base(os.Args[0]))
	if command == nil {
		fmt.Fprintln(os.Stderr, "error: call this as argocd-repo-server, argocd-cmp-server, argocd-application-controller,",
			"argocd-git-ask-pass, argocd-requests or argocd-parent")
		os.Exit(2)
	}
	if err := command.Execute(); err != nil {
		os.Exit(1)
	}
}

func commandFor(name string) *cobra.Command {
	switch name {
	case common.CommandRepoServer:
		return reposerver.NewCommand()
	case common.CommandCMPServer:
		return cmpserver.NewCommand()
	case common.CommandApplicationController:
		return controller.NewCommand()
	case common.CommandGitAskPass:
		return gitaskpass.NewCommand()
	case "argocd-requests":
		return requestsCommand()
	case "argocd-parent":
		return parentCommand()
	}
	return nil
}
