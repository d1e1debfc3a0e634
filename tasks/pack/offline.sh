#!/bin/sh
# Deino without network: this file holds Deno @VERSION@ and the packages that Deino imports. In the folder of Deino's
# sources, `sh FILE task train` unpacks both once and runs that Deno; `task train` is for Deno and may be any of its commands.
set -eu

fail() {
  echo "$2" >&2
  exit "$1"
}

[ $# -gt 0 ] || fail 2 "Say what Deno is to run, such as: sh $0 task train"
[ -f deno.json ] && [ -d native ] ||
  fail 2 "Cannot find Deino's sources in $PWD: run this in their folder, the one with deno.json"
[ "$(uname -sm)" = "@PLATFORM@" ] ||
  fail 1 "Cannot run on $(uname -sm): this pack is for @PLATFORM@. Run \`deno task pack\` on a machine like this one"

packed=$PWD/native/build/offline-@KEY@
if [ ! -d "$packed" ]; then
  [ "$(tail -n +@LINES@ "$0" | wc -c)" -eq @BYTES@ ] || fail 1 "Cannot unpack $0: it was cut short. Copy it again"
  echo "Unpacking Deno @VERSION@ into $packed" >&2
  mkdir -p native/build
  part=$(mktemp -d "$packed.XXXXXX") # of one's own: several jobs may begin at once
  trap 'rm -rf "$part"' EXIT
  if command -v xz >/dev/null; then
    expand="xz -dc"
  else
    expand="python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.stdin.buffer), sys.stdout.buffer)'"
  fi
  tail -n +@LINES@ "$0" | eval "$expand" | tar -xf - -C "$part" ||
    fail 1 "Cannot unpack $0: see that xz or Python is on PATH, and that there is room for 120 MB"
  [ -d "$packed" ] || mv "$part" "$packed"
  rm -rf "$part" # exec below runs no trap
fi

# Found there by the build, which would fetch it else.
if [ -d "$packed/decoders" ] && [ ! -d native/build/decoders ]; then cp -R "$packed/decoders" native/build/; fi

export DENO_DIR="$packed/cache" DENO_NO_UPDATE_CHECK=1
export NPM_CONFIG_REGISTRY=http://@REGISTRY@/ # the cache's name for where its packages came from; never asked
PATH="$packed:$PATH" exec "$packed/deno" "$@"
