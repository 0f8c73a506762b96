# The version of a Java; its release file tells, and where there is none it is asked.
java_version() {
    jre=$(readlink -f "$1") || return 1
    number=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "${jre%/bin/java}/release" 2>/dev/null)
    [ -n "$number" ] || number=$("$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
    [ -n "$number" ]
}
number=0
for java in ${JAVA_HOME:+"$JAVA_HOME/bin/java"} /usr/bin/java /usr/lib/jvm/*/bin/java; do
    [ -x "$java" ] && java_version "$java" && [ "$number" -ge 17 ] && break
    number=0
done
if [ "$number" = 0 ]; then
    echo "outguard: no Java 17 or later (JAVA_HOME, /usr/bin/java, /usr/lib/jvm); to install one: apt install default-jre-headless" >&2
    exit 1
fi
version=
[ "$number" -lt 24 ] || version="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
