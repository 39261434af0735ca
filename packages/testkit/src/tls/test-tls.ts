import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runSql } from '../postgres-cluster.ts'

const file = (name: string) => fileURLToPath(new URL(`./${name}.pem`, import.meta.url))

/**
 * A certificate for 127.0.0.1 and the authority that signed it, as paths. Valid for a century; the key is
 * known to everybody who reads this, and of use to nobody.
 */
export const testTls = {
  authority: file('authority'),
  cert: file('server'),
  key: file('server-key'),
} as const

/** What `startRedis` takes as `extra` so that the server answers TLS on that port, too. */
export function redisTlsSettings(port: number): string[] {
  return [
    ...['--tls-port', String(port), '--tls-auth-clients', 'no'],
    ...[
      '--tls-cert-file',
      testTls.cert,
      '--tls-key-file',
      testTls.key,
      '--tls-ca-cert-file',
      testTls.authority,
    ],
  ]
}

/** Has a Postgres that runs accept TLS, too. `url` must be a superuser's. */
export async function acceptTls(url: string): Promise<void> {
  for (const name of ['cert', 'key'] as const) {
    // The server writes them itself: as root, this process is another user than it.
    const text = readFileSync(testTls[name], 'utf8').trim()
    const program = `umask 077; cat > ${name}.pem`
    await runSql(url, `COPY (SELECT unnest(string_to_array('${text}', E'\\n'))) TO PROGRAM '${program}'`)
  }
  const settings = { ssl: 'on', ssl_cert_file: 'cert.pem', ssl_key_file: 'key.pem' }
  for (const [name, value] of Object.entries(settings))
    await runSql(url, `ALTER SYSTEM SET ${name} = '${value}'`)
  await runSql(url, 'SELECT pg_reload_conf()')
}
