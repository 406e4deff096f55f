#!/usr/bin/env bash
# Whether the broker at HOST PORT serves requests: it is asked for the versions that it speaks (ApiVersions, version 0), and
# the head of its answer is compared. A health check every few seconds must not start a JVM, as Kafka's own tools do.
#   bash ready.sh 127.0.0.1 9091
set -eu

exec 3<>"/dev/tcp/$1/$2"
# Length 10; key 18, version 0, correlation id 1, no client id.
printf '\0\0\0\x0a\0\x12\0\0\0\0\0\x01\xff\xff' >&3
# Past its length: the same correlation id, and no error.
head -c 10 <&3 | tail -c 6 | cmp -s - <(printf '\0\0\0\x01\0\0')
