# shellcheck shell=sh
# Installing what tests and measurements need, on Debian and as root. Sourced; not shipped.

# Installs $@. Their services are not to be started: the tests start their own, on ports and files of their own.
install_packages() {
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        trap 'exit 1' HUP INT TERM
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"
    } </dev/null >/dev/null
}
