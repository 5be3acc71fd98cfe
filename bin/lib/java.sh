# shellcheck shell=sh
# Shared by the launchers: messages, finding a JDK, finding the program's jars.
# Sourced with `program` (the name people typed) and `bin` (this script's bin/ directory) set. Everything here writes to
# stderr only: stdout belongs to the program, and for `access` it carries a tunnel's bytes.
# shellcheck disable=SC2154 # program, bin

oldest_java=25

error() { printf '%s: error: %s\n' "$program" "$*" >&2; }
hint() { printf '%s: hint: %s\n' "$program" "$*" >&2; }
note() { printf '%s: %s\n' "$program" "$*" >&2; }

# Sets `version` of the Java home $1, empty when there is none. Reads the `release` file: starting each JVM to ask
# would cost more than the program's own start.
read_version() {
    version=
    [ -x "$1/bin/java" ] || return 0
    if [ -r "$1/release" ]; then
        while IFS='=' read -r key value; do
            if [ "$key" = JAVA_VERSION ]; then
                version=${value#\"}
                version=${version%%\"*}
            fi
        done <"$1/release"
    fi
    if [ -z "$version" ]; then
        version=$("$1/bin/java" -version 2>&1 </dev/null | sed -n 's/.* version "\([^"]*\)".*/\1/p')
    fi
}

# True when `version` and the home $1 will do. Building needs the compiler, which a bare runtime lacks.
will_do() {
    major=${version%%[!0-9]*}
    [ -n "$major" ] && [ "$major" -ge "$oldest_java" ] || return 1
    [ -z "$needs_compiler" ] || [ -x "$1/bin/javac" ]
}

# Considers the Java home $2, found by way of $1: remembers what it is for the message, succeeds when it will do.
consider() {
    read_version "$2"
    if will_do "$2"; then
        return 0
    elif [ -z "$version" ]; then
        what="no bin/java in it"
    elif [ "${version%%[!0-9]*}" -ge "$oldest_java" ]; then
        what="Java $version, a runtime without the compiler"
    else
        what="Java $version"
    fi
    found="$found
  $1: $2: $what"
    return 1
}

consider_variable() {
    if [ -n "$2" ]; then
        consider "$1" "$2"
    else
        found="$found
  $1: not set"
        return 1
    fi
}

consider_path() {
    if java_in_path=$(command -v java); then
        home=$(readlink -f "$java_in_path")
        home=${home%/bin/*}
        consider PATH "$home"
    else
        found="$found
  PATH: no java"
        return 1
    fi
}

# Of several that will do, the oldest: closest to what the tests ran on.
consider_directory() {
    best=
    best_major=
    rejected=$found
    for home in "$1"/*; do
        if [ -x "$home/bin/java" ] && [ ! -L "$home" ] && consider "$1" "$home" \
            && { [ -z "$best" ] || [ "$major" -lt "$best_major" ]; }; then
            best=$home
            best_major=$major
        fi
    done
    if [ -n "$best" ]; then
        home=$best
        return 0
    fi
    if [ "$rejected" = "$found" ]; then
        found="$found
  $1: no Java"
    fi
    return 1
}

# Sets `jdk` to the first Java home of CULVERT_JAVA_HOME, JAVA_HOME, PATH and the directory systems install them into
# that will do. None: says what was found where, exit 2. `needs_compiler` is non-empty when a build may follow.
find_jdk() {
    found=
    jvm_directory=${CULVERT_JVM_DIRECTORY:-/usr/lib/jvm}
    if consider_variable CULVERT_JAVA_HOME "${CULVERT_JAVA_HOME:-}"; then
        jdk=$CULVERT_JAVA_HOME
    elif consider_variable JAVA_HOME "${JAVA_HOME:-}"; then
        jdk=$JAVA_HOME
    elif consider_path; then
        jdk=$home
    elif consider_directory "$jvm_directory"; then
        jdk=$home
    else
        error "found no JDK $oldest_java or newer. Looked in:$found"
        hint "install a JDK $oldest_java (Debian: openjdk-$oldest_java-jdk where the release has it, else Eclipse Temurin $oldest_java), or set CULVERT_JAVA_HOME to one"
        exit 2
    fi
    read_version "$jdk"
}

# Sets `tree` to the directory that holds lib/gateway and lib/access: this script's own when it was shipped, else what
# the sources beside it build into.
find_tree() {
    tree=${bin%/bin}
    if [ -d "$tree/lib/gateway" ]; then
        needs_compiler=
        find_jdk
    else
        needs_compiler=yes
        find_jdk
        # shellcheck source=bin/lib/build.sh
        . "$bin/lib/build.sh"
        use_built_tree
    fi
}

# Sets `classpath` to the jars of $1, sorted, so that it is the one an AOT cache was made for.
find_classpath() {
    classpath=
    for jar in "$1"/*.jar; do
        classpath=$classpath${classpath:+:}$jar
    done
    if [ ! -e "$jar" ]; then
        error "$1 holds no jars"
        hint "unpack or build Culvert again"
        exit 2
    fi
}

# The client's JVM flags, in `access_flags`: a process that starts for one connection and must start fast. Both compilers
# stay on: without the second, AES has no intrinsics and bulk moves at half the rate. The JVM's log, on stdout by default,
# is off: it would mix with the tunnel's bytes. No -Xshare: it excludes an AOT cache.
access_flags="-XX:+UseSerialGC -XX:-UsePerfData -Xmx256m
-XX:+DisplayVMOutputToStderr -Xlog:disable"

# Makes the client's AOT cache in the tree $1 by running it once. Without the cache the client starts slower and works
# the same, so a failure is not reported. A cache serves only the very JDK build that made it; others ignore it.
train_access() {
    find_classpath "$1/lib/access"
    # shellcheck disable=SC2086 # flags are words
    if "$jdk/bin/java" $access_flags -XX:AOTCacheOutput="$1/lib/access/access.aot.new" -cp "$classpath" \
        dev.culvert.access.Main version >/dev/null 2>&1 </dev/null; then
        mv -f "$1/lib/access/access.aot.new" "$1/lib/access/access.aot" 2>/dev/null || :
    fi
    rm -f "$1/lib/access/access.aot.new"*
}
