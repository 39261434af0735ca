import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../helper.ts'
import { startWorkerProcess } from '../process/worker-processes.ts'
import { broadcastRigs, chatsUpTo } from './broadcast-rig.ts'

const broadcastRig = broadcastRigs()
const chats = chatsUpTo(100)
const perChat = 10

test('a worker killed in the middle of 1,000 sends: nothing is lost, order holds, and only sends marked uncertain are doubled', async t => {
  const { server, url, key, naming, namingKey, deliver, api } = await broadcastRig(t, { echo: {} })
  // Slow enough that sends are under way whenever the worker is killed.
  api.answer(() => delay(20))
  const surroundings = { redisUrl: server.url, databaseUrl: url, key, namingKey }
  const doomed = await startWorkerProcess(t, surroundings)
  const survivor = await startWorkerProcess(t, surroundings)
  const texts = Array.from({ length: perChat }, (_, n) => `text ${n}`)
  /** The id of the update that a text came with, by `<chat> <text>`. */
  const ids = new Map<string, string>()

  const delivered = Promise.all(
    chats.map(async chat => {
      for (const text of texts) ids.set(`${chat} ${text}`, await deliver(chat, text))
    }),
  )
  await until(() => api.calls.length >= 300)
  await doomed.kill('SIGKILL')
  const callsThen = api.calls.length
  await delivered
  const gotAll = (chat: number) => new Set(api.textsOf(chat)).size === perChat
  await until(() => chats.every(gotAll))

  const marked = new Set<string>()
  for (const line of survivor.lines.filter(line => line.includes('"reason":"interrupted"'))) {
    marked.add(JSON.parse(line).reply)
  }
  let doubled = 0
  for (const chat of chats) {
    const got = api.calls.filter(call => call.chat === chat).map(({ text }) => text)
    // A repeat comes right after its first: what is left without repeats is the order in which the texts were
    // written.
    assert.deepEqual(
      got.filter((text, i) => text !== got[i - 1]),
      texts,
    )
    for (const [i, text] of got.entries()) {
      if (text !== got[i - 1]) continue
      doubled++
      // The log names a reply by its keyed name.
      const reply = naming.update('echo', `${ids.get(`${chat} ${text}`)}.0`).toString('base64url')
      assert.ok(marked.has(reply), `${chat} ${text} was doubled and not marked`)
    }
  }
  t.diagnostic(
    `killed after ${callsThen} calls: ${marked.size} sends marked uncertain, ${doubled} of them doubled`,
  )
  assert.ok(
    callsThen < chats.length * perChat && marked.size > 0,
    `${callsThen} calls, ${marked.size} marked`,
  )
})
