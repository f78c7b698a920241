// SPDX-License-Identifier: Apache-2.0
// The rows of ../rows.h for Go: same work, same counts, same output. See ../README.md.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

type row struct {
	name string
	run  func() []figure
}

type figure struct {
	name  string
	value float64
}

func one(v float64) []figure { return []figure{{"ns", v}} }

// Nanoseconds for each of n operations.
func each(n int, f func()) []figure {
	start := time.Now()
	f()
	return one(float64(time.Since(start).Nanoseconds()) / float64(n))
}

var rows = []row{
	{"yield", func() []figure {
		const n = 300_000
		done := make(chan struct{})
		go func() {
			for i := 0; i < n; i++ {
				runtime.Gosched()
			}
			close(done)
		}()
		r := each(n, func() {
			for i := 0; i < n; i++ {
				runtime.Gosched()
			}
		})
		<-done
		return r
	}},
	{"ping_pong", func() []figure {
		const n = 150_000
		ping, pong := make(chan int), make(chan int)
		go func() {
			for v := range ping {
				pong <- v
			}
		}()
		return each(n, func() {
			for i := 0; i < n; i++ {
				ping <- i
				<-pong
			}
			close(ping)
		})
	}},
	{"buffered_transfer", func() []figure {
		const n = 1_000_000
		c := make(chan int, 128)
		return each(n, func() {
			go func() {
				for i := 0; i < n; i++ {
					c <- i
				}
				close(c)
			}()
			sum := 0
			for v := range c {
				sum += v
			}
			check(sum == n*(n-1)/2)
		})
	}},
	{"ring_503", func() []figure {
		const n, size = 300_000, 503
		first := make(chan int)
		done := make(chan bool)
		left := first
		for i := 0; i < size; i++ {
			right := make(chan int)
			if i == size-1 {
				right = first
			}
			go func(in, out chan int) {
				for {
					v := <-in
					if v == 0 {
						done <- true
						return
					}
					out <- v - 1
				}
			}(left, right)
			left = right
		}
		return each(n, func() {
			first <- n
			<-done
		})
	}},
	{"prime_sieve", func() []figure {
		const n = 1000
		return each(1, func() {
			numbers := make(chan int)
			go func() {
				for i := 2; ; i++ {
					numbers <- i
				}
			}()
			c := numbers
			prime := 0
			for i := 0; i < n; i++ {
				prime = <-c
				next := make(chan int)
				go func(in, out chan int, p int) {
					for {
						if v := <-in; v%p != 0 {
							out <- v
						}
					}
				}(c, next, prime)
				c = next
			}
			check(prime == 7919)
		})
	}},
	{"spawn_join", func() []figure {
		const batches, size = 200, 1000
		return each(batches*size, func() {
			for i := 0; i < batches; i++ {
				var wg sync.WaitGroup
				wg.Add(size)
				for j := 0; j < size; j++ {
					go func() { wg.Done() }()
				}
				wg.Wait()
			}
		})
	}},
	{"skynet_1m", func() []figure {
		return each(1_000_000, func() {
			c := make(chan int)
			go skynet(c, 0, 1_000_000)
			check(<-c == 499_999_500_000)
		})
	}},
	{"select_2", func() []figure {
		const n = 500_000
		a, b := make(chan int, 1), make(chan int, 1)
		a <- 1
		b <- 1
		return each(n, func() {
			for i := 0; i < n; i++ {
				select {
				case v := <-a:
					a <- v
				case v := <-b:
					b <- v
				}
			}
		})
	}},
	{"select_16", func() []figure {
		const n = 200_000
		var c [16]chan int
		for i := range c {
			c[i] = make(chan int, 1)
			c[i] <- 1
		}
		return each(n, func() {
			for i := 0; i < n; i++ {
				select {
				case v := <-c[0]:
					c[0] <- v
				case v := <-c[1]:
					c[1] <- v
				case v := <-c[2]:
					c[2] <- v
				case v := <-c[3]:
					c[3] <- v
				case v := <-c[4]:
					c[4] <- v
				case v := <-c[5]:
					c[5] <- v
				case v := <-c[6]:
					c[6] <- v
				case v := <-c[7]:
					c[7] <- v
				case v := <-c[8]:
					c[8] <- v
				case v := <-c[9]:
					c[9] <- v
				case v := <-c[10]:
					c[10] <- v
				case v := <-c[11]:
					c[11] <- v
				case v := <-c[12]:
					c[12] <- v
				case v := <-c[13]:
					c[13] <- v
				case v := <-c[14]:
					c[14] <- v
				case v := <-c[15]:
					c[15] <- v
				}
			}
		})
	}},
	{"contended_channel", func() []figure { return contendedChannel(128) }},
	{"contended_rendezvous", func() []figure { return contendedChannel(0) }},
	{"mutex", func() []figure {
		const n = 10_000_000
		var m sync.Mutex
		return each(n, func() {
			for i := 0; i < n; i++ {
				m.Lock()
				m.Unlock()
			}
		})
	}},
	{"contended_mutex", func() []figure {
		const n, workers = 200_000, 8
		var m sync.Mutex
		count := 0
		r := parallel(workers, n, func() {
			m.Lock()
			count++
			m.Unlock()
		})
		check(count == n*workers)
		return r
	}},
	{"rw_mutex_read", func() []figure {
		const n = 5_000_000
		var m sync.RWMutex
		return each(n, func() {
			for i := 0; i < n; i++ {
				m.RLock()
				m.RUnlock()
			}
		})
	}},
	{"rw_mutex_write", func() []figure {
		const n = 5_000_000
		var m sync.RWMutex
		return each(n, func() {
			for i := 0; i < n; i++ {
				m.Lock()
				m.Unlock()
			}
		})
	}},
	{"rw_mutex_mixed", func() []figure { // 1 write in 10, by 8 goroutines
		const n, workers = 100_000, 8
		var m sync.RWMutex
		count := 0
		var wg sync.WaitGroup
		r := each(n*workers, func() {
			for w := 0; w < workers; w++ {
				wg.Add(1)
				go func() {
					for i := 0; i < n; i++ {
						if i%10 == 0 {
							m.Lock()
							count++
							m.Unlock()
						} else {
							m.RLock()
							if count < 0 {
								panic("negative")
							}
							m.RUnlock()
						}
					}
					wg.Done()
				}()
			}
			wg.Wait()
		})
		check(count == n*workers/10)
		return r
	}},
	{"wait_group", func() []figure {
		const n = 5_000_000
		var wg sync.WaitGroup
		return each(n, func() {
			for i := 0; i < n; i++ {
				wg.Add(1)
				wg.Done()
			}
		})
	}},
	{"once", func() []figure {
		const n = 50_000_000
		var o sync.Once
		return each(n, func() {
			for i := 0; i < n; i++ {
				o.Do(nothing)
			}
		})
	}},
	{"timers_1m", func() []figure { // made and stopped; an hour away
		const n = 1_000_000
		timers := make([]*time.Timer, n)
		return each(n, func() {
			for i := range timers {
				timers[i] = time.AfterFunc(time.Hour+time.Duration(i*7919%n), nothing)
			}
			for _, t := range timers {
				t.Stop()
			}
		})
	}},
	{"timers_fire", func() []figure {
		const n = 100_000
		var wg sync.WaitGroup
		wg.Add(n)
		return each(n, func() {
			for i := 0; i < n; i++ {
				time.AfterFunc(time.Duration(i%1000)*time.Microsecond, wg.Done)
			}
			wg.Wait()
		})
	}},
	{"parked_1m", func() []figure {
		const n = 1_000_000
		c := make(chan int)
		var wg sync.WaitGroup
		wg.Add(n)
		before := memory()
		start := time.Now()
		var parked sync.WaitGroup
		parked.Add(n)
		for i := 0; i < n; i++ {
			go func() {
				parked.Done()
				<-c
				wg.Done()
			}()
		}
		parked.Wait()
		runtime.Gosched()
		spawned := time.Since(start)
		used := memory() - before
		start = time.Now()
		close(c)
		wg.Wait()
		drained := time.Since(start)
		return []figure{{"ns", float64((spawned + drained).Nanoseconds()) / n},
			{"bytes", float64(used) / n}}
	}},
	{"cancel_tree_100k", func() []figure { // 10 children each, five levels down; made and cancelled
		count := 0
		return each(111_111, func() {
			root, cancel := context.WithCancel(context.Background())
			count = 0
			tree(root, 100_000, &count)
			cancel()
			check(count == 111_110)
		})
	}},
	{"wake_up", func() []figure { // from a send to the receiver running; the receiver is parked
		const n = 20_000
		c := make(chan time.Time)
		back := make(chan bool)
		waits := make([]float64, 0, n)
		go func() {
			for t := range c {
				waits = append(waits, float64(time.Since(t).Nanoseconds()))
				back <- true
			}
			close(back)
		}()
		for i := 0; i < n; i++ {
			for j := 0; j < 200; j++ {
				sink += j
			}
			c <- time.Now()
			<-back
		}
		close(c)
		<-back
		sort.Float64s(waits)
		return []figure{{"ns", waits[n/2]}, {"p99", waits[n*99/100]}}
	}},
}

