#!/bin/sh
exec node /usr/share/grafana/main.ts "$@"
