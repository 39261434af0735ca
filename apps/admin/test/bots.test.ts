import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createBotDirectory,
  createBotStore,
  createDeadLetterStore,
  createHandlerStore,
  migrateControl,
  reportHandlers,
} from '@botyard/control-database'
import { createSendLimits } from '@botyard/send-limits'
import { createNaming } from '@botyard/service-kit'
import { startPostgres, startRedis, type TestPostgres, type TestRedis } from '@botyard/testkit'
import {
  build,
  codeOf,
  keyring,
  openDatabase,
  openRedis,
  silent,
  telegramCredentials,
  tokenOf,
} from './helper.ts'

let postgres: TestPostgres
let server: TestRedis
before(async () => {
  ;[postgres, server] = await Promise.all([startPostgres(), startRedis()])
})
after(() => Promise.all([postgres.stop(), server.stop()]))

const shop = { id: 'shop', platform: 'telegram', handler: 'echo', credentials: telegramCredentials }

test('a new bot is answered with what its platform must call, and is read back without its credentials', async t => {
  const { call } = await setUp(t)

  const created = await call('POST', '/bots', { ...shop, settings: { tries: 3 } }, 'operator')

  assert.equal(created.status, 201)
  const { createdAt, updatedAt, ...rest } = created.body as Record<string, string>
  assert.deepEqual(rest, {
    id: 'shop',
    platform: 'telegram',
    handler: 'echo',
    settings: { tries: 3 },
    webhookUrl: 'https://bots.example.com/hooks/telegram/shop',
    health: { status: 'healthy' },
  })
  assert.ok(Date.parse(createdAt!) && createdAt === updatedAt)
  assert.deepEqual((await call('GET', '/bots/shop', undefined, 'viewer')).body, created.body)
  assert.deepEqual((await call('GET', '/bots', undefined, 'viewer')).body, { bots: [created.body] })
})

test('a bot has the credentials that it was given, and no answer, log line or audit entry holds them', async t => {
  const { call, db, logText, events } = await setUp(t)
  const bodies = [
    await call('POST', '/bots', shop),
    await call('PATCH', '/bots/shop', {
      credentials: { ...telegramCredentials, webhookSecret: 'open-sesame' },
    }),
    await call('GET', '/bots'),
    await call('GET', '/audit-log'),
    await call('POST', '/bots', {
      ...shop,
      id: 'other',
      credentials: { ...telegramCredentials, webhookSecret: 'two words' },
    }),
  ]

  const { bots } = await createBotStore(db, keyring).changesSince(0)
  assert.deepEqual(bots[0]?.credentials, { ...telegramCredentials, webhookSecret: 'open-sesame' })
  const said = JSON.stringify([bodies, events]) + logText()
  for (const secret of [
    telegramCredentials.token,
    telegramCredentials.webhookSecret,
    'open-sesame',
    'two words',
  ])
    assert.ok(!said.includes(secret), secret)
})

test('a bot that exists is not replaced by POST', async t => {
  const { call } = await setUp(t)
  await call('POST', '/bots', shop)

  const again = await call('POST', '/bots', { ...shop, settings: { tries: 9 } })

  assert.deepEqual([again.status, codeOf(again)], [409, 'ADM_BOT_EXISTS'])
  assert.deepEqual(((await call('GET', '/bots/shop')).body as { settings: object }).settings, {})
})

