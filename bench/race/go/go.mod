module snag/bench/race

go 1.24