var sink int

func nothing() {}

func check(ok bool) {
	if !ok {
		panic("wrong result")
	}
}

func skynet(c chan int, num, size int) {
	if size == 1 {
		c <- num
		return
	}
	rc := make(chan int)
	sum := 0
	for i := 0; i < 10; i++ {
		go skynet(rc, num+i*(size/10), size/10)
	}
	for i := 0; i < 10; i++ {
		sum += <-rc
	}
	c <- sum
}

func tree(parent context.Context, leaves int, count *int) {
	if leaves == 1 {
		return
	}
	for i := 0; i < 10; i++ {
		child, _ := context.WithCancel(parent)
		*count++
		tree(child, leaves/10, count)
	}
}

func parallel(workers, n int, f func()) []figure {
	var wg sync.WaitGroup
	return each(workers*n, func() {
		for w := 0; w < workers; w++ {
			wg.Add(1)
			go func() {
				for i := 0; i < n; i++ {
					f()
				}
				wg.Done()
			}()
		}
		wg.Wait()
	})
}

func contendedChannel(capacity int) []figure {
	const n, pairs = 50_000, 8
	c := make(chan int, capacity)
	var senders, receivers sync.WaitGroup
	return each(n*pairs, func() {
		for p := 0; p < pairs; p++ {
			senders.Add(1)
			receivers.Add(1)
			go func() {
				for i := 0; i < n; i++ {
					c <- i
				}
				senders.Done()
			}()
			go func() {
				for range c {
				}
				receivers.Done()
			}()
		}
		senders.Wait()
		close(c)
		receivers.Wait()
	})
}

// Resident memory and page tables, in bytes.
func memory() int64 {
	text, _ := os.ReadFile("/proc/self/status")
	sum := int64(0)
	for _, line := range strings.Split(string(text), "\n") {
		f := strings.Fields(line)
		if len(f) > 1 && (f[0] == "VmRSS:" || f[0] == "VmPTE:") {
			kb, _ := strconv.ParseInt(f[1], 10, 64)
			sum += kb * 1024
		}
	}
	return sum
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "version" {
		fmt.Println(runtime.Version())
		return
	}
	workers, _ := strconv.Atoi(os.Args[1])
	runtime.GOMAXPROCS(workers)
	for _, r := range rows {
		if len(os.Args) > 2 && os.Args[2] != r.name {
			continue
		}
		for _, f := range r.run() {
			fmt.Printf("%s %s %.3f\n", r.name, f.name, f.value)
		}
	}
}
