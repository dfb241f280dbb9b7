// Command decode reads files of YAML as Kubernetes and Argo do: one JSON array of paths on standard input, one JSON array of documents a line on standard output.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	var paths []string
	if err := json.NewDecoder(os.Stdin).Decode(&paths); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		var documents []json.RawMessage
		for _, part := range bytes.Split(text, []byte("\n---\n")) {
			document, err := yaml.YAMLToJSONStrict(part)
			if err != nil {
				fmt.Fprintln(os.Stderr, path, err)
				os.Exit(1)
			}
			documents = append(documents, document)
		}
		line, _ := json.Marshal(documents)
		fmt.Println(string(line))
	}
}
