# shellcheck shell=bash disable=SC2154 # sourced by packaging/package, which sets the variables
# The tree that all packages hold, by the Filesystem Hierarchy Standard.

# What of Java the program uses, and helpers of it that are found by name alone.
modules=(java.base java.net.http java.security.sasl java.sql jdk.httpserver jdk.net jdk.unsupported)
# What libraries speak of for parts that are never used here: windows (Lanterna, JNA).
modules_not_needed=(java.desktop java.datatransfer)

# Prints the home of the newest JDK of this machine that can make runtimes.
newest_jdk() {
    local candidate number best='' best_number=0
    for candidate in /usr/lib/jvm/* "$JAVA_HOME"; do
        [ -x "$candidate/bin/jlink" ] && [ ! -L "$candidate" ] || continue
        number=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release" 2>/dev/null)
        [ "${number:-0}" -gt "$best_number" ] || continue
        # From 24 on a runtime may be linked without the jmods.
        [ -d "$candidate/jmods" ] || [ "$number" -ge 24 ] || continue
        best=$candidate best_number=$number
    done
    [ "$best_number" -ge 17 ] || die "no JDK from 17 on with jlink in /usr/lib/jvm"
    printf '%s' "$best"
}

# The modules that a program or its libraries name must be in one of the two lists, or come with those of the first.
check_modules() {
    local jdk=$1 jar module needed there missing=''
    mkdir "$work/classes"
    for jar in "$root/target/outguard.jar" "$root"/target/lib/*.jar; do
        unzip -q -o "$jar" '*.class' -d "$work/classes"
    done
    # As on a class path: descriptions of modules ask for each other by names.
    rm -rf "$work/classes/META-INF" "$work/classes/module-info.class"
    needed=$("$jdk/bin/jdeps" -s --ignore-missing-deps "$work/classes" | awk '$NF ~ /^(java|jdk)[.]/ { print $NF }' | sort -u)
    rm -rf "$work/classes"
    [ -n "$needed" ] || die "jdeps names no module"
    there=" $("$jdk/bin/java" --limit-modules "$(IFS=, && echo "${modules[*]}")" --list-modules | sed 's/@.*//' | tr '\n' ' ')"
    for module in $needed; do
        [[ "$there ${modules_not_needed[*]} " == *" $module "* ]] || missing+=" $module"
    done
    [ -z "$missing" ] || die "the program names modules that are in neither list of packaging/dist/tree.sh:$missing"
}

java_number() {
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

make_runtime() {
    local jdk=$1 into=$2
    # Elliptic curves of TLS, without which next to no server answers; from Java 22 on they are part of java.base.
    [ "$(java_number "$jdk")" -ge 22 ] || modules+=(jdk.crypto.ec)
    check_modules "$jdk"
    quietly "$jdk/bin/jlink" --add-modules "$(IFS=, && echo "${modules[*]}")" --strip-debug --no-header-files --no-man-pages \
        --output "$into" || die "jlink of $jdk failed"
    strip --strip-unneeded "$into"/bin/* "$into"/lib/{jexec,jspawnhelper,*.so} "$into"/lib/server/*.so
    # Each module has the same texts; links to them would dangle in some package formats.
    find "$into" -type l -exec sh -c 'for link; do cp --remove-destination "$(readlink -f "$link")" "$link"; done' sh {} +
}

version_flags() {
    [ "$1" -lt 24 ] || printf '%s' "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
}

# Options for a shell script: lists of words without any that need quotes.
launcher() {
    local home=$1 java=$2 classes=$3 number=$4 path='$home/outguard.jar' jar
    for jar in "$root"/target/lib/*.jar; do
        path+=':$home/lib/'${jar##*/}
    done
    HOME_LINES=$home JAVA_LINES=$(cat "$java") CLASSES=$classes CLASS_PATH=$path VM="${vm[*]}" VM_WATCH="${vm_watch[*]}" \
        VERSION_FLAGS=$(version_flags "$number") python3 - "$root/packaging/dist/outguard.sh" <<'PYTHON'
import os, sys
text = open(sys.argv[1]).read()
for name, key in [("HOME", "HOME_LINES"), ("JAVA", "JAVA_LINES"), ("CLASSES", "CLASSES"), ("CLASS_PATH", "CLASS_PATH"),
                  ("VM_WATCH", "VM_WATCH"), ("VM", "VM"), ("VERSION_FLAGS", "VERSION_FLAGS")]:
    text = text.replace(f"@{name}@", os.environ[key])
sys.stdout.write(text)
PYTHON
}

# The archive fits a runtime and jars of the same size and time, in whatever folder from Java 19 on.
classes_flag() {
    local linked=''
    [ "$1" -lt 24 ] || linked="-XX:+AOTClassLinking "
    printf '%s' "$linked-XX:SharedArchiveFile=\$home/classes.jsa"
}

