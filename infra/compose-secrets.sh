#!/bin/sh
# Makes the secrets of infra/compose.yaml where they are missing, one a file: infra/compose-secrets.sh [folder]
# What is there stays: a new keyring could not read what the old one sealed. Needs openssl.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/secrets}
mkdir -p "$folder"
# Nobody else on this machine gets into the folder. The files in it are readable, since each container sees only its
# own, as a user without rights.
chmod 700 "$folder"

keep() { # name value
  [ -s "$folder/$1" ] && return
  printf '%s\n' "$2" >"$folder/$1.part"
  chmod 444 "$folder/$1.part"
  mv "$folder/$1.part" "$folder/$1"
  echo "made $folder/$1"
}
key() { openssl rand -base64 32; }
password() { openssl rand -hex 24; }
of() { cat "$folder/$1"; }

keep keyring "{\"active\":\"k1\",\"keys\":{\"k1\":\"$(key)\"}}"
keep naming_key "$(key)"
keep jwt_keys "{\"active\":\"a1\",\"keys\":{\"a1\":\"$(key)\"}}"
keep postgres_password "$(password)"
keep postgres_apps_password "$(password)"
keep grafana_password "$(password)"

# The password in the url is the one of the ACL, so neither can be made anew without the other.
if [ ! -s "$folder/redis_acl" ] || [ ! -s "$folder/redis_url" ]; then
  redis=$(password)
  rm -f "$folder/redis_acl" "$folder/redis_url" "$folder/cache_redis_url"
  keep redis_url "redis://botyard:$redis@redis:6379"
  keep cache_redis_url "redis://botyard:$redis@cache:6379"
  # One more user, which may say PING and nothing else, for the health checks.
  keep redis_acl "$(sed "s/CHANGE-ME/$redis/" "$here/redis/botyard.acl")
user health on nopass resetkeys resetchannels -@all +ping"
fi

# For whoever operates Redis: the apps' user may neither set anything nor take a backup.
if [ ! -s "$folder/redis_operator_url" ]; then
  operator=$(password)
  acl=$(grep -v '^user operator ' "$folder/redis_acl")
  rm -f "$folder/redis_acl"
  keep redis_acl "$acl
user operator on >$operator ~* &* +@all"
  keep redis_operator_url "redis://operator:$operator@127.0.0.1:6379"
fi

apps=$(of postgres_apps_password)
keep control_database_url "postgres://botyard:$apps@control:5432/botyard"
keep shard_database_urls "postgres://botyard:$apps@shard-1:5432/botyard,postgres://botyard:$apps@shard-2:5432/botyard"
