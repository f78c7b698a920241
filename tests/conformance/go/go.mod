module scenarios

go 1.26
