import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../helper.ts'
import { isolationRig, logged } from './isolation-rig.ts'

const blocked = 'code of a bot blocks the event loop'
const ended = 'code of a bot ended the process'
const chats = [1, 2, 3, 4, 5, 6, 7, 8]

for (const [text, message] of [
  ['loop', blocked],
  ['loop later', blocked],
  ['exit', ended],
] as const) {
  test(`an update that says '${text}' is a dead letter after two deaths, and the other bot is answered`, async t => {
    const { deliver, deadLetters, api, startWorker, conversation } = await isolationRig(t)
    const worker = await startWorker()

    await deliver(99, text, { bot: 'reckless' })
    for (const chat of chats) await deliver(chat, 'hello', { bot: 'echo' })
    await until(async () => (await deadLetters.list({ limit: 10 })).length === 1)
    await deliver(99, 'goes on', { bot: 'reckless' })
    await until(() => api.textsOf(99).length === 1)
    await until(() => chats.every(chat => api.textsOf(chat).includes('hello')))

    assert.equal(worker.deaths, 2)
    const [letter] = await deadLetters.list({ limit: 10 })
    assert.deepEqual([letter!.bot, letter!.reason], ['reckless', 'MBX_CRASHED'])
    const lines = logged(worker.lines, message)
    assert.equal(lines.length, 2)
    const { level, bot, handler, conversation: named } = lines[0]!
    assert.deepEqual(
      [level, bot, handler, named],
      ['fatal', 'reckless', 'reckless', conversation(99, 'reckless')],
    )
    if (message === blocked) assert.match(JSON.stringify(lines[0]!.frames), /reckless\.ts:\d+/)
    for (const { exited } of worker.processes.slice(0, 2)) assert.notEqual((await exited).code, 0)
    assert.deepEqual(api.textsOf(99), ['goes on'])
  })
}
