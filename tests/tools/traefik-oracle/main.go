// traefik-oracle tells what Traefik makes of the rule of a router.
//
// Each question is a line of JSON, and so is each answer. "rule", "protocol" (http, tcp) and "syntax" (v2, v3) name a
// router; it is added to Traefik's own muxer. The answer holds the refusal or the tree, with operators of one kind
// joined and negation at the leaves, the priority, and for each of "requests" whether the router serves it.
package main

import (
	"bufio"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"

	httpmuxer "github.com/traefik/traefik/v3/pkg/muxer/http"
	tcpmuxer "github.com/traefik/traefik/v3/pkg/muxer/tcp"
	"github.com/traefik/traefik/v3/pkg/middlewares/requestdecorator"
	"github.com/traefik/traefik/v3/pkg/provider"
	"github.com/traefik/traefik/v3/pkg/rules"
	"github.com/traefik/traefik/v3/pkg/tcp"
)

type question struct {
	Rule      string    `json:"rule"`
	Protocol  string    `json:"protocol"`
	Syntax    string    `json:"syntax"`
	Requests  []request `json:"requests"`
	Normalize string    `json:"normalize"`
}

type request struct {
	Host string `json:"host"`
	Path string `json:"path"`
}

type answer struct {
	Refused    string `json:"refused,omitempty"`
	Tree       any    `json:"tree,omitempty"`
	Priority   int    `json:"priority"`
	Served     []bool `json:"served,omitempty"`
	Normalized string `json:"normalized,omitempty"`
}

func main() {
	in, out := bufio.NewScanner(os.Stdin), bufio.NewWriter(os.Stdout)
	in.Buffer(nil, 16<<20)
	defer out.Flush()
	answers := json.NewEncoder(out)
	answers.SetEscapeHTML(false)
	for in.Scan() {
		var asked question
		check(json.Unmarshal(in.Bytes(), &asked))
		check(answers.Encode(reply(asked)))
	}
	check(in.Err())
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func reply(asked question) (given answer) {
	if asked.Normalize != "" {
		return answer{Normalized: provider.Normalize(asked.Normalize)}
	}
	if asked.Protocol == "tcp" {
		return replyTCP(asked)
	}
	parser, err := httpmuxer.NewSyntaxParser()
	check(err)
	muxer := httpmuxer.NewMuxer(parser, nil)
	served := false
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served = true })
	given.Priority = httpmuxer.GetRulePriority(asked.Rule)
	if err := muxer.AddRoute(asked.Rule, asked.Syntax, given.Priority, "", handler); err != nil {
		return answer{Refused: err.Error()}
	}
	given.Tree = tree(asked.Rule)
	decorator := requestdecorator.New(nil)
	for _, one := range asked.Requests {
		served = false
		asking := httptest.NewRequest(http.MethodGet, "http://x"+one.Path, nil)
		asking.Host = one.Host
		decorator.ServeHTTP(httptest.NewRecorder(), asking, func(w http.ResponseWriter, r *http.Request) { muxer.ServeHTTP(w, r) })
		given.Served = append(given.Served, served)
	}
	return given
}

func replyTCP(asked question) (given answer) {
	muxer, err := tcpmuxer.NewMuxer(nil)
	check(err)
	given.Priority = tcpmuxer.GetRulePriority(asked.Rule)
	handler := tcp.HandlerFunc(func(tcp.WriteCloser) {})
	if err := muxer.AddRoute(asked.Rule, asked.Syntax, given.Priority, "", handler); err != nil {
		return answer{Refused: err.Error()}
	}
	given.Tree = tree(asked.Rule)
	for _, one := range asked.Requests {
		data, err := tcpmuxer.NewConnData(one.Host, &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 1}, nil)
		check(err)
		found, _ := muxer.Match(data)
		given.Served = append(given.Served, found != nil)
	}
	return given
}

// matchers are those of both syntaxes and protocols; the muxer has decided already which of them are allowed.
var matchers = []string{
	"ALPN", "ClientIP", "Header", "HeaderRegexp", "Headers", "HeadersRegexp", "Host", "HostHeader", "HostRegexp",
	"HostSNI", "HostSNIRegexp", "Method", "Path", "PathPrefix", "PathRegexp", "Query", "QueryRegexp",
}

func tree(rule string) any {
	parser, err := rules.NewParser(matchers)
	check(err)
	parsed, err := parser.Parse(rule)
	check(err)
	return flat(parsed.(rules.TreeBuilder)())
}

// flat writes a tree as nested lists: ["and", ...], ["or", ...], and leaves as ["Host", "a"] or ["!Host", "a"].
func flat(node *rules.Tree) []any {
	if node.Matcher != "and" && node.Matcher != "or" {
		name := node.Matcher
		if node.Not {
			name = "!" + name
		}
		leaf := []any{name}
		for _, value := range node.Value {
			leaf = append(leaf, value)
		}
		return leaf
	}
	joined := []any{node.Matcher}
	for _, side := range []*rules.Tree{node.RuleLeft, node.RuleRight} {
		one := flat(side)
		if one[0] == node.Matcher {
			joined = append(joined, one[1:]...)
		} else {
			joined = append(joined, one)
		}
	}
	return joined
}