test('what does not fit is refused with its path, and nothing is stored', async t => {
  const { call, db } = await setUp(t)
  const { credentials, ...without } = shop
  const cases: [object, string, string][] = [
    [{ ...shop, colour: 'red' }, 'ADM_INVALID_REQUEST', '/colour'],
    [{ ...shop, settings: { trys: 3 } }, 'ADM_INVALID_REQUEST', '/settings/trys'],
    [{ ...shop, settings: { tries: '3' } }, 'ADM_INVALID_REQUEST', '/settings/tries'],
    [{ ...shop, settings: { poison: 'drink' } }, 'ADM_INVALID_REQUEST', '/settings/poison'],
    [{ ...shop, id: 'Shop!' }, 'ADM_INVALID_REQUEST', '/id'],
    [{ ...shop, platform: 'pigeon' }, 'ADM_INVALID_REQUEST', '/platform'],
    [without, 'ADM_INVALID_REQUEST', '/credentials'],
    [{ ...shop, credentials: 'secret' }, 'ADM_INVALID_REQUEST', '/credentials'],
    [
      { ...shop, credentials: { ...credentials, token: 'nonsense' } },
      'ADM_INVALID_REQUEST',
      '/credentials/token',
    ],
    [{ ...shop, credentials: { ...credentials, extra: 1 } }, 'ADM_INVALID_REQUEST', '/credentials/extra'],
    [
      { ...shop, credentials: { token: credentials.token } },
      'ADM_INVALID_REQUEST',
      '/credentials/webhookSecret',
    ],
    [{ ...shop, platform: 'custom' }, 'ADM_INVALID_REQUEST', '/credentials/secret'],
    [{ ...shop, handler: 'ecko' }, 'ADM_UNKNOWN_HANDLER', '/handler'],
    [
      { ...shop, credentials: { ...credentials, apiRoot: 'http://10.0.0.1:81' } },
      'ADM_TARGET_REFUSED',
      '/credentials',
    ],
    [
      { ...shop, credentials: { ...credentials, apiRoot: 'http://[::1]:81' } },
      'ADM_TARGET_REFUSED',
      '/credentials',
    ],
  ]

  for (const [body, code, path] of cases) {
    const answer = await call('POST', '/bots', body)
    const { error } = answer.body as { error: { code: string; path: string; message: string } }
    assert.deepEqual([answer.status, error.code, error.path], [400, code, path], error.message)
  }
  assert.deepEqual(await createBotStore(db, keyring).list(), [])
})

test('a refusal says what would be right', async t => {
  const { call } = await setUp(t)
  const messageOf = async (body: object) =>
    ((await call('POST', '/bots', body)).body as { error: { message: string } }).error.message

  assert.match(await messageOf({ ...shop, handler: 'ecko' }), /"ecko".*use one of echo, quiz/)
  assert.match(
    await messageOf({ ...shop, platform: 'pigeon' }),
    /must be one of telegram, discord, .*github.*, custom;/,
  )
  assert.match(await messageOf({ ...shop, id: 'Shop!' }), /expected: Lower-case letters, digits and hyphens/)
  assert.match(
    await messageOf({ ...shop, credentials: { ...telegramCredentials, apiRoot: 'http://10.0.0.1' } }),
    /ALLOW_PRIVATE_TARGETS/,
  )
})

test('all that is wrong with a bot is said at once, with each path from the root and the word that was perhaps meant', async t => {
  const { call } = await setUp(t)
  await call('POST', '/bots', { ...shop, id: 'known' })
  const refusals = async (method: 'POST' | 'PATCH', path: string, body?: object) => {
    const { status, body: answer } = await call(method, path, body)
    const { error } = answer as { error: { message: string; problems?: { path: string; message: string }[] } }
    assert.equal(status, 400)
    return { message: error.message, problems: error.problems ?? [] }
  }

  const added = await refusals('POST', '/bots', {
    ...{ id: 'Shop!', platform: 'telegram', handler: 'ecko', colour: 'red' },
    credentials: { tokens: 'x', webhookSecret: 7 },
    settings: { trys: 3, poison: 'prak', userLimit: { perSecond: 0 }, telegram: { allowed_updates: [] } },
  })
  const changed = await refusals('PATCH', '/bots/known', {
    handlr: 'quiz',
    credentials: { token: shop.credentials.token },
  })

  const said = Object.fromEntries(added.problems.map(({ path, message }) => [path, message]))
  assert.deepEqual(Object.keys(said).sort(), [
    ...[
      '/colour',
      '/credentials/token',
      '/credentials/tokens',
      '/credentials/webhookSecret',
      '/handler',
      '/id',
    ],
    ...['/settings/poison', '/settings/telegram', '/settings/trys', '/settings/userLimit/burst'],
    '/settings/userLimit/perSecond',
  ])
  assert.match(
    said['/credentials/tokens']!,
    /^\/credentials\/tokens is not known here \(did you mean token\?\): remove it/,
  )
  assert.match(said['/settings/trys']!, /did you mean tries\?/)
  assert.match(said['/settings/poison']!, /must be one of skip, park \(did you mean park\?\)/)
  assert.match(said['/handler']!, /use one of echo, quiz/)
  assert.equal(added.message, `11 problems:\n  ${added.problems.map(({ message }) => message).join('\n  ')}`)
  assert.match(changed.message, /\/handlr is not known here \(did you mean handler\?\)/)
  assert.match(
    changed.message,
    /\/credentials\/webhookSecret is missing \(credentials are replaced whole, so send all of them\)/,
  )
})

