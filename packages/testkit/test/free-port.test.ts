import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort } from '../src/index.ts'

test('a port is given once, though nobody listens on it yet', async () => {
  const ports = new Set<number>()
  for (let n = 0; n < 500; n++) ports.add(await freePort())

  assert.equal(ports.size, 500)
})
