# Arguments: the folder of the cluster, the folder of the programs, the folder of the socket, the
# settings.
trap '' HUP INT TERM
cd "$1" || exit 1
fail() {
    cat log >&2
    rm -rf "$1"
    exit 1
}
: >log
if [ ! -d data ]; then
    rm -rf unfinished
    "$2/initdb" --pgdata=unfinished --username=customers --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 --no-instructions >>log 2>&1 || fail "$3"
    mv unfinished data
fi
"$2/pg_ctl" --pgdata=data --log=log --wait --timeout=600 --silent \
    --options="-k '$3' $4" start >>log 2>&1 </dev/null || fail "$3"
echo ready
cat >/dev/null
"$2/pg_ctl" --pgdata=data --mode=fast --wait --timeout=600 --silent stop >>log 2>&1
rm -rf "$3"
