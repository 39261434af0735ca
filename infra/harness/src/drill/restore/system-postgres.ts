import { globSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The folder of the newest Postgres of this Debian, whose server and `pg_dump` are of one version; the
 * embedded one has no `pg_dump`, and takes none that is older. Undefined if there is none.
 */
export function findSystemPostgres(): string | undefined {
  const servers = globSync('/usr/lib/postgresql/*/bin/postgres').sort(
    (a, b) => Number(versionOf(a)) - Number(versionOf(b)),
  )
  const newest = servers.at(-1)
  return newest === undefined ? undefined : dirname(newest)
}

function versionOf(file: string): string | undefined {
  return file.split('/')[4]
}
