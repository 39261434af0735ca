import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startProcess } from '@botyard/testkit'

test('code of a guarded process cannot add to Object.prototype, and what else it changes is told once, loudly', async t => {
  const child = await startProcess(new URL('./polluting-process.ts', import.meta.url).pathname)
  t.after(() => child.kill())

  assert.deepEqual(await child.exited, { code: 0, signal: null }, child.lines.join('\n'))

  const said = (name: string) => child.lines.find(line => line.startsWith(`${name} `))?.slice(name.length + 1)
  assert.equal(said('isAdmin'), 'undefined')
  assert.equal(said('constructor'), 'TypeError')
  assert.equal(said('literal'), 'true')
  assert.match(said('metric')!, / 2$/)
  const lines = child.lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ level, msg, members, count }) => [level, msg, members, count]),
    [
      ['info', 'security.prototype_changed', 'Object.prototype.toString, Array.prototype.last', 2],
      [
        'error',
        'code of this process has changed what all objects inherit',
        'Object.prototype.toString, Array.prototype.last',
        2,
      ],
    ],
  )
})
