// argocd-parent runs one command many times with the code by which a repo-server runs kustomize (util/exec of v3.5.7:
// a timeout is one SIGKILL to the child's pid, and nobody waits), and prints what came of it as one JSON object.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"

	argoexec "github.com/argoproj/argo-cd/v3/util/exec"
)

// verdicts counts how the runs ended.
type verdicts struct {
	Succeeded int64 `json:"succeeded"`
	Failed    int64 `json:"failed"`
	TimedOut  int64 `json:"timedOut"`
	// Error of the last run that failed otherwise than by its timeout.
	Error string `json:"error,omitempty"`
}

func parentCommand() *cobra.Command {
	var (
		runs        int64
		concurrency int
		timeout     []time.Duration
	)
	command := &cobra.Command{
		Use:          "argocd-parent -- COMMAND...",
		Short:        "Run a command many times, as a repo-server runs kustomize",
		Args:         cobra.MinimumNArgs(1),
		SilenceUsage: true,
		RunE: func(_ *cobra.Command, args []string) error {
			logrus.SetLevel(logrus.PanicLevel)
			if len(timeout) == 0 || runs < 1 || concurrency < 1 {
				return fmt.Errorf("--runs, --concurrency and --timeout are needed")
			}
			result := runMany(args, runs, concurrency, timeout)
			return json.NewEncoder(os.Stdout).Encode(result)
		},
	}
	flags := command.Flags()
	flags.Int64Var(&runs, "runs", 1, "how many times")
	flags.IntVar(&concurrency, "concurrency", 1, "how many at a time")
	flags.DurationSliceVar(&timeout, "timeout", nil, "after which a run is killed; several are taken in turn")
	return command
}

func runMany(args []string, runs int64, concurrency int, timeouts []time.Duration) verdicts {
	var (
		next  atomic.Int64
		lock  sync.Mutex
		total verdicts
		group sync.WaitGroup
	)
	for range concurrency {
		group.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= runs {
					return
				}
				_, err := argoexec.RunCommandExt(exec.Command(args[0], args[1:]...), argoexec.CmdOpts{
					Timeout:      timeouts[n%int64(len(timeouts))],
					FatalTimeout: 10 * time.Second,
				})
				lock.Lock()
				var failure *argoexec.CmdError
				switch {
				case err == nil:
					total.Succeeded++
				case errors.As(err, &failure) && strings.HasPrefix(failure.Cause.Error(), "timeout after"):
					total.TimedOut++
				default:
					total.Failed++
					total.Error = err.Error()
				}
				lock.Unlock()
			}
		})
	}
	group.Wait()
	return total
}
