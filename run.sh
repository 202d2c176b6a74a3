#!/usr/bin/env bash
# Builds Pageframe and serves the page and the live server on one port.
# Arguments go to `pageframe serve`: ./run.sh [FILE] [--rate N] [--port N] ...
set -euo pipefail
cd "$(dirname "$0")"
. tools/install.sh

need_to_build
install_missing
cmake --preset release
cmake --build --preset release
exec build/release/pageframe serve "$@"
