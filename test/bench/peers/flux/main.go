// Drives fluxcd/pkg/ssa as the flux command line and its controllers do: diff or apply of one file of manifests.
//
//	flux diff|apply -file FILE -concurrency N
//
// It ends with one line on standard output: how many objects there are in which state.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/normalize"
	"github.com/fluxcd/pkg/ssa/utils"
	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "flux: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no verb is given; write diff or apply")
	}
	flags := flag.NewFlagSet(args[0], flag.ExitOnError)
	file := flags.String("file", "", "file of manifests")
	concurrency := flags.Int("concurrency", 1, "objects in flight")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	objects, err := readObjects(*file)
	if err != nil {
		return err
	}
	manager, err := newManager(*concurrency)
	if err != nil {
		return err
	}
	var counts map[ssa.Action]int
	switch args[0] {
	case "diff":
		counts, err = diff(ctx, manager, objects, *concurrency)
	case "apply":
		counts, err = apply(ctx, manager, objects)
	default:
		err = fmt.Errorf("%s: no such verb; write diff or apply", args[0])
	}
	if err != nil {
		return err
	}
	fmt.Printf("created %d configured %d unchanged %d\n",
		counts[ssa.CreatedAction], counts[ssa.ConfiguredAction], counts[ssa.UnchangedAction])
	return nil
}

func readObjects(file string) ([]*unstructured.Unstructured, error) {
	input, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer input.Close()
	objects, err := utils.ReadObjects(input)
	if err != nil {
		return nil, err
	}
	return objects, normalize.UnstructuredList(objects)
}

func newManager(concurrency int) (*ssa.ResourceManager, error) {
	log.SetLogger(log.Log.WithSink(nil))
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return nil, err
	}
	// No throttle of the client's own: what is measured is the engine at its best.
	config.QPS = -1
	kube, err := client.New(config, client.Options{})
	if err != nil {
		return nil, err
	}
	manager := ssa.NewResourceManager(kube, nil, ssa.Owner{Field: "flux", Group: "flux.bench"})
	manager.SetConcurrency(concurrency)
	return manager, nil
}

func diff(ctx context.Context, manager *ssa.ResourceManager, objects []*unstructured.Unstructured, concurrency int) (map[ssa.Action]int, error) {
	actions := make([]ssa.Action, len(objects))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(concurrency)
	for i, object := range objects {
		group.Go(func() error {
			entry, _, _, err := manager.Diff(ctx, object, ssa.DefaultDiffOptions())
			if err == nil {
				actions[i] = entry.Action
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	counts := map[ssa.Action]int{}
	for _, action := range actions {
		counts[action]++
	}
	return counts, nil
}

func apply(ctx context.Context, manager *ssa.ResourceManager, objects []*unstructured.Unstructured) (map[ssa.Action]int, error) {
	changes, err := manager.ApplyAll(ctx, objects, ssa.DefaultApplyOptions())
	if err != nil {
		return nil, err
	}
	counts := map[ssa.Action]int{}
	for _, entry := range changes.Entries {
		counts[entry.Action]++
	}
	return counts, nil
}
