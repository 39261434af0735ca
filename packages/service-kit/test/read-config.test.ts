import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { Type } from 'typebox'
import {
  ConfigError,
  publicConfig,
  readConfig,
  redisConfig,
  secretsConfig,
  shardsConfig,
} from '../src/index.ts'

const schema = Type.Object({
  NAME: Type.String({ minLength: 2, description: 'A name.' }),
  COUNT: Type.Integer({ minimum: 1, default: 3, description: 'A number.' }),
  RATIO: Type.Optional(Type.Number({ description: 'A share.' })),
  LOUD: Type.Boolean({ default: false, description: 'Whether.' }),
  LIST: Type.Array(Type.String(), { default: [], description: 'Several.' }),
  TREE: Type.Optional(Type.Object({ leaf: Type.Integer() }, { description: 'JSON.' })),
  MODE: Type.Union([Type.Literal('fast'), Type.Literal('safe')], { default: 'safe', description: 'How.' }),
})

/** The problems that an environment has. */
function problemsOf(config: Parameters<typeof readConfig>[0], env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(config, env)
    return []
  } catch (error) {
    assert(error instanceof ConfigError)
    assert.equal(error.code, 'CFG_INVALID')
    for (const problem of error.problems) assert(error.message.includes(problem))
    return error.problems
  }
}

test('a variable under its former name is refused, not ignored', () => {
  const field = Type.Integer({ default: 1, formerly: 'OLD_COUNT', description: 'A number.' })

  assert.deepEqual(problemsOf(Type.Object({ COUNT: field }), { OLD_COUNT: '4' }), [
    'COUNT was called OLD_COUNT: rename it; expected: A number.',
  ])
  assert.deepEqual(problemsOf(Type.Object({ COUNT: field }), { COUNT: '4' }), [])

  const { QUEUE_PARTITIONS } = redisConfig
  assert.equal(problemsOf(Type.Object({ QUEUE_PARTITIONS }), { QUEUE_SHARDS: '4' }).length, 1)
  assert.deepEqual(problemsOf(Type.Object({ QUEUE_PARTITIONS }), { QUEUE_PARTITIONS: '4' }), [])
})

test('text becomes numbers, booleans, lists and objects', () => {
  const env = {
    NAME: 'botyard',
    COUNT: '12',
    RATIO: '-0.5',
    LOUD: 'true',
    LIST: 'a, b,',
    TREE: '{"leaf":1}',
    MODE: 'fast',
  }

  assert.deepEqual(readConfig(schema, env), {
    ...{
      NAME: 'botyard',
      COUNT: 12,
      RATIO: -0.5,
      LOUD: true,
      LIST: ['a', 'b'],
      TREE: { leaf: 1 },
      MODE: 'fast',
    },
  })
})

test('what is not set, or empty, has its default', () => {
  assert.deepEqual(readConfig(schema, { NAME: 'botyard', COUNT: '', UNKNOWN: 'x' }), {
    ...{ NAME: 'botyard', COUNT: 3, LOUD: false, LIST: [], MODE: 'safe' },
  })
})

test('the configuration and everything in it is frozen, the defaults of the schema are not', () => {
  const config = readConfig(schema, { NAME: 'botyard', TREE: '{"leaf":1}' })

  assert(Object.isFrozen(config) && Object.isFrozen(config.LIST) && Object.isFrozen(config.TREE))
  assert(!Object.isFrozen((schema.properties.LIST as { default?: unknown }).default))
})

test('every problem is listed at once, with the variable and what is expected', () => {
  const env = { COUNT: '3.7', RATIO: '1e3', LOUD: 'yes', LIST: '[', TREE: '{leaf', MODE: 'slow' }

  assert.deepEqual(problemsOf(schema, env), [
    'NAME is missing; expected: A name.',
    'COUNT must be integer; expected: A number.',
    'RATIO must be number; expected: A share.',
    'LOUD must be boolean; expected: Whether.',
    'LIST must be JSON; expected: Several.',
    'TREE must be JSON; expected: JSON.',
    'MODE must be one of fast, safe; expected: How.',
  ])
})

test('a fault within JSON names its place', () => {
  assert.deepEqual(problemsOf(schema, { NAME: 'botyard', TREE: '{"leaf":"x"}' }), [
    'TREE must be integer at /leaf; expected: JSON.',
  ])
})

test('NAME_FILE holds the path of a file with the value', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'botyard-config-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'name')
  await writeFile(file, 'from a file\n')

  assert.equal(readConfig(schema, { NAME_FILE: file }).NAME, 'from a file')
  assert.match(problemsOf(schema, { NAME_FILE: file, NAME: 'twice' })[0]!, /^NAME is set twice/)
  assert.match(problemsOf(schema, { NAME_FILE: join(folder, 'none') })[0]!, /^NAME cannot be read: .* ENOENT/)
  await writeFile(file, '\n')
  assert.match(problemsOf(schema, { NAME_FILE: file })[0]!, /^NAME is empty/)
})

test('a problem never shows the value, which may be a secret', () => {
  const shared = Type.Object({ ...redisConfig, ...secretsConfig, ...publicConfig })
  const secret = 'hunter2hunter2'
  const env = {
    REDIS_URL: `http://${secret}`,
    KEYRING: JSON.stringify({ active: 'k1', keys: { k1: secret } }),
    NAMING_KEY: secret,
    PUBLIC_URL: secret,
    TRUST_PROXY: secret,
  }

  const problems = problemsOf(shared, env)

  assert.equal(problems.length, 5)
  assert(!problems.join().includes(secret))
})

test('a keyring must have its active key, keys of 32 bytes, plain ids and nothing else', () => {
  const keyring = Type.Object({ KEYRING: secretsConfig.KEYRING })
  const key = Buffer.alloc(32).toString('base64')
  const problems = (value: unknown) => problemsOf(keyring, { KEYRING: JSON.stringify(value) }).length

  assert.equal(problems({ active: 'k1', keys: { k1: key, 'k-2': key } }), 0)
  assert.equal(problems({ active: 'k2', keys: { k1: key } }), 1)
  assert.equal(problems({ active: 'toString', keys: { k1: key } }), 1)
  assert.equal(problems({ active: 'k1', keys: { k1: 'c2hvcnQ=' } }), 1)
  assert.equal(problems({ active: 'k1', keys: { k1: key, 'a b': key } }), 1)
  assert.equal(problems({ active: 'k1', keys: { k1: key }, more: 1 }), 1)
})

test('all faults of one variable are named, each at its place, with the word that was perhaps meant', () => {
  const shards = JSON.stringify([
    { id: 'East!', hosts: ['postgres://u@h:5432/d'] },
    { id: 'west', hosts: [], extra: 1 },
  ])

  const problems = problemsOf(Type.Object({ ...shardsConfig, MODE: schema.properties.MODE }), {
    SHARDS: shards,
    MODE: 'sfae',
  })

  const places = problems.map(problem => problem.replace(/; expected: .*/, ''))
  assert.equal(places.filter(place => place.startsWith('SHARDS ')).length, 3)
  assert.match(places.join('\n'), /at \/0\/id$/m)
  assert.match(places.join('\n'), /at \/1\/hosts$/m)
  assert.match(places.join('\n'), /^SHARDS is not known at \/1\/extra$/m)
  assert.equal(places.at(-1), 'MODE must be one of fast, safe (did you mean safe?)')
})
