// Command oracle answers what OPA makes of a policy: one line of JSON in, one out, in order, until standard input ends.
//
//	{"modules": ["package p..."], "query": "data.p.x = x", "data": {}, "inputs": [{}], "strict": false, "v0": false}
//
// gives {"compile_error": [{code, message, row, col}]}, or {"answers": [..]} with one for each input (without inputs:
// one, for none): {"result": [{"x": 1}]} or {"error": {code, message}}. Sets are sorted lists, and keys that are no
// strings their JSON text. What is no such request is answered by {"refused": "why"}.
//
// It reaches nothing: no address may be asked, and each evaluation ends after a second.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

const patience = time.Second

type request struct {
	Modules []string          `json:"modules"`
	Query   string            `json:"query"`
	Data    map[string]any    `json:"data"`
	Inputs  []json.RawMessage `json:"inputs"`
	Strict  bool              `json:"strict"`
	V0      bool              `json:"v0"`
	// Nanoseconds since 1970.
	Now int64 `json:"now"`
}

type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Row     int    `json:"row,omitempty"`
	Col     int    `json:"col,omitempty"`
}

type answer struct {
	Result *[]map[string]any `json:"result,omitempty"`
	Error  *problem          `json:"error,omitempty"`
}

type response struct {
	CompileError []problem `json:"compile_error,omitempty"`
	Answers      []answer  `json:"answers,omitempty"`
	Refused      string    `json:"refused,omitempty"`
}

func main() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriterSize(os.Stdout, 1<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if failed := encoder.Encode(respond(line)); failed != nil {
				fatal(failed)
			}
			if failed := out.Flush(); failed != nil {
				fatal(failed)
			}
		}
		if errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			fatal(err)
		}
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "oracle:", err)
	os.Exit(1)
}

func respond(line []byte) (reply response) {
	var asked request
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&asked); err != nil {
		return response{Refused: err.Error()}
	}
	defer func() {
		if reason := recover(); reason != nil {
			reply = response{Refused: fmt.Sprint("panic: ", reason)}
		}
	}()
	compiler, query, err := compile(&asked)
	if err != nil {
		return response{CompileError: problems(err)}
	}
	if asked.Data == nil {
		asked.Data = map[string]any{}
	}
	store := inmem.NewFromObject(asked.Data)
	if len(asked.Inputs) == 0 {
		return response{Answers: []answer{evaluate(&asked, compiler, query, store, nil)}}
	}
	for _, text := range asked.Inputs {
		input, err := ast.ValueFromReader(bytes.NewReader(text))
		if err != nil {
			return response{Refused: err.Error()}
		}
		reply.Answers = append(reply.Answers, evaluate(&asked, compiler, query, store, ast.NewTerm(input)))
	}
	return reply
}

func compile(asked *request) (*ast.Compiler, ast.Body, error) {
	capabilities := ast.CapabilitiesForThisVersion()
	capabilities.AllowNet = []string{}
	options := ast.ParserOptions{RegoVersion: ast.RegoV1, ProcessAnnotation: true, Capabilities: capabilities}
	if asked.V0 {
		options.RegoVersion = ast.RegoV0
	}
	modules := map[string]*ast.Module{}
	var errs ast.Errors
	for number, text := range asked.Modules {
		name := fmt.Sprintf("%d.rego", number)
		module, err := ast.ParseModuleWithOpts(name, text, options)
		if found := (ast.Errors)(nil); errors.As(err, &found) {
			errs = append(errs, found...)
		} else if err != nil {
			return nil, nil, err
		}
		modules[name] = module
	}
	if len(errs) > 0 {
		return nil, nil, errs
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities).WithDefaultRegoVersion(options.RegoVersion)
	if compiler.Compile(modules); compiler.Failed() {
		return nil, nil, compiler.Errors
	}
	body, err := ast.ParseBodyWithOpts(asked.Query, options)
	if err != nil {
		return nil, nil, err
	}
	query, err := compiler.QueryCompiler().Compile(body)
	return compiler, query, err
}

func evaluate(asked *request, compiler *ast.Compiler, body ast.Body, store storage.Store, input *ast.Term) answer {
	ctx := context.Background()
	transaction, err := store.NewTransaction(ctx)
	if err != nil {
		return failure(err)
	}
	defer store.Abort(ctx, transaction)
	cancel := topdown.NewCancel()
	timer := time.AfterFunc(patience, cancel.Cancel)
	defer timer.Stop()
	query := topdown.NewQuery(body).
		WithCompiler(compiler).
		WithStore(store).
		WithTransaction(transaction).
		WithInput(input).
		WithStrictBuiltinErrors(asked.Strict).
		WithTime(time.Unix(0, asked.Now)).
		WithCancel(cancel)
	found, err := query.Run(ctx)
	if err != nil {
		return failure(err)
	}
	result := []map[string]any{}
	for _, bindings := range found {
		row := map[string]any{}
		for name, term := range bindings {
			if row[string(name)], err = ast.JSONWithOpt(term.Value, ast.JSONOpt{SortSets: true}); err != nil {
				return failure(err)
			}
		}
		result = append(result, row)
	}
	return answer{Result: &result}
}

func failure(err error) answer {
	if known := (*topdown.Error)(nil); errors.As(err, &known) {
		return answer{Error: &problem{Code: known.Code, Message: known.Message}}
	}
	return answer{Error: &problem{Code: "other", Message: err.Error()}}
}

func problems(err error) []problem {
	var known ast.Errors
	if one := (*ast.Error)(nil); errors.As(err, &one) {
		known = ast.Errors{one}
	} else if !errors.As(err, &known) {
		return []problem{{Code: "other", Message: err.Error()}}
	}
	listed := []problem{}
	for _, one := range known {
		p := problem{Code: one.Code, Message: one.Message}
		if one.Location != nil {
			p.Row, p.Col = one.Location.Row, one.Location.Col
		}
		listed = append(listed, p)
	}
	return listed
}
