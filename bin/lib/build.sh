# shellcheck shell=sh
# The launchers in a source tree: builds the product on first use and when its sources changed. Sourced by java.sh;
# not shipped.
#
# Maven builds gateway/dist/target/culvert. Each finished build is copied to target/launch/tree.<number> and programs
# run from the copy, so a later build never changes jars under a running one. A running program holds a shared lock
# on its copy; a build removes the copies nobody holds, except the last one, which someone may be about to start from.
# shellcheck disable=SC2154 # program, bin, jdk, version

root=${bin%/bin}
built=$root/gateway/dist/target/culvert
launch=$root/target/launch

# True when a product source is newer than the start of the last good build. Tests and documents are not sources.
# A directory's time tells of a removed or renamed file. Also when npm is there now, and was not.
sources_changed() {
    [ -e "$launch/stamp" ] && [ -d "$launch/current/lib/gateway" ] || return 0
    if [ -e "$launch/without-npm" ] && command -v npm >/dev/null; then
        return 0
    fi
    [ -n "$(cd "$root" && find . \( -name target -o -name node_modules -o -name '.?*' -o -path '*/src/test' -o -path './bench' \) -prune -o \
        \( -path '*/src/main*' -o -name pom.xml -o -name 'package*.json' -o -path './bin/*' \) \
        -newer "$launch/stamp" -print -quit)" ]
}

# Sets `tree`. Inside bin/test, which holds the build lock, that is Maven's own output as it stands.
use_built_tree() {
    if [ -n "${CULVERT_BUILD_LOCK_HELD:-}" ]; then
        tree=$built
        return
    fi
    if sources_changed; then
        lock_builds
        # Someone else may have built it while this one waited.
        if sources_changed; then
            build
        fi
        exec 9>&-
    fi
    tree=$(readlink -f "$launch/current")
    if command -v flock >/dev/null; then
        exec 8<"$tree/in-use"
        flock -s 8
    fi
}

# One build at a time: the lock is file descriptor 9. Without flock (not Linux) builds are simply not guarded.
lock_builds() {
    mkdir -p "$launch" || exit 1
    exec 9>"$launch/lock"
    command -v flock >/dev/null || return 0
    if ! flock -n 9; then
        note "waiting for another build of this tree to finish"
        flock 9
    fi
}

build() {
    if ! command -v mvn >/dev/null; then
        error "Culvert is not built yet, and Maven (mvn) is not in PATH"
        hint "install Maven 3.8 or newer (Debian: apt-get install maven)"
        exit 2
    fi
    note "building Culvert with JDK $version from $jdk (log: target/launch/build.log)"
    touch "$launch/stamp.new"
    run_maven
    if [ "$(cat "$launch/exit-status")" != 0 ]; then
        error "the build failed. The end of $launch/build.log:"
        grep -E '^\[(ERROR|FATAL)\]|BUILD FAILURE' "$launch/build.log" | tail -n 25 >&2
        exit 1
    fi
    rm -f "$launch/without-npm"
    if grep -q '^\[WARNING\] web pages: npm is not installed' "$launch/build.log"; then
        touch "$launch/without-npm"
    fi
    keep_tree
    mv -f "$launch/stamp.new" "$launch/stamp"
    note "built"
}

# Maven must not read the tunnel's bytes on stdin nor write to stdout. Its output goes to the log; one line for each
# module goes to stderr, and what web pages are without. It inherits the lock: should this script be killed, the lock lasts as long as Maven does.
run_maven() {
    echo 1 >"$launch/exit-status"
    {
        cd "$root" && JAVA_HOME=$jdk mvn -B -ntp -Dmaven.test.skip=true package -pl gateway/dist -am && status=0 || status=$?
        echo "$status" >"$launch/exit-status"
    } </dev/null 2>&1 | program=$program log_file=$launch/build.log awk '
        BEGIN { program = ENVIRON["program"]; log_file = ENVIRON["log_file"]; printf "" > log_file }
        { print > log_file; fflush(log_file) }
        /^\[INFO\] Building .*\[[0-9]+\/[0-9]+\]$/ {
            count = $NF
            sub(/^\[INFO\] Building /, "")
            sub(/ [^ ]+ +\[[^ ]*$/, "")
            print program ": " count " " $0 > "/dev/stderr"
        }
        sub(/^\[WARNING\] web pages: /, "") { print program ": web pages: " $0 > "/dev/stderr" }' >&2
}

# Copies what Maven made to a tree of its own, makes it the current one and removes the trees nobody runs from.
keep_tree() {
    next=$launch/tree.$(date +%s).$$
    cp -Rp "$built" "$next" && : >"$next/in-use" || exit 1
    note "preparing the client's start-up cache"
    train_access "$next"
    last=$(readlink -f "$launch/current" || :)
    ln -sfn "${next##*/}" "$launch/current"
    command -v flock >/dev/null || return 0
    for old in "$launch"/tree.*; do
        if [ "$old" != "$next" ] && [ "$old" != "$last" ] && flock -n "$old/in-use" true; then
            rm -rf "$old"
        fi
    done
}
