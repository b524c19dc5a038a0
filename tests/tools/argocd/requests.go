// argocd-requests asks a repo-server for the manifests of applications, as the application-controller does, many at a
// time, and prints what came of it as one JSON object.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/tls"
)

// outcome is what the requests came to. Times are wall milliseconds.
type outcome struct {
	Requests int64    `json:"requests"`
	Failures int64    `json:"failures"`
	Seconds  float64  `json:"seconds"`
	P50      float64  `json:"p50Milliseconds"`
	P95      float64  `json:"p95Milliseconds"`
	Errors   []string `json:"errors"`
	// Manifests of every answer, where the flag asks for them.
	Manifests []string `json:"manifests,omitempty"`
}

// query is what the flags say.
type query struct {
	server, repo, revision, project, plugin, options string
	apps                                             []string
	concurrency                                      int
	count                                            int64
	seconds                                          float64
	manifests                                        bool
}

func requestsCommand() *cobra.Command {
	var q query
	command := &cobra.Command{
		Use:          "argocd-requests",
		Short:        "Ask a repo-server for manifests, without its cache",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			result, err := q.run(command.Context())
			if err != nil {
				return err
			}
			return json.NewEncoder(os.Stdout).Encode(result)
		},
	}
	flags := command.Flags()
	flags.StringVar(&q.server, "server", "", "address of the repo-server, without TLS")
	flags.StringVar(&q.repo, "repo", "", "URL of the git repository")
	flags.StringVar(&q.revision, "revision", "main", "git revision")
	flags.StringVar(&q.project, "project", "default", "name of the Argo CD project")
	flags.StringVar(&q.plugin, "plugin", "", "name of the config management plugin; kustomize if empty")
	flags.StringVar(&q.options, "build-options", "", "kustomize.buildOptions")
	flags.StringSliceVar(&q.apps, "app", nil, "paths of the applications, taken in turn")
	flags.IntVar(&q.concurrency, "concurrency", 1, "requests at a time")
	flags.Int64Var(&q.count, "count", 0, "requests in all; 0 is no limit")
	flags.Float64Var(&q.seconds, "seconds", 0, "no request begins later than this; 0 is no limit")
	flags.BoolVar(&q.manifests, "manifests", false, "print the manifests of every answer")
	return command
}

func (q query) run(ctx context.Context) (*outcome, error) {
	if len(q.apps) == 0 || (q.count == 0 && q.seconds == 0) {
		return nil, fmt.Errorf("--app and one of --count and --seconds are needed")
	}
	if ctx == nil {
		ctx = context.Background()
	}
	connection, client, err := apiclient.NewRepoServerClientset(q.server, 60, tls.Configuration{DisableTLS: true}).NewRepoServerClient()
	if err != nil {
		return nil, err
	}
	defer connection.Close()

	var (
		next   atomic.Int64
		lock   sync.Mutex
		walls  []float64
		result outcome
		group  sync.WaitGroup
	)
	begin := time.Now()
	for range q.concurrency {
		group.Go(func() {
			for {
				n := next.Add(1) - 1
				if (q.count > 0 && n >= q.count) || (q.seconds > 0 && time.Since(begin).Seconds() >= q.seconds) {
					return
				}
				started := time.Now()
				response, err := client.GenerateManifest(ctx, q.request(q.apps[n%int64(len(q.apps))]))
				wall := float64(time.Since(started).Microseconds()) / 1000

				lock.Lock()
				walls = append(walls, wall)
				if err != nil {
					result.Failures++
					if text := err.Error(); len(result.Errors) < 10 && !slices.Contains(result.Errors, text) {
						result.Errors = append(result.Errors, text)
					}
				} else if q.manifests {
					result.Manifests = append(result.Manifests, response.Manifests...)
				}
				lock.Unlock()
			}
		})
	}
	group.Wait()

	result.Requests = int64(len(walls))
	result.Seconds = time.Since(begin).Seconds()
	slices.Sort(walls)
	if len(walls) > 0 {
		result.P50 = walls[len(walls)/2]
		result.P95 = walls[len(walls)*95/100]
	}
	return &result, nil
}

// request is what the controller of v3.5.7 sends, with the cache turned off.
func (q query) request(app string) *apiclient.ManifestRequest {
	source := &v1alpha1.ApplicationSource{RepoURL: q.repo, Path: app, TargetRevision: q.revision}
	if q.plugin != "" {
		source.Plugin = &v1alpha1.ApplicationSourcePlugin{Name: q.plugin}
	}
	return &apiclient.ManifestRequest{
		Repo:               &v1alpha1.Repository{Repo: q.repo},
		Revision:           q.revision,
		NoCache:            true,
		AppName:            strings.ReplaceAll(app, "/", "-"),
		Namespace:          "default",
		ProjectName:        q.project,
		ApplicationSource:  source,
		AppLabelKey:        "app.kubernetes.io/instance",
		TrackingMethod:     "annotation",
		KubeVersion:        "1.36.3",
		ApiVersions:        []string{"v1"},
		KustomizeOptions:   &v1alpha1.KustomizeOptions{BuildOptions: q.options},
		ProjectSourceRepos: []string{"*"},
	}
}
