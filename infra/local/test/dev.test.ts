import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runToEnd } from '../src/processes/run-to-end.ts'
import { stackPlace } from './start-stack.ts'

const ready = 'Ctrl-C stops everything'
const bot = (reply: string) => `import { defineBot } from '@botyard/bot-kit'
export default defineBot({ onMessage: ctx => ctx.reply(${JSON.stringify(reply)}) })
`

test('npm run dev starts the worker again when a bot changes, nothing else, and leaves it alone while the bot is broken', async t => {
  const place = await stackPlace(t)
  const bots = join(place.dir, 'bots')
  mkdirSync(bots)
  const file = join(bots, 'first.ts')
  writeFileSync(file, bot('one'))
  const stack = await place.start(['--watch'], { BOTS_DIR: bots })
  await stack.waitForLine(ready)
  const commands = stack.lines.filter(line => line.startsWith('curl '))
  for (const command of commands) assert.equal((await runToEnd('sh', ['-c', `${command} -f`])).code, 0)
  await stack.waitForLine('reply to chat 42: one')
  const before = place.run().pids

  writeFileSync(file, 'export default {')
  await stack.waitForLine('Your bots: first.ts')
  assert.deepEqual(place.run().pids.worker, before.worker)

  writeFileSync(file, bot('two'))
  await stack.waitForLine('worker is back')
  const hello = commands.at(-1)!.replace('"update_id":', '"update_id":1')
  assert.equal((await runToEnd('sh', ['-c', `${hello} -f`])).code, 0)
  await stack.waitForLine('reply to chat 42: two')

  const { worker, ...others } = place.run().pids
  const { worker: oldWorker, ...oldOthers } = before
  assert.notDeepEqual(worker, oldWorker)
  assert.deepEqual(others, oldOthers)
  // A restart on purpose is no crash.
  assert.ok(!readFileSync(join(place.dir, 'logs', 'worker.log'), 'utf8').includes('"level":"fatal"'))
  assert.ok(!stack.lines.some(line => line.includes('crashed')))
})
