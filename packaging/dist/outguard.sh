#!/bin/sh
# Starts Outguard with the Java runtime beside it. Made by packaging/package.
@HOME@
if [ ! -e "$home/outguard.jar" ]; then
    echo "outguard: $home has no outguard.jar: the package is damaged" >&2
    exit 1
fi
@JAVA@
# Names of files are UTF-8 whatever the terminal shows; the screen is drawn by what was set.
export OUTGUARD_LOCALE="${OUTGUARD_LOCALE-${LC_ALL:-${LC_CTYPE:-${LANG-}}}}"
export LC_ALL=C.UTF-8
# One arena of malloc: each of those that threads get keeps some memory for itself.
export MALLOC_ARENA_MAX=1
[ "${1-}" != watch ] || watch="@VM_WATCH@"
# shellcheck disable=SC2086 # lists of options
exec "$home/native/outguard-terminal" ${OUTGUARD_UNPACKED:+--remove "$OUTGUARD_UNPACKED"} "$java" @VM@ ${watch-} $version @CLASSES@ \
    -Xlog:disable -Xlog:all=error:stderr -Djava.awt.headless=true -Doutguard.native="$home/native" \
    -Djna.boot.library.path="$home/native" -Djna.library.path="$home/native" -Djna.nounpack=true -Dlibrary.jline.path="$home/native" \
    ${OUTGUARD_UNPACKED:+-Doutguard.run-folder="$OUTGUARD_UNPACKED"} -cp "@CLASS_PATH@" org.outguard.app.Main "$@"
