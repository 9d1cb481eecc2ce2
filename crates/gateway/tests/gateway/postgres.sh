# Makes a PostgreSQL of its own in a new folder, says where, and serves until its standard input ends.
# $1: the folder of the programs.
set -eu
umask 077
folder=$(mktemp -d)
server=
end() {
    # The folder goes anyway: there is nothing to put in order.
    [ -z "$server" ] || kill -QUIT "$server" || true
    wait
    rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' HUP INT TERM
"$1/initdb" --pgdata "$folder/data" --username postgres --encoding UTF8 --locale C --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
# The tests end gateways, never the machine. Each gateway may hold 13 connections, and the server is slow
# to let go of those of gateways that have ended: 200 of them were used up on a busy machine.
cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 1000
fsync = off
full_page_writes = off
CONF
cat >"$folder/data/pg_hba.conf" <<HBA
local all keeper scram-sha-256
local all all trust
HBA
"$1/postgres" -D "$folder/data" >"$folder/log" 2>&1 &
server=$!
until "$1/pg_isready" --quiet --host "$folder"; do
    kill -0 "$server"
done
echo "$folder"
cat >/dev/null
