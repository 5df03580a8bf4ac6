#!/usr/bin/env bash
# Prepares a bare Debian or Ubuntu machine: operating-system packages (with apt when it may, otherwise it
# names what is missing and stops), a virtual environment in .venv, the product and its translations.
# Usage: packaging/bootstrap.sh [run|dev]     dev adds the tools of `make test` and `make lint`.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-run}

# Qt off-screen needs EGL/GL; xcb shows windows; pcscd + vpcd carry the emulated card; libpcsclite-dev, gcc and
# swig build pyscard, which has no Linux wheel.
run_packages="python3 python3-venv python3-dev build-essential libpcsclite-dev swig \
libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0 fonts-dejavu-core \
libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0"
rehearsal_packages="pcscd vsmartcard-vpcd"
dev_packages="openssl unzip opensc"

wanted="$run_packages $rehearsal_packages"
[ "$what" = dev ] && wanted="$wanted $dev_packages"

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
# Ubuntu 24.04 renamed some libraries in its 64-bit time transition.
alias_of() { case "$1" in libglib2.0-0) echo libglib2.0-0t64 ;; *) echo "" ;; esac; }

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
  for name in $wanted; do
    other=$(alias_of "$name")
    installed "$name" || { [ -n "$other" ] && installed "$other"; } || missing="$missing $name"
  done
else
  echo "This is not a Debian or Ubuntu machine; these packages are needed under their names here:" >&2
  echo "  $wanted" >&2
fi

if [ -n "$missing" ]; then
  sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo="sudo -n"; else sudo="no"; fi
  fi
  if [ "$sudo" = no ]; then
    echo "These packages are missing and this user may not install them:" >&2
    echo "  sudo apt-get install --no-install-recommends$missing" >&2
    exit 3
  fi
  echo "Installing:$missing"
  export DEBIAN_FRONTEND=noninteractive
  $sudo apt-get update -qq
  # vsmartcard-vpcd is absent on some releases: the emulated card then lives inside the program.
  for name in $missing; do
    real=$name
    apt-cache show "$name" >/dev/null 2>&1 || real=$(alias_of "$name")
    if [ -z "$real" ] || ! $sudo apt-get install -y -qq --no-install-recommends "$real" >/dev/null; then
      case " $rehearsal_packages $dev_packages " in
        *" $name "*) echo "note: $name could not be installed; the product runs without it" >&2 ;;
        *) echo "error: $name could not be installed" >&2; exit 3 ;;
      esac
    fi
  done
fi

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
  if command -v "$candidate" >/dev/null 2>&1 &&
     "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate; break
  fi
done
[ -n "$python" ] || { echo "error: Python 3.11 or newer with venv is needed" >&2; exit 3; }

[ -x .venv/bin/python ] || "$python" -m venv .venv
stamp=.venv/.installed-$what
if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
  .venv/bin/python -m pip install -q --disable-pip-version-check --upgrade pip
  extra=""; [ "$what" = dev ] && extra="[dev]"
  .venv/bin/python -m pip install -q --disable-pip-version-check -e ".$extra"
  touch "$stamp"
fi

# Two wheels that write the same cv2/ folder break each other without a word.
others=$(.venv/bin/python -m pip list --disable-pip-version-check 2>/dev/null | grep -c '^opencv' || true)
[ "$others" = 1 ] || { echo "error: $others OpenCV packages are installed, exactly one may be" >&2; exit 3; }

for source in ui/i18n/*.ts; do
  target=${source%.ts}.qm
  if [ -e "$source" ] && { [ ! -e "$target" ] || [ "$source" -nt "$target" ]; }; then
    .venv/bin/pyside6-lrelease "$source" -qm "$target" >/dev/null
  fi
done
