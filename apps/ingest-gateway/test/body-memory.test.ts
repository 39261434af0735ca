import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createBodyMemory, joinPages } from '../src/large/body-memory.ts'

const page = 64 * 1024

test('a body is the same again, whatever pieces it came in', () => {
  const { open, shared } = createBodyMemory(8 * page)
  const whole = randomBytes(3 * page + 5)
  for (const size of [1_000, 1_001, page - 3, page, page + 1, 2 * page + 7]) {
    const body = open()
    for (let at = 0; at < whole.length; at += size)
      assert.equal(body.add(whole.subarray(at, at + size)), true)

    assert.deepEqual([body.length, body.pages.length], [whole.length, 4])
    assert.ok(joinPages(shared, body).equals(whole))
    body.release()
  }
})

test('bodies that come in side by side lie in pages of their own', () => {
  const { open, shared } = createBodyMemory(4 * page)
  const bodies = [randomBytes(2 * page), randomBytes(2 * page)].map(bytes => ({ bytes, body: open() }))

  for (const half of [0, 1]) {
    for (const { bytes, body } of bodies) body.add(bytes.subarray(half * page, (half + 1) * page))
  }

  for (const { bytes, body } of bodies) assert.ok(joinPages(shared, body).equals(bytes))
})

test('when every page is taken a body is told so, until another gives its pages back, once', () => {
  const { open } = createBodyMemory(2 * page)
  const [first, second] = [open(), open()]
  first.add(Buffer.alloc(page + 1))

  assert.equal(second.add(Buffer.alloc(1)), false)
  first.release()
  first.release()

  assert.equal(second.add(Buffer.alloc(2 * page)), true)
  assert.equal(first.add(Buffer.alloc(1)), false)
})
