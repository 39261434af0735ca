import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { acceptTls, startPostgres, startProcess, testTls } from '@botyard/testkit'
import { howConnected } from './how-connected.ts'

const refused = /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|ERR_TLS_CERT_ALTNAME_INVALID|SELF_SIGNED_CERT_IN_CHAIN)$/
const root = `sslrootcert=${testTls.authority}`

/** As docs/runbooks/tls.md says it. `extra`: with the authority in NODE_EXTRA_CA_CERTS. */
const cases: readonly [query: string, host: '127.0.0.1' | 'localhost', extra: boolean, said: RegExp][] = [
  ['', '127.0.0.1', false, /^plain$/],
  ['?sslmode=disable', '127.0.0.1', false, /^plain$/],
  ['?sslmode=no-verify', 'localhost', false, /^encrypted$/],
  ['?sslmode=verify-full', '127.0.0.1', false, refused],
  ['?sslmode=verify-full', '127.0.0.1', true, /^encrypted$/],
  ['?sslmode=verify-full', 'localhost', true, refused],
  ['?sslmode=require', '127.0.0.1', false, refused],
  ['?sslmode=require', '127.0.0.1', true, /^encrypted$/],
  [`?sslmode=verify-full&${root}`, '127.0.0.1', false, /^encrypted$/],
  [`?sslmode=verify-full&${root}`, 'localhost', false, refused],
  [`?sslmode=verify-ca&${root}&uselibpqcompat=true`, 'localhost', false, /^encrypted$/],
  ['?sslmode=require&uselibpqcompat=true', 'localhost', false, /^encrypted$/],
]

test('each sslmode of CONTROL_DATABASE_URL does what the page on TLS says', async t => {
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  const url = await postgres.createDatabase()
  await acceptTls(url)

  for (const [query, host, extra, said] of cases) {
    await t.test(`${query || 'nothing'} at ${host}${extra ? ' with NODE_EXTRA_CA_CERTS' : ''}`, async () => {
      const address = url.replace('127.0.0.1', host) + query
      assert.match(extra ? await askInProcess(address) : await howConnected(address), said)
    })
  }
})

/** Node reads NODE_EXTRA_CA_CERTS only when it starts. */
async function askInProcess(url: string): Promise<string> {
  const child = await startProcess(fileURLToPath(new URL('./control-tls-process.ts', import.meta.url)), {
    env: { DATABASE_URL: url, NODE_EXTRA_CA_CERTS: testTls.authority },
    nodeOptions: ['--no-warnings'],
  })
  await child.exited
  return child.lines[0] ?? ''
}