make_tree() {
    local share=$tree/usr/share number
    number=$(java_number "$work/runtime")
    mkdir -p "$home"/{lib,native} "$tree"/usr/bin "$tree"/etc/outguard "$tree"/usr/lib/{systemd/system,sysusers.d,tmpfiles.d} \
        "$share"/{man/man5,man/man8,doc/outguard,bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
    cp "$root/target/outguard.jar" "$home/"
    "$root/packaging/dist/name-version" "$home/outguard.jar" "$version" || die "the jar cannot be given its version"
    cp "$root"/target/lib/*.jar "$home/lib/"
    if [ -n "$native_given" ]; then
        find "$native_given" -maxdepth 1 -type f -exec cp -t "$home/native" {} +
    else
        "$root/packaging/build-native" "$home/native" "$arch"
    fi
    # Those that come from other projects' jars are not.
    local strip=strip
    [ "$arch" = "$(uname -m)" ] || strip=llvm-strip
    "$strip" --strip-unneeded "$home"/native/{libjlinenative,libjnidispatch}.so
    cp -a "$work/runtime" "$home/runtime"
    launcher 'home=/usr/lib/outguard' "$root/packaging/dist/java-own.sh" "$(classes_flag "$number")" "$number" >"$tree/usr/bin/outguard"
    chmod 755 "$tree/usr/bin/outguard"
    cp "$root/packaging/outguard.toml" "$tree/etc/outguard/"
    cp "$root"/packaging/outguard{,-watcher,-actor}.service "$root/packaging/outguard-actor.socket" "$tree/usr/lib/systemd/system/"
    cp "$root/packaging/dist/sysusers.conf" "$tree/usr/lib/sysusers.d/outguard.conf"
    cp "$root/packaging/dist/tmpfiles.conf" "$tree/usr/lib/tmpfiles.d/outguard.conf"
    gzip -9n <"$root/packaging/man/outguard.8" >"$share/man/man8/outguard.8.gz"
    gzip -9n <"$root/packaging/man/outguard.toml.5" >"$share/man/man5/outguard.toml.5.gz"
    in_the_tree completion bash >"$share/bash-completion/completions/outguard"
    in_the_tree completion zsh >"$share/zsh/vendor-completions/_outguard"
    in_the_tree completion fish >"$share/fish/vendor_completions.d/outguard.fish"
    cp "$root/README.md" "$share/doc/outguard/"
    make_bill
    "$root/packaging/dist/notices" "$work/bill.json" "$home" "$root" "$share/doc/outguard" "$build_cache/sources"
    # For the head of the single file only (make_run).
    [ ! -e "$home/native/outguard-unpack" ] || mv "$home/native/outguard-unpack" "$work/unpack"
    without_libraries "$home"/lib/sqlite-jdbc-*.jar
    without_libraries "$home"/lib/jna-[0-9]*.jar
    find "$tree" -type f ! -perm -u+x -exec chmod 644 {} +
    find "$tree" -type f -perm -u+x -exec chmod 755 {} +
    find "$tree" -type d -exec chmod 755 {} +
    # Libraries are read, not run.
    find "$home/native" "$home/runtime/lib" -name '*.so' -exec chmod 644 {} +
    # As the archive of classes and every package will have them.
    stamp_times "$tree"
}

# A jar without the libraries of all systems that it brings, 11 MB: the one that is used lies in the folder of native parts.
without_libraries() {
    python3 - "$1" <<'PYTHON'
import os, sys, zipfile
jar = sys.argv[1]
with zipfile.ZipFile(jar) as whole, zipfile.ZipFile(jar + ".new", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as small:
    for entry in whole.infolist():
        if not (entry.filename.startswith("org/sqlite/native/") or entry.filename.endswith(("jnidispatch.so", "jnidispatch.dll", "libjnidispatch.jnilib", "libjnidispatch.a"))):
            small.writestr(entry, whole.read(entry), zipfile.ZIP_DEFLATED)
os.replace(jar + ".new", jar)
PYTHON
}

# The program with the runtime of the tree.
in_the_tree() {
    "$home/runtime/bin/java" -XX:TieredStopAtLevel=1 -cp "$home/outguard.jar:$home/lib/*" org.outguard.app.Main "$@"
}

make_bill() {
    say "the bill of materials"
    local plugin=org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeAggregateBom
    local maven=(mvn -B -ntp -q -f "$root/pom.xml" "$plugin" -Dcyclonedx.skipAttach=true -DoutputFormat=json
        -DoutputName=bill -DoutputDirectory="$work" -DincludeTestScope=false)
    silently "${maven[@]}" -o || quietly "${maven[@]}" || die "no bill of materials"
}

# With what Maven knows nothing of: the runtime and what is linked into the native parts (packaging/dist/notices).
write_bill() {
    cp "$tree/usr/share/doc/outguard/outguard.cdx.json" "$1"
}

stamp_times() {
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}