test('who sends no body is told to send one', async t => {
  const { call, app } = await setUp(t)
  const headers = { authorization: `Bearer ${tokenOf('owner')}`, 'content-type': 'application/json' }
  const empty = await app.inject({ method: 'POST', url: '/api/v1/bots', headers })

  assert.deepEqual(
    [empty.statusCode, messageOf({ body: empty.json() })],
    [400, 'Send a JSON object as the body'],
  )
  for (const body of [undefined, []])
    assert.match(
      messageOf(await call('POST', '/bots', body)),
      /^Send a JSON object with id, platform, handler, credentials$/,
    )
  assert.equal(messageOf(await call('PATCH', '/bots/shop', [])), 'Send a JSON object as the body')
})

test('a private target that ALLOW_PRIVATE_TARGETS names is accepted', async t => {
  const { call } = await setUp(t)

  const answer = await call('POST', '/bots', {
    ...shop,
    credentials: { ...telegramCredentials, apiRoot: 'http://127.0.0.1:8082' },
  })

  assert.equal(answer.status, 201)
})

test('a patch changes what it names, is refused when empty or unknown, and never moves a bot to another platform', async t => {
  const { call } = await setUp(t)
  await call('POST', '/bots', { ...shop, settings: { tries: 3 } })

  const changed = await call('PATCH', '/bots/shop', { handler: 'quiz' }, 'operator')

  assert.equal(changed.status, 200)
  assert.deepEqual((changed.body as { settings: object; handler: string }).settings, { tries: 3 })
  assert.equal((changed.body as { handler: string }).handler, 'quiz')
  const cases: [string, object, number, string][] = [
    ['/bots/shop', {}, 400, 'ADM_INVALID_REQUEST'],
    ['/bots/shop', { platform: 'custom' }, 400, 'ADM_INVALID_REQUEST'],
    ['/bots/shop', { credentials: { apiRoot: 'https://example.org' } }, 400, 'ADM_INVALID_REQUEST'],
    ['/bots/shop', { handler: 'ecko' }, 400, 'ADM_UNKNOWN_HANDLER'],
    ['/bots/nobody', { handler: 'quiz' }, 404, 'ADM_UNKNOWN_BOT'],
    ['/bots/NOBODY', { handler: 'quiz' }, 400, 'ADM_INVALID_REQUEST'],
  ]
  for (const [path, body, status, code] of cases) {
    const answer = await call('PATCH', path, body)
    assert.deepEqual([answer.status, codeOf(answer)], [status, code])
  }
})

test('a deleted bot is gone, and deleting it again says so', async t => {
  const { call } = await setUp(t)
  await call('POST', '/bots', shop)

  const deleted = await call('DELETE', '/bots/shop')

  assert.equal(deleted.status, 200)
  assert.equal((deleted.body as { removed: string }).removed, 'shop')
  for (const answer of [await call('GET', '/bots/shop'), await call('DELETE', '/bots/shop')])
    assert.deepEqual([answer.status, codeOf(answer)], [404, 'ADM_UNKNOWN_BOT'])
})

test('a new bot of a deleted one’s id is an owner’s to add, and has none of its users', async t => {
  const { call, db } = await setUp(t)
  const bots = createBotStore(db, keyring)
  await call('POST', '/bots', shop)
  const first = await bots.get('shop')
  await call('DELETE', '/bots/shop')

  const refused = await call('POST', '/bots', shop, 'operator')
  const added = await call('POST', '/bots', shop)

  assert.deepEqual([refused.status, codeOf(refused), added.status], [403, 'ADM_BOT_REMOVED_BEFORE', 201])
  const second = await bots.get('shop')
  assert.notEqual(second?.uid, first?.uid)
  assert.deepEqual([first?.recreated, second?.recreated], [false, true])
})

test('whose users a bot shares is an owner’s to say', async t => {
  const { call } = await setUp(t)
  await call('POST', '/bots', { ...shop, settings: { userScope: 'family' } })

  const answers = [
    await call('POST', '/bots', { ...shop, id: 'spy', settings: { userScope: 'family' } }, 'operator'),
    await call('PATCH', '/bots/shop', { settings: { userScope: 'other' } }, 'operator'),
    await call('PATCH', '/bots/shop', { settings: {} }, 'operator'),
  ]
  const kept = await call('PATCH', '/bots/shop', { settings: { userScope: 'family', tries: 3 } }, 'operator')

  assert.deepEqual(
    answers.map(answer => [answer.status, codeOf(answer)]),
    answers.map(() => [403, 'ADM_ROLE_INSUFFICIENT']),
  )
  assert.equal(kept.status, 200)
})

