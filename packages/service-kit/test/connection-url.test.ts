import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Redis } from 'ioredis'
import { parseIntoClientConfig } from 'pg-connection-string'
import { postgresUrlProblem, redisUrlProblem } from '../src/connection-url.ts'
import { postgresHostLabel } from '../src/index.ts'

const refused: readonly [postgres: string, redis: string | undefined, problem: RegExp][] = [
  ['postgres://u:S3cr3t#x/y@10.0.0.9:5432/db', 'redis://:S3cr3t#x/y@h:6379', /#.*%23/],
  ['postgres://u:123#S3cr3t@h/db', 'redis://:123#S3cr3t@h', /#.*%23/],
  ['postgres://u:S3cr3t%zz@h/db', 'redis://:S3cr3t%zz@h', /%25/],
  ['postgres://u:S3cr3t%@h/db', 'redis://:S3cr3t%@h', /%25/],
  ['postgres://u:S3cr3t%ff@h/db', 'redis://:S3cr3t%ff@h', /UTF-8/],
  ['postgres://u:S3cr3t x@h/db', 'redis://:S3cr3t x@h', /%20/],
  ['postgres://u:S3cr3t/x@h:5432/db', 'redis://:S3cr3t/x@h:6379/0', /%2F/],
  ['postgres://u:12/S3cr3t@h:5432/db', 'redis://:12/S3cr3t@h:6379/0', /%2F/],
  ['postgres://u:12?S3cr3t@h:5432/db', 'redis://:12?S3cr3t@h:6379/0', /%3F/],
  ['postgres://u:S3cr3t@h1:5432,h2:5432/db', 'redis://:S3cr3t@h1:6379,h2:6379', /several hosts/],
  ['postgres://u:S3cr3t@h1,h2:5432/db', 'redis://:S3cr3t@h1,h2:6379', /several hosts/],
  ['postgres://u:S3cr3t@::1:5432/db', 'redis://:S3cr3t@::1:6379', /brackets/],
  ['postgres://u:S3cr3t@h:port/db', 'redis://:S3cr3t@h:port', /port/],
  ['postgres://u:S3cr3t@h:70000/db', 'redis://:S3cr3t@h:70000', /port/],
  ['postgres://u:S3cr3t@h:5432', undefined, /no database/],
  ['postgres://u:S3cr3t@h:5432/', undefined, /no database/],
  ['postgres:///S3cr3t', 'redis://', /no host/],
  ['mysql://u:S3cr3t@h/db', 'http://:S3cr3t@h', /must begin with/],
  ['u:S3cr3t@h/db', 'h:6379', /must begin with/],
  ['host=h password=S3cr3t', 'S3cr3t', /must begin with/],
  ['postgres://u:S3cr3t@h/db?sslmode=allow', undefined, /sslmode/],
  ['postgres://u:S3cr3t@h/db?sslmode=verify-full&sslrootcert=/missing.pem', undefined, /ENOENT/],
  ['postgres://u:S3cr3t@h/db?sslmode=verify-ca&uselibpqcompat=true', undefined, /sslrootcert/],
]

for (const [postgres, redis, problem] of refused) {
  test(`a url like ${postgres} is refused, with what to do and without any of it`, () => {
    const found = postgresUrlProblem(postgres) ?? ''
    assert.match(found, problem)
    assert.doesNotMatch(found, /S3cr3t/)
    if (redis === undefined) return
    assert.match(redisUrlProblem(redis) ?? '', problem)
    assert.doesNotMatch(redisUrlProblem(redis) ?? '', /S3cr3t/)
  })
}

test('a path of a Redis url that is no number is refused', () => {
  assert.match(redisUrlProblem('redis://h:6379/cache') ?? '', /number of a database/)
})

/** Each with what the driver must read. */
const passwords: readonly [encoded: string, meant: string][] = [
  ['a%23b%2Fc%3Fd%40e%3Af%25g%20h%5Bi%5D', 'a#b/c?d@e:f%g h[i]'],
  ['p@ss', 'p@ss'],
  ['a,b;c!d$e&f=g+h', 'a,b;c!d$e&f=g+h'],
  ['%C3%A4', 'ä'],
]

for (const [encoded, meant] of passwords) {
  test(`the password ${encoded} is accepted, and both drivers read ${meant}`, () => {
    const postgres = `postgres://u:${encoded}@[::1]:5433/db`
    const redis = `redis://u:${encoded}@[::1]:6380/2`

    assert.equal(postgresUrlProblem(postgres), undefined)
    const { host, port, password, database } = parseIntoClientConfig(postgres)
    assert.deepEqual(
      { host, port, password, database },
      { host: '::1', port: 5433, password: meant, database: 'db' },
    )
    assert.equal(redisUrlProblem(redis), undefined)
    const { options } = new Redis(redis, { lazyConnect: true })
    assert.deepEqual(
      [options.host, Number(options.port), options.password, Number(options.db)],
      ['::1', 6380, meant, 2],
    )
  })
}

test('urls of one host in every usual form are accepted', () => {
  for (const url of [
    'postgres://h/db',
    'postgresql://u@h.example:6432/db?application_name=x',
    'postgres://u:p@%2Fvar%2Frun%2Fpostgresql/db',
    'postgres://u:p@/db?host=/var/run/postgresql',
    'postgres://u:p@h/db?sslmode=no-verify',
  ]) {
    assert.equal(postgresUrlProblem(url), undefined, url)
  }
  for (const url of ['redis://h', 'rediss://u:p@h:6380', 'redis://h:6379/', 'redis://:p@h/15?family=6']) {
    assert.equal(redisUrlProblem(url), undefined, url)
  }
})

test('the label of a host never fails and never shows user or password', () => {
  assert.equal(postgresHostLabel('postgres://u:S3cr3t@db1:5433/x'), 'db1:5433')
  assert.equal(postgresHostLabel('postgres://u:S3cr3t@db1/x'), 'db1:5432')
  assert.equal(postgresHostLabel('postgres://u:S3cr3t#x/y@db1:5433/x'), 'malformed url')
})
