import assert from 'node:assert/strict'
import { test } from 'node:test'
import diary from '@botyard/example-bots/diary'
import { dataRigs } from '../data/data-rig.ts'
import { until } from '../helper.ts'

const build = dataRigs({ migrations: diary.migrations ?? [] })

test('the diary knows its writer, counts visits and tells what was written, to each their own', async t => {
  const { start, deliver, open, api, userOn } = await build(t, { bot: diary })
  await start({ openData: (await open()).openData })
  const [ada, eve] = [userOn(0), userOn(1)]

  for (const text of ['/start', '/name Ada', '/start', 'I met a\0 cat.', 'It purred.', '/read']) {
    await deliver(1, text, { user: ada, kind: text.startsWith('/') ? 'command' : 'message' })
  }
  await deliver(2, '/read', { user: eve, kind: 'command' })
  await until(() => api.sent.length === 7)

  const [hello, nice, again, first, second, read] = api.textsOf(1)
  assert.match(hello!, /^Hello, stranger! This is visit 1\./)
  assert.equal(nice, 'Nice to meet you, Ada.')
  assert.match(again!, /^Hello, Ada! This is visit 2\./)
  assert.deepEqual([first, second], ['Noted: entry 1.', 'Noted: entry 2.'])
  assert.match(read!, /^\d{4}-\d\d-\d\d I met a cat\.\n\d{4}-\d\d-\d\d It purred\.$/)
  assert.deepEqual(api.textsOf(2), ['Your diary is empty.'])
})
