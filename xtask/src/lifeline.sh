# Runs "$3"... in this process group and ends the whole group when standard input closes, that is, when
# xtask lets go of it: on purpose, by Ctrl-C, or because it was killed. $1 is the signal that asks for the
# end, $2 a directory to remove afterwards, or nothing.
signal=$1 trash=$2
shift 2
exec 3<&0
trap : INT TERM HUP QUIT
"$@" 3<&- </dev/null &
child=$!
(
    trap : INT TERM HUP QUIT
    cat <&3 >/dev/null
    kill -s "$signal" -- -$$
    tries=0
    while kill -0 $child 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
    [ -z "$trash" ] || rm -rf -- "$trash"
    kill -s KILL -- -$$
) &
watch=$!
wait $child 2>/dev/null
status=$?
while kill -0 $child 2>/dev/null; do wait $child 2>/dev/null; status=$?; done
# The child ended by itself: what it left behind in this group ends with it.
kill -s KILL $watch 2>/dev/null
kill -s TERM -- -$$
[ -z "$trash" ] || rm -rf -- "$trash"
exit $status
