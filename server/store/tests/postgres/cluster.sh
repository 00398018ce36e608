# Makes a cluster and serves it until its input ends, which it does with whoever holds the other
# end. Signals that a terminal sends to all its processes are for that one. Until then it takes
# orders, one a line.
trap '' HUP INT TERM
folder=$1 programs=$2 password=$3 ports=$4 primary=$5
cd "$folder" || exit 1
fail() { cat log >&2; cd /; rm -rf "$folder"; exit 1; }
control() { "$programs/pg_ctl" --pgdata=data --silent "$@" >>log 2>&1 </dev/null; }
start() { control --log=log --wait --options="-p $1" start; }

make_primary() {
    printf %s "$password" >password
    "$programs/initdb" --pgdata=data --username=customers --pwfile=password --auth=password \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions >log 2>&1 || fail
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=customers-test -addext subjectAltName=DNS:localhost \
        -addext basicConstraints=critical,CA:FALSE \
        -keyout data/server.key -out data/server.crt >>log 2>&1 || fail
    chmod 600 data/server.key
}

make_standby() {
    PGPASSWORD=$password "$programs/pg_basebackup" --pgdata=data --write-recovery-conf \
        --host=127.0.0.1 --port="$primary" --username=customers --checkpoint=fast --no-sync \
        >log 2>&1 </dev/null || fail
}

if [ -z "$primary" ]; then make_primary; else make_standby; fi
cat >>data/postgresql.conf <<END
listen_addresses = 'localhost'
ssl = on
unix_socket_directories = '$folder'
max_connections = 400
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
log_line_prefix = '%d|'
END
port=
for free in $ports; do
    if start "$free"; then
        port=$free
        break
    fi
done
[ -n "$port" ] || fail
echo "ready $port"
while read -r order; do
    case $order in
    start) start "$port" ;;
    stop) control --mode=immediate stop ;;
    promote) control --wait promote ;;
    esac
    echo "$?"
done
control --mode=immediate stop
cd /
rm -rf "$folder"
