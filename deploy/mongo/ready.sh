#!/usr/bin/env bash
# Whether mongod at HOST PORT answers: to a request of HTTP it says in one line that it speaks something else. A health check
# every few seconds must not start a shell of its own runtime, as mongosh is.
#   bash ready.sh mongo 27017
set -eu

exec 3<>"/dev/tcp/$1/$2"
printf 'GET / HTTP/1.0\r\n\r\n' >&3
grep -q MongoDB <&3
