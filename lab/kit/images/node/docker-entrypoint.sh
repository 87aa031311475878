#!/bin/sh
# What is no command of the image is for node: options, and files that are not executable.
set -e
if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null; then
  set -- node "$@"
fi
exec "$@"
