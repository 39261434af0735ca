import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BotParts, defineBot, isBotDefinition } from '../src/index.ts'

test('what defineBot made is told from everything else', () => {
  assert.ok(isBotDefinition(defineBot({})))
  for (const other of [undefined, null, {}, { onMessage: () => undefined }, defineBot, 'bot', 5]) {
    assert.ok(!isBotDefinition(other))
  }
})

test('a bot of another copy of the package is a bot too', async () => {
  const other: typeof import('../src/index.ts') = await import(`../src/define-bot.ts?copy=${1}`)

  assert.notEqual(other.defineBot, defineBot)
  assert.ok(isBotDefinition(other.defineBot({})))
})

test('a definition cannot be changed afterwards', () => {
  assert.ok(Object.isFrozen(defineBot({})))
})

test('a part that could never be called is refused by name', () => {
  const handler = () => undefined
  const cases: [object, RegExp][] = [
    [{ onMesage: handler }, /onMesage.*onMessage/],
    [{ onMessage: 'hello' }, /onMessage is a string/],
    [{ commands: { start: 'hello' } }, /commands\.start is a string/],
    [{ commands: { '/start': handler } }, /\/start could never match/],
    [{ commands: { Start: handler } }, /Start could never match/],
    [{ commands: { '': handler } }, /could never match/],
  ]
  for (const [parts, message] of cases) {
    assert.throws(() => defineBot(parts as BotParts), { code: 'BOT_DEFINITION', message })
  }
})

test('migrations that could not be run in order are refused', () => {
  const up = async () => {}
  const cases: [unknown, RegExp][] = [
    ['scores', /migrations is a string/],
    [[{ version: 2, name: 'scores', up }], /must be 1, 2, 3/],
    [
      [
        { version: 1, name: 'scores', up },
        { version: 1, name: 'more', up },
      ],
      /must be 1, 2, 3/,
    ],
    [[{ version: 1, name: 'Scores!', up }], /name/],
    [[{ version: 1, name: 'scores' }], /up is a undefined/],
  ]
  for (const [migrations, message] of cases) {
    assert.throws(() => defineBot({ migrations } as BotParts), { code: 'BOT_DEFINITION', message })
  }
  defineBot({ migrations: [{ version: 1, name: 'scores', up }] })
})
