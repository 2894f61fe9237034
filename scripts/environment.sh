#!/bin/sh
# Makes .venv and installs the locked requirements into it: a first run does it all, a later one finds it done.
#
#   scripts/environment.sh          what `make run` needs (requirements.txt)
#   scripts/environment.sh dev      also what `make test` and `make check` need (requirements-dev.txt)
#
# PYTHON=python3.12 chooses the interpreter. Needs nothing but a POSIX shell, Python 3.11-3.13 with venv, and, where there is one, uv.
set -eu

cd "$(dirname "$0")/.."
venv=.venv
stamp=$venv/.requirements-installed     # what was installed: one line a requirements file, its checksum and the interpreter's version
unfinished=$venv/.installing            # stands while packages are being installed
supported='import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else 1)'

say() { printf '%s\n' "$*" >&2; }
fail() { say "sanctions-watch: $*"; exit 1; }

files=requirements.txt
[ "${1:-}" = dev ] && files="$files requirements-dev.txt"

checksum() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1" | cut -c1-64; else cksum "$1" | tr ' ' '-'; fi
}

# A shim of pyenv or asdf is there also where its Python is not: only an interpreter that answers counts.
answers() { "$1" -c "$supported" </dev/null >/dev/null 2>&1; }

base_of() { "$1" -c 'import os, sys; print(os.path.realpath(sys.base_prefix), sys.version.split()[0])' </dev/null 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        answers "$PYTHON" || fail "PYTHON=$PYTHON is no Python 3.11, 3.12 or 3.13 that answers: name another."
        echo "$PYTHON"
        return
    fi
    for candidate in python3.13 python3.12 python3.11 python3 python; do
        if command -v "$candidate" >/dev/null 2>&1 && answers "$candidate"; then echo "$candidate"; return; fi
    done
    if has_uv; then
        candidate=$(uv python find --no-python-downloads '>=3.11,<3.14' 2>/dev/null || true)
        if [ -n "$candidate" ] && answers "$candidate"; then echo "$candidate"; return; fi
    fi
    fail "no Python 3.11, 3.12 or 3.13 found: install one (Debian: apt install python3 python3-venv), or name it: make run PYTHON=/path/to/python3.12"
}

has_uv() { command -v uv >/dev/null 2>&1 && uv --version </dev/null >/dev/null 2>&1; }

wanted() {
    for file in $files; do echo "$file $(checksum "$file") $1"; done
}

is_done() {
    [ -x $venv/bin/python ] && [ -f "$stamp" ] && [ ! -e $unfinished ] || return 1
    if [ -n "${PYTHON:-}" ]; then
        answers "$PYTHON" || fail "PYTHON=$PYTHON is no Python 3.11, 3.12 or 3.13 that answers: name another."
        [ "$(base_of "$PYTHON")" = "$(base_of $venv/bin/python)" ] || return 1
    fi
    version=$($venv/bin/python -c 'import sys; print(sys.version.split()[0])' 2>/dev/null) || return 1
    wanted "$version" | while read -r line; do grep -qxF "$line" "$stamp" || return 1; done
}

# The command, usable from any folder: it runs from this checkout, which is not installed as a package.
write_command() {
    cat >$venv/bin/sanctions-watch.new <<'COMMAND'
#!/bin/sh
# Runs the command from the checkout that this environment belongs to.
bin=$(dirname "$(readlink -f "$0")")
PYTHONPATH=$(readlink -f "$bin/../../plugins")${PYTHONPATH:+:$PYTHONPATH}
export PYTHONPATH
exec "$bin/python" -P -c 'import sys; sys.argv[0] = "sanctions-watch"; from sanctions_watch.cli import main; sys.exit(main())' "$@"
COMMAND
    chmod 755 $venv/bin/sanctions-watch.new
    mv $venv/bin/sanctions-watch.new $venv/bin/sanctions-watch
}

make_venv() {
    python=$(find_python) || exit 1
    if [ -x $venv/bin/python ]; then
        if [ -e $unfinished ]; then
            say "An earlier installation was interrupted: $venv is made anew."
        elif ! answers $venv/bin/python; then
            say "The Python of $venv no longer answers: it is made anew."
        elif [ -n "${PYTHON:-}" ] && [ "$(base_of "$PYTHON")" != "$(base_of $venv/bin/python)" ]; then
            say "$venv belongs to another Python than $PYTHON: it is made anew."
        else
            return 0
        fi
    fi
    [ ! -e $venv ] || [ -f $venv/pyvenv.cfg ] || [ -e $unfinished ] || fail "$venv is in the way and is no Python environment: move it away."
    rm -rf $venv
    mkdir $venv
    : >$unfinished
    say "Making $venv with $("$python" --version 2>&1) ..."
    if "$python" -c 'import ensurepip, venv' </dev/null >/dev/null 2>&1; then
        "$python" -m venv $venv || fail "$python -m venv failed: see the lines above."
    elif has_uv; then
        uv venv --quiet --allow-existing --python "$python" $venv || fail "uv venv failed: see the lines above."
    else
        rm -rf $venv
        fail "$python has no venv and ensurepip: install them (Debian and Ubuntu: apt install python3-venv, or python3.X-venv for another version than the system's), or install uv."
    fi
}

# --no-deps: the lock is complete, and older versions of pip take a dependency with extras (celery[redis]) for one without a pin.
install_with_uv() {
    # shellcheck disable=SC2046,SC2086 # a list of options
    uv pip install --quiet --python $venv/bin/python --compile-bytecode --no-deps --require-hashes $(printf ' -r %s' $files)
}

install_with_pip() {
    # shellcheck disable=SC2046,SC2086 # a list of options
    $venv/bin/python -m pip install --quiet --quiet --no-input --disable-pip-version-check --no-deps --require-hashes $(printf ' -r %s' $files)
}

install() {
    say "Installing the locked requirements ($files; the first time about 1.1 GB, one to five minutes) ..."
    : >$unfinished
    if has_uv; then
        if install_with_uv; then return; fi
        # uv does not read pip's settings: an index or a proxy that only pip knows is a common reason.
        $venv/bin/python -m pip --version >/dev/null 2>&1 || return 1
        say "uv could not install them (see above): trying pip ..."
    fi
    install_with_pip
}

command -v git >/dev/null 2>&1 || say "sanctions-watch: git is not installed; nothing here needs it to run, but updates do (Debian: apt install git)."

if is_done; then
    [ -x $venv/bin/sanctions-watch ] || write_command
    exit 0
fi

# Two runs at once would install over each other: the second waits here, then finds the work done.
if [ -z "${SANCTIONSWATCH_LOCKED:-}" ] && command -v flock >/dev/null 2>&1; then
    mkdir -p var
    SANCTIONSWATCH_LOCKED=1 exec flock var/environment.lock "$0" "$@"
fi

free=$(df -Pk . | awk 'NR == 2 { print $4 }')
[ "${free:-2000000}" -ge 1800000 ] || fail "the disk has $((free / 1024)) MB left here; the packages need 1,800 MB: free some and run again."

make_venv
install || {
    rm -f "$stamp"
    fail "the requirements could not be installed (see above): check the network and the disk, then run the same command again."
}
write_command
wanted "$($venv/bin/python -c 'import sys; print(sys.version.split()[0])')" >$stamp.new
mv $stamp.new $stamp
rm -f $unfinished
