// Reads cron expressions, one a line, as the recurring runs of Kubeflow Pipelines do (robfig/cron v1.2.0), and prints of each the next thousand
// activations after 2026-01-01T00:00:00Z in seconds since then, or why it is none.
package main

import (
	"bufio"
	"fmt"
	"os"
	"time"

	"github.com/robfig/cron"
)

func main() {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		schedule, err := cron.Parse(lines.Text())
		if err != nil {
			fmt.Printf("error %v\n", err)
			continue
		}
		at := start
		for count := 0; count < 1000; count++ {
			at = schedule.Next(at)
			fmt.Printf("%d ", int64(at.Sub(start).Seconds()))
		}
		fmt.Println()
	}
}
