#!/bin/sh
# Collect the visible words, check that each has its English, and build the .qm the program loads.
# Usage: packaging/translations.sh [folder with pyside6-lupdate and pyside6-lrelease]
set -eu
cd "$(dirname "$0")/.."
tools="${1:+$1/}"
"${tools}pyside6-lupdate" -no-obsolete -locations none -source-language id_ID -target-language en_GB \
    $(find ui -name '*.py' | sort) -ts ui/i18n/rekam_en.ts
if grep -q 'type="unfinished"' ui/i18n/rekam_en.ts; then
    echo "ui/i18n/rekam_en.ts: untranslated words:" >&2
    grep -B1 'type="unfinished"' ui/i18n/rekam_en.ts >&2
    exit 1
fi
"${tools}pyside6-lrelease" ui/i18n/rekam_en.ts -qm ui/i18n/rekam_en.qm