test('who deletes a bot is told what is kept, and may have its users’ data erased', async t => {
  const { call } = await setUp(t)
  await call('POST', '/bots', shop)
  await call('POST', '/bots', { ...shop, id: 'quiz-1' })

  const plain = (await call('DELETE', '/bots/shop')).body as { kept: string[]; erasure?: object }
  const erasing = (await call('DELETE', '/bots/quiz-1?erase=true')).body as typeof plain & {
    erasure: { id: string }
  }

  assert.equal(plain.erasure, undefined)
  assert.ok(plain.kept.some(sentence => sentence.startsWith('What the bot knew of its users')))
  assert.ok(!erasing.kept.some(sentence => sentence.startsWith('What the bot knew of its users')))
  const { erasures } = (await call('GET', '/erasures', undefined, 'viewer')).body as { erasures: object[] }
  assert.deepEqual(erasures, [erasing.erasure])
})

test('every change leaves an audit entry with who, what and on which bot; a refused one leaves none', async t => {
  const { call, events } = await setUp(t)
  await call('POST', '/bots', shop, 'operator')
  await call('POST', '/bots', shop, 'operator')
  await call('PATCH', '/bots/shop', { settings: { tries: 2 } }, 'operator')
  await call('PATCH', '/bots/shop', { credentials: telegramCredentials })
  await call('DELETE', '/bots/shop')
  await call('DELETE', '/bots/shop')

  const { entries } = (await call('GET', '/audit-log')).body as { entries: Record<string, unknown>[] }

  assert.deepEqual(
    entries.toReversed().map(({ at, ...entry }) => entry),
    [
      {
        ...{ actor: 'operator-alice', role: 'operator', action: 'bot.create', target: 'shop' },
        details: { platform: 'telegram', handler: 'echo', settings: {} },
      },
      {
        ...{ actor: 'operator-alice', role: 'operator', action: 'bot.change', target: 'shop' },
        details: { settings: { tries: 2 }, credentialsReplaced: false },
      },
      {
        ...{ actor: 'owner-alice', role: 'owner', action: 'bot.change', target: 'shop' },
        details: { credentialsReplaced: true },
      },
      {
        actor: 'owner-alice',
        role: 'owner',
        action: 'bot.delete',
        target: 'shop',
        details: { erase: false },
      },
    ],
  )
  assert.deepEqual(
    events.map(({ event, fields }) => [event, fields.action]),
    [
      ['security.credentials_changed', 'bot.create'],
      ['security.credentials_changed', 'bot.change'],
      ['security.credentials_changed', 'bot.delete'],
    ],
  )
})

test('when a change is answered, every running directory has it', async t => {
  const { call, db } = await setUp(t)
  const directories = await Promise.all(
    [1, 2].map(async () => {
      const commands = openRedis(t, server.url)
      while (commands.status !== 'ready') await delay(2)
      const redis = openRedis(t, server.url, 'subscriber')
      const directory = createBotDirectory({
        store: createBotStore(db, keyring),
        redis,
        commands,
        logger: silent,
      })
      t.after(() => directory.close())
      await directory.whenReady()
      return directory
    }),
  )

  await call('POST', '/bots', shop)
  for (const directory of directories)
    assert.deepEqual(directory.get('shop')?.credentials, telegramCredentials)

  await call('PATCH', '/bots/shop', { credentials: { ...telegramCredentials, webhookSecret: 'next' } })
  for (const directory of directories)
    assert.deepEqual(directory.get('shop')?.credentials, { ...telegramCredentials, webhookSecret: 'next' })

  await call('DELETE', '/bots/shop')
  for (const directory of directories) assert.equal(directory.get('shop'), undefined)
})

test('a change is stored and answered 2xx while Redis is away', async t => {
  const { db } = await setUp(t)
  const { call, logText } = await build(t, { db })

  const created = await call('POST', '/bots', shop)

  assert.equal(created.status, 201)
  assert.match(logText(), /bot change not announced/)
})

test('a bot whose credentials its platform refuses is shown as unhealthy, with the reason, until they are replaced', async t => {
  const { call, db, redis } = await setUp(t)
  await call('POST', '/bots', shop)
  await call('POST', '/bots', { ...shop, id: 'well' })
  const { id, platform, version } = (await createBotStore(db, keyring).get('shop'))!
  const askedAtMs = Date.now()
  const limits = createSendLimits({ redis, naming: createNaming(randomBytes(32)) })
  await limits.unhealthy({ id, platform, version }, 'WRK_CREDENTIALS_REFUSED')

  const listed = (await call('GET', '/bots')).body as { bots: { health: Record<string, string> }[] }

  const [ill, well] = listed.bots.map(bot => bot.health)
  assert.deepEqual([ill?.status, ill?.reason], ['unhealthy', 'WRK_CREDENTIALS_REFUSED'])
  assert.ok(Math.abs(Date.parse(ill!.since!) - askedAtMs) < 60_000, ill!.since)
  assert.deepEqual(well, { status: 'healthy' })
  assert.deepEqual(healthOf(await call('GET', '/bots/shop')), ill)
  const changed = await call('PATCH', '/bots/shop', { credentials: telegramCredentials })
  assert.deepEqual(healthOf(changed), { status: 'healthy' })
})

