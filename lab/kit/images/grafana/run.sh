#!/bin/sh
exec node --disable-warning=ExperimentalWarning /usr/share/grafana/lab/kit/grafana/main.ts "$@"
