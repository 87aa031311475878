#!/bin/sh
exec node --disable-warning=ExperimentalWarning /usr/share/grafana/offline/grafana/main.ts "$@"
