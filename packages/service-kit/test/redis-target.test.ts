import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testTls } from '@botyard/testkit'
import { redisUrlProblem } from '../src/connection-url.ts'
import { hashSlot } from '../src/hash-slot.ts'
import { readRedisTarget } from '../src/redis-target.ts'

test('a url of sentinels names them, the primary, its database, and both users', () => {
  const url = 'rediss+sentinel://u:p%2Fw@[::1]:1,s2/main/3?sentinelUsername=s&sentinelPassword=q%40'

  const { tls, ...target } = readRedisTarget(url)

  assert.equal(redisUrlProblem(url), undefined)
  assert.deepEqual(target, {
    kind: 'sentinel',
    hosts: [
      { host: '::1', port: 1 },
      { host: 's2', port: 26_379 },
    ],
    ...{ username: 'u', password: 'p/w', db: 3, primary: 'main' },
    ...{ sentinelUsername: 's', sentinelPassword: 'q@', family: undefined },
  })
  assert.deepEqual(tls, {})
})

test('a url of a cluster names its nodes', () => {
  const url = 'redis+cluster://:pw@n1,n2:7001'

  const { kind, hosts, username, password, tls } = readRedisTarget(url)

  assert.equal(redisUrlProblem(url), undefined)
  assert.deepEqual([kind, username, password, tls], ['cluster', undefined, 'pw', undefined])
  assert.deepEqual(hosts, [
    { host: 'n1', port: 6379 },
    { host: 'n2', port: 7001 },
  ])
})

test('files of TLS are read, and a server may be called otherwise', () => {
  const files = `sslrootcert=${testTls.authority}&sslcert=${testTls.cert}&sslkey=${testTls.key}`
  const url = `rediss://h?${files}&servername=redis.internal`

  const { tls } = readRedisTarget(url)

  assert.equal(redisUrlProblem(url), undefined)
  assert.match(String(tls!.ca), /BEGIN CERTIFICATE/)
  assert.match(String(tls!.key), /PRIVATE KEY/)
  assert.equal(tls!.servername, 'redis.internal')
})

const refused: readonly [url: string, problem: RegExp][] = [
  ['redis+sentinel://h1,h2', /what the sentinels call the primary/],
  ['redis+sentinel://h1/main/x', /number of a database/],
  ['redis+cluster://h1,h2/3', /a cluster has none but 0/],
  ['redis+cluster://h1,,h2', /no host/],
  ['redis+cluster://h1:70000,h2', /port/],
  ['redis://h?sslrootcert=/x.pem', /TLS without TLS/],
  ['rediss://h?sslrootcert=/missing.pem', /cannot be read \(ENOENT\)/],
  [`rediss://h?sslcert=${testTls.cert}`, /a certificate needs its key/],
  ['redis://h?tls=true', /unknown setting/],
  ['redis://h?family=5', /neither 4 nor 6/],
]

for (const [url, problem] of refused) {
  test(`${url} is refused, with what is wrong`, () => {
    assert.match(redisUrlProblem(url) ?? '', problem)
  })
}

test("a key's slot is that of its hash tag, as Redis counts it", () => {
  // As CLUSTER KEYSLOT answers.
  for (const [key, slot] of [
    ['123456789', 12_739],
    ['{p0}', 15_882],
    ['{p0}:mb:inbox', 15_882],
    ['{p3}:x{y}', 3_689],
    ['foo{}{bar}', 8_363],
  ] as const)
    assert.equal(hashSlot(key), slot, key)
})
