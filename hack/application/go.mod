module rolloutguard.io/application

go 1.24
