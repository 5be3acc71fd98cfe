#!/bin/sh
# Libraries of web pages, for Maven: `web-libraries.sh SOURCE WORK TARGET`. SOURCE holds package.json, package-lock.json,
# .npmrc and `shipped`, which names the files of the packages that go to TARGET; `finish.mjs`, where there is one, then
# works on these. npm runs in WORK, and only when the lock has changed. Without npm the build goes on, except in the
# continuous integration: the pages say what is missing.
set -eu

source=$1
work=$2
target=$3
packages=$work/node_modules

without() {
    rm -rf "$target"
    if [ "${CI:-}" = true ]; then
        echo "[ERROR] web pages: $1" >&2
        exit 1
    fi
    echo "[WARNING] web pages: $1; pages of ${source%/src/*} will be missing"
    exit 0
}

# The lock that the packages were installed from lies among them.
install() {
    if cmp -s "$source/package-lock.json" "$packages/installed-from"; then
        return
    fi
    command -v npm >/dev/null || without "npm is not installed (Debian: apt-get install npm)"
    cp "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$work"
    (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1 </dev/null) \
        || without "npm could not install their libraries, see $work/npm.log"
    cp "$source/package-lock.json" "$packages/installed-from"
}

ship() {
    rm -rf "$target"
    sed '/^#/d' "$source/shipped" | while read -r file; do
        mkdir -p "$target/${file%/*}"
        cp -p "$packages/$file" "$target/$file"
    done
    if [ -e "$source/finish.mjs" ]; then
        node "$source/finish.mjs" "$target"
    fi
}

mkdir -p "$work"
install
ship
