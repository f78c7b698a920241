// SPDX-License-Identifier: Apache-2.0
// The scenarios of process_program.cpp as a Go program, under the same names: messages_go_test compares what the two
// print and how they end.
package main

import (
	"errors"
	"math"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type named struct{ text string }

func (n named) String() string { return "shown as " + n.text }

type odd struct{ x int }

type color int

// Starts f and waits until it has parked and main is the only one left running; then main waits for ever.
func stuck(f func()) {
	go f()
	runtime.Gosched()
	var never chan int
	<-never
}

func besideAWaiter() {
	go func() { <-never }()
	time.Sleep(20 * time.Millisecond)
}

func quitBeside(f func()) {
	go f()
	time.Sleep(20 * time.Millisecond)
	syscall.Kill(os.Getpid(), syscall.SIGQUIT)
	time.Sleep(time.Hour)
}

func deep(n int) int {
	if n == 0 {
		panic("at the bottom")
	}
	return deep(n-1) + 1
}

func overflow(n int) int { return overflow(n+1) + 1 }

func recoverAndPanic(what any) {
	defer func() {
		if r := recover(); r != nil {
			if what == nil {
				panic(r)
			}
			panic(what)
		}
	}()
	panic("first")
}

var never = make(chan int)

var scenarios = map[string]func(){
	"panic_text":     func() { panic("boom") },
	"panic_lines":    func() { panic("one\ntwo\nthree") },
	"panic_error":    func() { panic(errors.New("an error")) },
	"panic_stringer": func() { panic(named{"text"}) },
	"panic_int":      func() { panic(42) },
	"panic_bool":     func() { panic(true) },
	"panic_double":   func() { panic(1.5) },
	"panic_large":    func() { panic(100_000_000.0) },
	"panic_precise":  func() { panic(1234567.5) },
	"panic_small":    func() { panic(0.00001) },
	"panic_single":   func() { panic(float32(123456.789)) },
	"panic_zero":     func() { panic(math.Copysign(0, -1)) },
	"panic_nan":      func() { panic(math.NaN()) },
	"panic_infinite": func() { panic(math.Inf(1)) },
	"panic_enum":     func() { panic(color(3)) },
	"throw_double":   func() { panic(1e8) },
	"throw_short":    func() { panic(int16(-5)) },
	"throw_byte":     func() { panic(byte(65)) },
	"panic_other":    func() { panic(odd{7}) },
	"panic_pointer":  func() { panic(new(int)) },
	"panic_in_goroutine": func() {
		go func() { panic("in a goroutine") }()
		<-never
	},
	"panic_deep":     func() { deep(200) },
	"panic_not_deep": func() { deep(50) },
	"panic_in_defer": func() {
		defer func() { panic("second") }()
		panic("first")
	},
	"panic_in_defer_after_another": func() {
		defer func() {
			func() {
				defer func() { recover() }()
				panic("handled")
			}()
			panic("second")
		}()
		panic("first")
	},
	"panic_in_defer_of_once_func": func() {
		f := sync.OnceFunc(func() { panic("once") })
		func() {
			defer func() { recover() }()
			f()
		}()
		defer func() { panic("second") }()
		f()
	},
	"panic_in_defer_of_defer": func() {
		defer func() {
			defer func() { panic("third") }()
			panic("second")
		}()
		panic("first")
	},
	"panic_recovered_in_defer": func() {
		defer recoverAndPanic("second")
		panic("outer")
	},
	"panic_repanicked_in_defer": func() {
		defer recoverAndPanic(nil)
		panic("outer")
	},
	"panic_in_defer_of_recovery": func() {
		defer func() {
			recover()
			defer func() { panic("third") }()
			panic("second")
		}()
		panic("first")
	},
	"panic_repanicked_and_another": func() {
		defer func() {
			recover()
			panic("second")
		}()
		recoverAndPanic(nil)
	},
	"panic_another_repanicked": func() {
		defer func() { panic(recover()) }()
		recoverAndPanic("second")
	},
	"panic_three": func() {
		defer func() {
			recover()
			panic("third")
		}()
		recoverAndPanic("second")
	},
	"panic_recovered":  func() { recoverAndPanic("second") },
	"panic_repanicked": func() { recoverAndPanic(nil) },
	"panic_after_goexit": func() {
		go func() {
			defer func() { panic("during goexit") }()
			runtime.Goexit()
		}()
		<-never
	},
	"panic_all_defers": func() {
		defer os.Stderr.WriteString("outer\n")
		func() {
			defer os.Stderr.WriteString("inner\n")
			panic("after the defers")
		}()
	},
	"send_closed": func() {
		c := make(chan int, 1)
		close(c)
		c <- 1
	},
	"close_closed": func() {
		c := make(chan int)
		close(c)
		close(c)
	},
	"close_nil": func() {
		var c chan int
		close(c)
	},
	"wait_group_negative": func() { new(sync.WaitGroup).Done() },
	"unlock_unlocked":     func() { new(sync.Mutex).Unlock() },
	"rw_unlock_unlocked":  func() { new(sync.RWMutex).Unlock() },
	"rw_runlock_unlocked": func() { new(sync.RWMutex).RUnlock() },
	"go_nil": func() {
		var f func()
		go f()
		<-never
	},
	"go_nil_beside_another": func() {
		besideAWaiter()
		var f func()
		go f()
	},
	"unlock_beside_another": func() {
		besideAWaiter()
		new(sync.Mutex).Unlock()
	},
	"panic_beside_another": func() {
		besideAWaiter()
		panic("alone")
	},
	"unlock_in_try": func() {
		defer func() { recover() }()
		new(sync.Mutex).Unlock()
	},
	"stack_overflow": func() { overflow(0) },
	"exit_7": func() {
		defer os.Stderr.WriteString("must not be seen\n")
		os.Exit(7)
	},
	"main_returns": func() {
		go func() {
			defer os.Stderr.WriteString("must not be seen\n")
			<-never
		}()
		runtime.Gosched()
	},
	"goexit_alone":         func() { runtime.Goexit() },
	"goexit_others_first":  func() { go func() { os.Stderr.WriteString("the other one\n") }(); runtime.Goexit() },
	"goexit_others_stuck":  func() { go func() { <-never }(); runtime.Goexit() },
	"deadlock_receive":     func() { stuck(func() { <-never }) },
	"deadlock_send":        func() { stuck(func() { never <- 1 }) },
	"deadlock_receive_nil": func() { stuck(func() { var c chan int; <-c }) },
	"deadlock_send_nil":    func() { stuck(func() { var c chan int; c <- 1 }) },
	"deadlock_select": func() {
		stuck(func() {
			select {
			case <-never:
			case never <- 1:
			}
		})
	},
	"deadlock_select_receive": func() {
		stuck(func() {
			select {
			case <-never:
			}
		})
	},
	"deadlock_select_send": func() {
		stuck(func() {
			select {
			case never <- 1:
			}
		})
	},
	"deadlock_select_receive_nil": func() {
		stuck(func() {
			var c chan int
			select {
			case <-c:
			}
		})
	},
	"deadlock_select_send_nil": func() {
		stuck(func() {
			var c chan int
			select {
			case c <- 1:
			}
		})
	},
	"deadlock_select_nil": func() {
		stuck(func() {
			var c chan int
			select {
			case <-c:
			case c <- 1:
			}
		})
	},
	"deadlock_select_none": func() { stuck(func() { select {} }) },
	"deadlock_mutex": func() {
		stuck(func() {
			var m sync.Mutex
			m.Lock()
			m.Lock()
		})
	},
	"deadlock_rlock": func() {
		stuck(func() {
			var m sync.RWMutex
			m.Lock()
			m.RLock()
		})
	},
	"deadlock_wlock": func() {
		stuck(func() {
			var m sync.RWMutex
			m.RLock()
			m.Lock()
		})
	},
	"deadlock_wait_group": func() {
		stuck(func() {
			var w sync.WaitGroup
			w.Add(1)
			w.Wait()
		})
	},
	"deadlock_cond": func() {
		stuck(func() {
			c := sync.NewCond(new(sync.Mutex))
			c.L.Lock()
			c.Wait()
		})
	},
	"deadlock_range": func() {
		stuck(func() {
			for range never {
			}
		})
	},
	"deadlock_main_alone": func() { <-never },
	"deadlock_locked": func() {
		runtime.LockOSThread()
		<-never
	},
	"deadlock_locked_goroutine": func() {
		stuck(func() {
			runtime.LockOSThread()
			<-never
		})
	},
	"deadlock_locked_main_gone": func() {
		runtime.LockOSThread()
		go func() { <-never }()
		runtime.Goexit()
	},
	"deadlock_after_timer": func() {
		time.Sleep(20 * time.Millisecond)
		<-never
	},
	"quit_sleep":   func() { quitBeside(func() { time.Sleep(time.Hour) }) },
	"quit_receive": func() { quitBeside(func() { <-never }) },
	"quit_running": func() {
		quitBeside(func() {
			var n atomic.Int64
			for {
				n.Add(1)
			}
		})
	},
}

func main() {
	scenario, known := scenarios[os.Args[1]]
	if !known {
		os.Exit(64)
	}
	scenario()
}
