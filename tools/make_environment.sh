#!/bin/sh
# Make the virtual environment named by the first argument with the newest usable Python of 3.13, 3.12 and 3.11.
# One that is there and works is kept. PYTHON names another interpreter.
set -eu
environment=$1

supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

# A name on the PATH proves nothing: it may be a shim for a version that is not installed. So each is run.
is_supported() { "$1" -c "$supported" >/dev/null 2>&1; }
can_make_environments() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }
version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

if is_supported "$environment/bin/python" && "$environment/bin/python" -m pip --version >/dev/null 2>&1; then
  exit 0
fi

without_venv=
for python in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
  is_supported "$python" || continue
  if can_make_environments "$python"; then
    echo "Making a virtual environment with Python $(version_of "$python")"
    exec "$python" -m venv --clear "$environment"
  fi
  without_venv=${without_venv:-$(version_of "$python")}
done

if [ -n "$without_venv" ]; then
  echo "Python $without_venv is here but cannot make virtual environments. On Debian or Ubuntu:" >&2
  echo "  apt-get install python$without_venv-venv" >&2
else
  echo "Casefiles needs Python 3.11, 3.12 or 3.13, and none of them works here. On Debian or Ubuntu:" >&2
  echo "  apt-get install python3 python3-venv" >&2
fi
exit 1
