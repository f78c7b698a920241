// SPDX-License-Identifier: Apache-2.0

// The programs of goroutines.cpp in Go: a peer to measure against.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

type xorshift uint64

func (x *xorshift) next() uint64 {
	v := uint64(*x)
	v ^= v << 13
	v ^= v >> 7
	v ^= v << 17
	*x = xorshift(v)
	return v
}

func pipeline() uint64 {
	const stages, items = 8, 20_000
	first := make(chan uint64, 16)
	in := first
	for s := 0; s < stages; s++ {
		out := make(chan uint64, 16)
		go func(in, out chan uint64) {
			for x := range in {
				out <- x + 1
			}
			close(out)
		}(in, out)
		in = out
	}
	go func() {
		for i := uint64(0); i < items; i++ {
			first <- i
		}
		close(first)
	}()
	sum := uint64(0)
	for x := range in {
		sum += x
	}
	return sum
}

func fanIn() uint64 {
	const producers, each = 100, 1_000
	all := make(chan uint64, 64)
	var wg sync.WaitGroup
	for p := 0; p < producers; p++ {
		wg.Add(1)
		go func() {
			for i := 0; i < each; i++ {
				all <- uint64(p * i)
			}
			wg.Done()
		}()
	}
	go func() {
		wg.Wait()
		close(all)
	}()
	sum := uint64(0)
	for x := range all {
		sum += x
	}
	return sum
}

func producerConsumer() uint64 {
	full := make(chan []uint64)
	go func() {
		for i := uint64(0); i < 20_000; i++ {
			block := make([]uint64, 64)
			for k := range block {
				block[k] = i * uint64(k)
			}
			full <- block
		}
		close(full)
	}()
	sum := uint64(0)
	for block := range full {
		for _, x := range block {
			sum += x
		}
	}
	return sum
}

func workerPool() uint64 {
	jobs := make(chan int, 64)
	results := make(chan uint64, 64)
	var wg sync.WaitGroup
	for w := 0; w < 50; w++ {
		wg.Add(1)
		go func() {
			for job := range jobs {
				s := uint64(0)
				scratch := make([]int, 32)
				for k := range scratch {
					scratch[k] = k * job
				}
				for _, x := range scratch {
					s += uint64(x)
				}
				results <- s
			}
			wg.Done()
		}()
	}
	go func() {
		for i := 0; i < 40_000; i++ {
			jobs <- i
		}
		close(jobs)
	}()
	go func() {
		wg.Wait()
		close(results)
	}()
	sum := uint64(0)
	for r := range results {
		sum += r
	}
	return sum
}

func mergeSort(v, spare []uint32) {
	n := len(v)
	if n < 32 {
		for i := 1; i < n; i++ {
			for k := i; k > 0 && v[k] < v[k-1]; k-- {
				v[k], v[k-1] = v[k-1], v[k]
			}
		}
		return
	}
	middle := n / 2
	if n > 4096 {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() {
			mergeSort(v[:middle], spare[:middle])
			wg.Done()
		}()
		mergeSort(v[middle:], spare[middle:])
		wg.Wait()
	} else {
		mergeSort(v[:middle], spare[:middle])
		mergeSort(v[middle:], spare[middle:])
	}
	a, b := 0, middle
	for i := range spare {
		if b == n || (a < middle && v[a] <= v[b]) {
			spare[i] = v[a]
			a++
		} else {
			spare[i] = v[b]
			b++
		}
	}
	for i := range v {
		v[i] = spare[i]
	}
}

func parallelMergeSort() uint64 {
	random := xorshift(23)
	v, spare := make([]uint32, 1<<19), make([]uint32, 1<<19)
	for i := range v {
		v[i] = uint32(random.next())
	}
	mergeSort(v, spare)
	return uint64(v[1000])
}

func lockedMap() uint64 {
	m := map[uint32]uint32{}
	var lock sync.Mutex
	var wg sync.WaitGroup
	for g := 0; g < 100; g++ {
		wg.Add(1)
		go func() {
			random := xorshift(g + 5)
			for i := 0; i < 2_000; i++ {
				lock.Lock()
				m[uint32(random.next()%5_000)]++
				lock.Unlock()
			}
			wg.Done()
		}()
	}
	wg.Wait()
	return uint64(len(m))
}

var table = func() []float64 {
	t := make([]float64, 16<<10)
	for i := range t {
		t[i] = 1
	}
	return t
}()

func readSharedArray() uint64 {
	sums := make([]float64, 64)
	var wg sync.WaitGroup
	for g := range sums {
		wg.Add(1)
		go func() {
			s := 0.0
			for i := 0; i < 60; i++ {
				for _, x := range table {
					s += x
				}
			}
			sums[g] = s
			wg.Done()
		}()
	}
	wg.Wait()
	s := 0.0
	for _, x := range sums {
		s += x
	}
	return uint64(s)
}

func spawn() uint64 {
	total := uint64(0)
	for round := 0; round < 40; round++ {
		out := make([]uint64, 1_000)
		var wg sync.WaitGroup
		for i := range out {
			wg.Add(1)
			go func() {
				out[i] = uint64(i)
				wg.Done()
			}()
		}
		wg.Wait()
		for _, x := range out {
			total += x
		}
	}
	return total
}

func peakKiB() int {
	status, _ := os.ReadFile("/proc/self/status")
	kib := 0
	for _, line := range strings.Split(string(status), "\n") {
		fmt.Sscanf(line, "VmHWM: %d", &kib)
	}
	return kib
}

func main() {
	rows := []struct {
		name string
		work func() uint64
	}{
		{"pipeline", pipeline},
		{"fan-in", fanIn},
		{"producer, consumer", producerConsumer},
		{"worker pool", workerPool},
		{"merge sort", parallelMergeSort},
		{"lock and map, 100 goroutines", lockedMap},
		{"read-shared array, 64 goroutines", readSharedArray},
		{"goroutine spawn", spawn},
	}
	if len(os.Args) < 2 {
		for _, r := range rows {
			fmt.Println(r.name)
		}
		return
	}
	for _, r := range rows {
		if r.name != os.Args[1] {
			continue
		}
		never := make(chan int)
		go func() { <-never }()
		rounds := 1
		if len(os.Args) > 2 {
			rounds, _ = strconv.Atoi(os.Args[2])
		}
		result := r.work()
		for i := 0; i < rounds; i++ {
			begin := time.Now()
			result += r.work()
			fmt.Printf("%.6f\n", time.Since(begin).Seconds())
		}
		fmt.Fprintln(os.Stderr, result)
		fmt.Println(peakKiB())
	}
}
