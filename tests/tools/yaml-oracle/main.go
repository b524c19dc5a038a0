// yaml-oracle tells what the YAML library that sops links reads and writes.
//
// Each document on stdin is a line with its length in bytes and then the bytes; each answer is one line of JSON.
// "read" answers with the typed tree and with the plain value, or the refusal of each. "write" answers with the text
// that sops prints for a tree of that kind: every scalar through Node.Encode, then all through an Encoder.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

type object = map[string]any

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	answers := json.NewEncoder(out)
	answers.SetEscapeHTML(false)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		length, _ := strconv.Atoi(strings.TrimSpace(line))
		text := make([]byte, length)
		if _, err := io.ReadFull(in, text); err != nil {
			panic(err)
		}
		var answer any
		switch os.Args[1] {
		case "read":
			answer = object{"tree": try(func() any { return trees(text) }), "values": try(func() any { return values(text) })}
		case "write":
			answer = try(func() any { return write(text) })
		}
		if err := answers.Encode(answer); err != nil {
			panic(err)
		}
	}
}

// try turns a panic, which the library does on some texts, into a refusal.
func try(f func() any) (answer any) {
	defer func() {
		if refused := recover(); refused != nil {
			answer = object{"refused": fmt.Sprint(refused)}
		}
	}()
	return object{"ok": f()}
}

// open holds the anchored nodes that are being printed for an alias.
var open map[*yaml.Node]bool

func trees(text []byte) any {
	open = map[*yaml.Node]bool{}
	documents := []any{}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var node yaml.Node
		if err := decoder.Decode(&node); err == io.EOF {
			return documents
		} else if err != nil {
			panic(err)
		}
		documents = append(documents, tree(&node, false))
	}
}

func tree(node *yaml.Node, key bool) any {
	out := object{"at": []int{node.Line, node.Column}}
	for name, comment := range map[string]string{"head": node.HeadComment, "line": node.LineComment, "foot": node.FootComment} {
		if comment != "" {
			out[name] = comment
		}
	}
	switch node.Kind {
	case yaml.DocumentNode:
		out["root"] = tree(node.Content[0], false)
		delete(out, "at")
	case yaml.MappingNode:
		entries := []any{}
		for i := 0; i < len(node.Content); i += 2 {
			entries = append(entries, []any{tree(node.Content[i], true), tree(node.Content[i+1], false)})
		}
		out["map"] = entries
	case yaml.SequenceNode:
		items := []any{}
		for _, item := range node.Content {
			items = append(items, tree(item, false))
		}
		out["list"] = items
	case yaml.AliasNode:
		if open[node.Alias] {
			panic("an alias inside its own anchor")
		}
		open[node.Alias] = true
		aliased := tree(node.Alias, false).(object)
		delete(open, node.Alias)
		delete(aliased, "at")
		anchored := object{}
		for _, name := range []string{"head", "line", "foot"} {
			if comment, ok := aliased[name]; ok {
				anchored[name] = comment
				delete(aliased, name)
			}
		}
		for name, value := range aliased {
			out[name] = value
		}
		out["anchored"] = anchored
	case yaml.ScalarNode:
		var value any
		if err := node.Decode(&value); err != nil {
			panic(err)
		}
		out["kind"], out["text"] = scalar(node, value, key)
		// What is not there has no place.
		if node.Value == "" && node.Style == 0 {
			delete(out, "at")
		}
	}
	return out
}

func scalar(node *yaml.Node, value any, key bool) (kind, text string) {
	switch value := value.(type) {
	case nil:
		return "null", ""
	case bool:
		return "bool", strconv.FormatBool(value)
	case int:
		return "int", strconv.Itoa(value)
	case int64:
		return "int", strconv.FormatInt(value, 10)
	case uint64:
		return "uint", strconv.FormatUint(value, 10)
	case float64:
		return "float", strconv.FormatUint(math.Float64bits(value), 16)
	case time.Time:
		return "time", value.Format(time.RFC3339Nano)
	case string:
		switch tag := node.ShortTag(); {
		case tag == "!!binary":
			return "binary", base64.StdEncoding.EncodeToString([]byte(value))
		case tag == "!!merge" && value == "<<" && key:
			return "merge", ""
		}
		return "str", value
	}
	panic(fmt.Sprintf("%T", value))
}

func values(text []byte) any {
	documents := []any{}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var value any
		if err := decoder.Decode(&value); err == io.EOF {
			return documents
		} else if err != nil {
			panic(err)
		}
		document, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		documents = append(documents, json.RawMessage(document))
	}
}

func write(text []byte) any {
	var documents []any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&documents); err != nil {
		panic(err)
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(4)
	for _, document := range documents {
		node := yaml.Node{Kind: yaml.DocumentNode}
		comments(&node, document.(object))
		node.Content = []*yaml.Node{build(document.(object)["root"].(object))}
		if err := encoder.Encode(&node); err != nil {
			panic(err)
		}
	}
	encoder.Close()
	return out.String()
}

func comments(node *yaml.Node, from object) {
	node.HeadComment, _ = from["head"].(string)
	node.LineComment, _ = from["line"].(string)
	node.FootComment, _ = from["foot"].(string)
}

func build(from object) *yaml.Node {
	node := &yaml.Node{}
	if entries, ok := from["map"].([]any); ok {
		node.Kind = yaml.MappingNode
		for _, entry := range entries {
			for _, side := range entry.([]any) {
				node.Content = append(node.Content, build(side.(object)))
			}
		}
	} else if items, ok := from["list"].([]any); ok {
		node.Kind = yaml.SequenceNode
		for _, item := range items {
			node.Content = append(node.Content, build(item.(object)))
		}
	} else if err := node.Encode(leaf(from["kind"].(string), from["text"].(string))); err != nil {
		panic(err)
	}
	comments(node, from)
	return node
}

func leaf(kind, text string) any {
	switch kind {
	case "null":
		return nil
	case "bool":
		return text == "true"
	case "int":
		value, _ := strconv.ParseInt(text, 10, 64)
		return value
	case "uint":
		value, _ := strconv.ParseUint(text, 10, 64)
		return value
	case "float":
		bits, _ := strconv.ParseUint(text, 16, 64)
		return math.Float64frombits(bits)
	case "time":
		value, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			panic(err)
		}
		return value
	case "binary":
		value, _ := base64.StdEncoding.DecodeString(text)
		return string(value)
	case "merge":
		return "<<"
	}
	return text
}
