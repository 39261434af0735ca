import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort, redisTlsSettings, startProcess, startRedis, testTls } from '@botyard/testkit'

test('rediss:// speaks TLS with a server whose authority NODE_EXTRA_CA_CERTS names, and refuses any other', async t => {
  const port = await freePort()
  const server = await startRedis({ extra: redisTlsSettings(port) })
  t.after(() => server.stop())
  const ask = async (url: string, authority?: string) => {
    const child = await startProcess(fileURLToPath(new URL('./redis-tls-process.ts', import.meta.url)), {
      env: { REDIS_URL: url, NODE_EXTRA_CA_CERTS: authority },
    })
    await child.exited
    return child.lines[0]
  }

  assert.equal(await ask(`rediss://127.0.0.1:${port}`, testTls.authority), 'PONG')
  assert.equal(await ask(`rediss://127.0.0.1:${port}`), 'SELF_SIGNED_CERT_IN_CHAIN')
  assert.equal(await ask(`rediss://localhost:${port}`, testTls.authority), 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(await ask(`redis://127.0.0.1:${port}`, testTls.authority), 'ECONNRESET')
})