test('bots are shown while Redis is away, their health as unknown', async t => {
  const { call: before, db } = await setUp(t)
  await before('POST', '/bots', shop)
  const { call } = await build(t, { db })

  const shown = await call('GET', '/bots/shop')

  assert.equal(shown.status, 200)
  assert.deepEqual(healthOf(shown), { status: 'unknown' })
})

test('handlers and dead letters are listed, without payloads', async t => {
  const { call, db } = await setUp(t)
  const diedAt = new Date('2026-11-02T00:00:00Z')
  await createDeadLetterStore(db).insert([
    {
      ...{ id: '1', bot: 'shop', conversation: 'shop/AAAA', reason: 'WRK_HANDLER_FAILED', tries: 5 },
      ...{ envelope: Buffer.from('sealed'), acceptedAt: diedAt, diedAt },
    },
  ])

  const handlers = (await call('GET', '/handlers', undefined, 'viewer')).body as Handlers
  const letters = await call('GET', '/dead-letters?bot=shop&limit=5', undefined, 'viewer')

  assert.deepEqual(
    handlers.handlers.map(handler => handler.name),
    ['echo', 'quiz'],
  )
  assert.deepEqual(letters.body, {
    deadLetters: [
      {
        ...{ id: '1', bot: 'shop', conversation: 'shop/AAAA', reason: 'WRK_HANDLER_FAILED', tries: 5 },
        ...{ acceptedAt: diedAt.toISOString(), diedAt: diedAt.toISOString() },
      },
    ],
  })
  assert.deepEqual((await call('GET', '/dead-letters?bot=quiz')).body, { deadLetters: [] })
  const refused = await call('GET', '/dead-letters?limit=0')
  assert.deepEqual([refused.status, codeOf(refused)], [400, 'ADM_INVALID_REQUEST'])
  assert.equal((await call('GET', '/dead-letters?bots=shop')).status, 400)
})

test('handlers say which of them a live worker has, and a bot without one is unhealthy and cannot be added', async t => {
  const { call, redis, report } = await setUp(t)
  await call('POST', '/bots', shop)
  await report.close()
  const quizzes = reportHandlers({ redis, handlers: ['quiz'], logger: silent })
  t.after(() => quizzes.close())
  await quizzes.told

  const { handlers } = (await call('GET', '/handlers')).body as Handlers
  const added = await call('POST', '/bots', { ...shop, id: 'other' })
  const mistyped = await call('POST', '/bots', { ...shop, id: 'other', handler: 'Quizz' })

  assert.deepEqual(
    handlers.map(({ name, live }) => [name, live]),
    [
      ['echo', false],
      ['quiz', true],
    ],
  )
  assert.deepEqual(healthOf(await call('GET', '/bots/shop')), {
    status: 'unhealthy',
    reason: 'WRK_HANDLER_MISSING',
  })
  assert.deepEqual([added.status, codeOf(added)], [400, 'ADM_UNKNOWN_HANDLER'])
  assert.match(
    messageOf(added),
    /^No worker has a handler "echo": use one of quiz, or deploy a worker that has it first$/,
  )
  assert.match(
    messageOf(mistyped),
    /^No worker has a handler "Quizz" \(did you mean quiz\?\): use one of quiz,/,
  )
})

interface Handlers {
  readonly handlers: readonly { readonly name: string; readonly live?: boolean }[]
}

function messageOf({ body }: { body: unknown }): string {
  return (body as { error: { message: string } }).error.message
}

function healthOf({ body }: { body: unknown }) {
  return (body as { health: Record<string, string> }).health
}

async function setUp(t: TestContext) {
  const db = openDatabase(t, await postgres.createDatabase())
  await migrateControl(db, silent)
  await createHandlerStore(db).report(['echo', 'quiz'])
  const redis = openRedis(t, server.url)
  while (redis.status !== 'ready') await delay(2)
  // Leases of earlier tests' workers.
  await redis.flushall()
  const report = reportHandlers({ redis, handlers: ['echo', 'quiz'], logger: silent })
  t.after(() => report.close())
  await report.told
  return { db, redis, report, ...(await build(t, { db, redis })) }
}
