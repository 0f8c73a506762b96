# shellcheck shell=bash disable=SC2154 # sourced by packaging/package, which sets the variables
# One function for each kind of package; each works on a copy of the tree.

# Fills in the @NAME@ of a template:  fill FILE NAME=VALUE...
fill() {
    python3 -c '
import sys
text = open(sys.argv[1]).read()
for pair in sys.argv[2:]:
    name, value = pair.split("=", 1)
    text = text.replace(f"@{name}@", value)
sys.stdout.write(text)' "$@"
}

copy_of_tree() {
    rm -rf "$1"
    cp -a "$tree" "$1"
}

make_deb() {
    copy_of_tree "$work/deb"
    local own="libc6 (>= 2.28), zlib1g"
    deb_of "$work/deb" outguard "$own" "outguard-system-jre" \
        " This package has a Java runtime of its own and needs none."
}

make_system_jre() {
    local copy=$work/system-jre
    copy_of_tree "$copy"
    rm -rf "$copy/usr/lib/outguard/runtime" "$copy/usr/lib/outguard/classes.jsa" "$copy/usr/share/doc/outguard/licenses/runtime"
    launcher 'home=/usr/lib/outguard' "$root/packaging/dist/java-any.sh" '' 0 >"$copy/usr/bin/outguard"
    mv "$copy/usr/share/doc/outguard" "$copy/usr/share/doc/outguard-system-jre"
    deb_of "$copy" outguard-system-jre "default-jre-headless (>= 2:1.17) | java17-runtime-headless | java-runtime-headless (>= 17), libc6 (>= 2.28)" "outguard" \
        " This package runs with the Java of the machine, from 17 on; the package
 outguard brings one."
}

deb_of() {
    local copy=$1 name=$2 depends=$3 other=$4 about=$5 doc=$1/usr/share/doc/$2 file
    gzip -9n "$doc/README.md" "$doc/NOTICE" "$doc/outguard.cdx.json"
    fill "$root/packaging/dist/deb/changelog" NAME="$name" VERSION="$version" \
        DATE="$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.gz"
    mkdir -p "$copy/DEBIAN" "$copy/usr/share/lintian/overrides"
    fill "$root/packaging/dist/deb/overrides" NAME="$name" >"$copy/usr/share/lintian/overrides/$name"
    [ "$name" = outguard ] || sed -i '1,2d' "$copy/usr/share/lintian/overrides/$name"
    fill "$root/packaging/dist/deb/control" NAME="$name" VERSION="$version" ARCH="$deb_arch" DEPENDS="$depends" OTHER="$other" \
        ABOUT="$about" SIZE="$(du -sk --apparent-size --exclude=DEBIAN "$copy" | cut -f 1)" >"$copy/DEBIAN/control"
    echo /etc/outguard/outguard.toml >"$copy/DEBIAN/conffiles"
    for file in postinst prerm postrm config templates; do
        cp "$root/packaging/dist/deb/$file" "$copy/DEBIAN/"
    done
    cp "$root/packaging/dist/standing.sh" "$copy/usr/lib/outguard/"
    chmod 644 "$copy/DEBIAN"/* "$copy/usr/lib/outguard/standing.sh"
    chmod 755 "$copy/DEBIAN"/{postinst,prerm,postrm,config}
    (cd "$copy" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$copy/DEBIAN/md5sums"
    stamp_times "$copy"
    # Debian 11's dpkg knows no zstd. One thread: with several the bytes depend on their number.
    DPKG_DEB_THREADS_MAX=1 dpkg-deb --root-owner-group -Zxz -z"${quick:+0}${quick:-9}" --build "$copy" \
        "$out/${name}_${version}_$deb_arch.deb" >/dev/null
    rm -rf "$copy"
}

make_rpm() {
    local copy=$work/rpm top=$work/rpmbuild
    copy_of_tree "$copy"
    mkdir -p "$copy/usr/share/zsh/site-functions"
    mv "$copy/usr/share/zsh/vendor-completions/_outguard" "$copy/usr/share/zsh/site-functions/"
    rmdir "$copy/usr/share/zsh/vendor-completions"
    cp "$root/packaging/dist/standing.sh" "$copy/usr/lib/outguard/"
    # As rpm's distributions have libraries, and Debian does not.
    find "$copy/usr/lib/outguard" -name '*.so' -exec chmod 755 {} +
    stamp_times "$copy"
    mkdir -p "$top"/{SPECS,BUILD,RPMS,BUILDROOT,SOURCES}
    # A version of rpm has no dash; the tilde means the same.
    fill "$root/packaging/dist/rpm/outguard.spec" VERSION="$version" TREE="$copy" \
        DATE="$(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH" '+%a %b %d %Y')" >"$top/SPECS/outguard.spec"
    quietly rpmbuild -bb --target "$arch-linux" --define "_topdir $top" --define "_rpmdir $work/rpms" --define "_buildhost outguard" \
        --define "use_source_date_epoch_as_buildtime 1" --define "clamp_mtime_to_source_date_epoch 1" \
        --define "_binary_payload w${quick:+1}${quick:-9}.xzdio" --define "_build_id_links none" \
        --define "__os_install_post %{nil}" "$top/SPECS/outguard.spec" || die "rpmbuild failed"
    mv "$work"/rpms/*/*.rpm "$out/outguard-$version-1.$arch.rpm"
    rm -rf "$copy" "$top" "$work/rpms"
}

