import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ProgramName, readAppSchema, readAppVariables } from '@botyard/local-infra'
import { readConfig } from '@botyard/service-kit'
import { needsTools } from '@botyard/testkit'
import { closingTimeMs } from '../../src/closing-time.ts'
import { interpolate, readCompose } from '../../src/read-compose.ts'
import { makeSecrets } from './made-secrets.ts'

const { services, secrets } = readCompose()
const programs: Readonly<Record<string, ProgramName>> = {
  ...{ 'gateway-1': 'gateway', 'gateway-2': 'gateway', worker: 'worker', admin: 'admin' },
  ...{ migrate: 'migrate', 'migrate-bots': 'migrateBots' },
}

test('each app is told what it knows, and nothing that only another one reads', async () => {
  const variables = await readAppVariables()

  for (const [service, program] of Object.entries(programs)) {
    for (const name of Object.keys(services[service]?.environment ?? {}))
      assert.ok(variables[program].has(name.replace(/_FILE$/, '')), `${service} is told ${name}`)
  }
})

test('each app is told every secret that it reads, so that none looks in another place than the others', async () => {
  const variables = await readAppVariables()

  for (const [service, program] of Object.entries(programs)) {
    const told = services[service]!.environment!
    for (const secret of Object.keys(secrets)) {
      const name = secret.toUpperCase()
      if (variables[program].has(name)) assert.ok(told[`${name}_FILE`], `${service} is not told ${name}`)
    }
  }
})

test(
  'with the secrets that the script makes, each app accepts its configuration',
  needsTools('openssl'),
  async t => {
    const { folder } = makeSecrets(t)
    const asMounted = (value: string) =>
      interpolate(value, { PUBLIC_URL: 'https://bots.example.com' }).replace('/run/secrets', folder)

    for (const [service, program] of Object.entries(programs)) {
      const said = Object.entries(services[service]!.environment!)
      const env = Object.fromEntries(said.map(([name, value]) => [name, asMounted(value)]))
      // Of the image.
      if (program === 'worker' || program === 'migrateBots') env.BOTS_DIR = '/bots'
      assert.doesNotThrow(() => readConfig(schemaOf(program), env), service)
    }
  },
)

test(
  'the script makes every secret once, for nobody else to read, and keeps what is there',
  needsTools('openssl'),
  t => {
    const { folder, again } = makeSecrets(t)

    // An operator's is given to no container.
    const made = [...Object.keys(secrets), 'redis_operator_url']
    assert.deepEqual(readdirSync(folder).sort(), made.sort())
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o444)
    assert.equal(again(), '')
  },
)

test('each app has as long to close as it may take', async () => {
  for (const [service, app] of [
    ['gateway-1', 'gateway'],
    ['gateway-2', 'gateway'],
    ['worker', 'worker'],
    ['admin', 'admin'],
  ] as const) {
    const [, seconds] = /^(\d+)s$/.exec(services[service]?.stop_grace_period ?? '') ?? []
    assert.ok(Number(seconds) * 1000 > (await closingTimeMs(app)), `${service}: ${seconds} s`)
  }
})

const schemas = new Map(
  await Promise.all(
    [...new Set(Object.values(programs))].map(
      async program => [program, await readAppSchema(program)] as const,
    ),
  ),
)

function schemaOf(program: ProgramName) {
  return schemas.get(program)!
}
