import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../helper.ts'
import { isolationRig } from './isolation-rig.ts'

const chats = [1, 2, 3, 4, 5, 6, 7, 8]

test('of several processes only the one ends that a bot blocks, and another takes its place', async t => {
  const { deliver, deadLetters, api, startWorker } = await isolationRig(t)
  const worker = await startWorker({ PROCESSES: '2' })

  await deliver(99, 'loop', { bot: 'reckless' })
  for (const chat of chats) await deliver(chat, 'hello', { bot: 'echo' })
  await until(async () => (await deadLetters.list({ limit: 10 })).length === 1)
  await until(() => chats.every(chat => api.textsOf(chat).includes('hello')))
  await until(async () =>
    /botyard_processes\{state="serving",app="worker"\} 2\n/.test(await worker.metrics()),
  )

  assert.equal(worker.deaths, 0, 'the primary goes on')
  const crashes = worker.lines.filter(line => /"signal":"SIGKILL".*another one is started/.test(line))
  assert.equal(crashes.length, 2)
})