# The tree under one folder, to be put anywhere: what is in /usr elsewhere is at its top.
movable_tree() {
    local into=$1 number
    number=$(java_number "$work/runtime")
    rm -rf "$into"
    mkdir -p "$into"
    cp -a "$tree/usr/." "$into/"
    cp -a "$tree/etc" "$into/"
    launcher "$(cat "$root/packaging/dist/home-moved.sh")" "$root/packaging/dist/java-own.sh" "$(classes_flag "$number")" \
        "$number" >"$into/bin/outguard"
    stamp_times "$into"
}

sorted_tar() {
    tar -C "$1" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=gnu -cf - "$2"
}

make_tar() {
    local name=outguard-$version-linux-$arch
    movable_tree "$work/$name"
    sorted_tar "$work" "$name" | zstd -q "-${quick:+1}${quick:-19}" -T1 -f -o "$out/$name.tar.zst"
    rm -rf "${work:?}/$name"
}

# A script, a program that unpacks, and an archive. tar and gzip are on the smallest Debian, RHEL or SUSE; zstd and xz are not.
make_run() {
    local copy=$work/run file=$out/outguard-$version-linux-$arch.run size
    [ -e "$work/unpack" ] || die "$native_given has no outguard-unpack (make -C native unpack OUT=$native_given)"
    movable_tree "$copy"
    rm -rf "$copy"/lib/{systemd,sysusers.d,tmpfiles.d} "$copy"/share/{bash-completion,zsh,fish}
    size=$(du -sk "$copy" | cut -f 1)
    sorted_tar "$copy" . | zstd -q "-${quick:+1}${quick:-19}" -T1 --check -f -o "$work/payload"
    gzip -9 -n <"$work/unpack" >"$work/unpack.gz"
    fill "$root/packaging/dist/run.sh" VERSION="$version" KILOBYTES="$size" ARCH="$arch" UNPACK="$(stat -c %s "$work/unpack.gz")" \
        ARCHIVE="$(stat -c %s "$work/payload")" >"$work/head"
    cat "$work/head" "$work/unpack.gz" "$work/payload" >"$file"
    chmod 755 "$file"
    rm -rf "$copy" "$work"/{payload,unpack.gz,head}
}

print_sizes() {
    local file bytes most=$((40 * 1000 * 1000)) large=''
    printf '\n| file | MB |\n| --- | --- |\n'
    for file in "$out"/*"$version"*.{deb,rpm,tar.zst,run}; do
        [ -e "$file" ] || continue
        bytes=$(stat -c %s "$file")
        printf '| %s | %d.%d |\n' "${file##*/}" $((bytes / 1000000)) $((bytes % 1000000 / 100000))
        [ "$bytes" -le "$most" ] || [ -n "$quick" ] || large+=" ${file##*/}"
    done
    printf '\nin %s\n' "$out"
    [ -z "$large" ] || die "more than 40 MB:$large"
}
