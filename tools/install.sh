# Installs the Debian 12 packages that are missing; sourced by run.sh and test.sh.
#   need WHAT PACKAGE   WHAT is a command or a file that PACKAGE brings
#   install_missing     says what is missing, installs it (as root, or by sudo), or says what to install
missing=()

need() {
  case $1 in
    /*) [ -e "$1" ] || missing+=("$2") ;;
    *) command -v "$1" >/dev/null || missing+=("$2") ;;
  esac
}

need_to_build() {
  need /etc/ssl/certs/ca-certificates.crt ca-certificates
  need cmake cmake
  need ninja ninja-build
  need gcc gcc
  need /usr/include/stdio.h libc6-dev
  need emcc emscripten
  need /usr/include/libwebsockets.h libwebsockets-dev
  need /usr/include/cjson/cJSON.h libcjson-dev
  need /usr/include/zlib.h zlib1g-dev
  need node nodejs
  need npm npm
}

need_to_test() {
  need_to_build
  need /usr/include/cmocka.h libcmocka-dev
  need clang clang
  need clang-format clang-format
  need clang-tidy clang-tidy
  need cppcheck cppcheck
  need chromium chromium
  need firefox-esr firefox-esr
  need /usr/share/fonts/truetype/dejavu fonts-dejavu-core
}

install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "Needed and not installed, Debian packages: ${missing[*]}"
  local root=()
  if [ "$(id -u)" != 0 ]; then
    root=(sudo)
  fi
  if ! command -v apt-get >/dev/null || { [ ${#root[@]} -gt 0 ] && ! command -v sudo >/dev/null; }; then
    echo "They cannot be installed from here (that takes apt-get, and root or sudo). Please install them, then run this again." >&2
    exit 1
  fi
  echo "Installing them with: ${root[*]} apt-get install"
  local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=200)
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
}
