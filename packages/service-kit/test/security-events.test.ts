import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { createRegistry, securityEvents } from '../src/index.ts'
import { securityEventNames } from '../src/security-events.ts'
import { capturedLog } from './captured-log.ts'

test('an event is one log line under its name and one on its counter', async () => {
  const { logger, lines } = capturedLog()
  const registry = createRegistry({ app: 'gateway' })
  const report = securityEvents({ logger, registry })

  report('security.signature_refused', { bot: 'echo', ip: '192.0.2.1', reason: 'mismatch' })
  report('security.credentials_changed', { bot: 'echo', by: 'owner' })

  assert.deepEqual(
    lines.map(({ level, msg, bot, reason }) => ({ level, msg, bot, reason })),
    [
      { level: 'warn', msg: 'security.signature_refused', bot: 'echo', reason: 'mismatch' },
      { level: 'info', msg: 'security.credentials_changed', bot: 'echo', reason: undefined },
    ],
  )
  const metrics = await registry.metrics()
  assert.match(
    metrics,
    /botyard_security_events_total\{event="security.signature_refused",app="gateway"\} 1$/m,
  )
  assert.match(metrics, /botyard_security_events_total\{event="security.token_refused",app="gateway"\} 0$/m)
})

test('refusals by the thousand are all counted, and few of them are logged', async () => {
  const { logger, lines } = capturedLog()
  const registry = createRegistry({ app: 'gateway' })
  const report = securityEvents({ logger, registry })

  for (let i = 0; i < 5_000; i++) report('security.secret_refused', { bot: 'echo' })
  for (let i = 0; i < 200; i++) report('security.credentials_changed', { bot: 'echo' })

  const logged = (name: string) => lines.filter(({ msg }) => msg === name).length
  // The clock may turn into the next ten seconds meanwhile.
  assert.ok(
    [50, 100].includes(logged('security.secret_refused')),
    `${logged('security.secret_refused')} lines`,
  )
  assert.equal(logged('security.credentials_changed'), 200)
  assert.match(await registry.metrics(), /event="security.secret_refused",app="gateway"\} 5000$/m)
})

test('every event is reported by somebody: a series that stays at 0 would say that all is well', () => {
  const root = new URL('../../../', import.meta.url).pathname
  const sources = globSync('{apps,packages}/*/src/**/*.ts', { cwd: root })
    .filter(file => !file.endsWith('/security-events.ts'))
    .map(file => readFileSync(join(root, file), 'utf8'))

  const silent = securityEventNames.filter(name => !sources.some(source => source.includes(`'${name}'`)))

  assert.ok(sources.length > 30)
  assert.deepEqual(silent, [])
})
