#!/bin/sh
# Arguments that do not start with a command of the image go to node: options, and non-executable files.
set -e
if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null; then
  set -- node "$@"
fi
exec "$@"
