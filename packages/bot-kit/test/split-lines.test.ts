import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { splitLines } from '../src/split-lines.ts'

async function linesOf(pieces: readonly Uint8Array[], maxBytes = 1_000_000): Promise<string[]> {
  return await Array.fromAsync(splitLines(iterate(pieces), maxBytes))
}

async function* iterate(pieces: readonly Uint8Array[]) {
  yield* pieces
}

test('lines come out the same, wherever the pieces are cut', async () => {
  const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '🎉', '\n', '\r\n', '\r', ',') }))
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(40)), async (parts, cuts) => {
      const whole = Buffer.from(parts.join(''))
      const at = [0, ...cuts.map(cut => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length]
      const pieces = at.slice(1).map((end, n) => whole.subarray(at[n], end))

      const expected = whole.toString().split('\n')
      if (expected.at(-1) === '') expected.pop()
      assert.deepEqual(
        await linesOf(pieces),
        expected.map(line => line.replace(/\r$/, '')),
      )
    }),
  )
})

test('a byte order mark is dropped at the beginning alone', async () => {
  assert.deepEqual(await linesOf([Buffer.from('\ufeffa\n\ufeffb')]), ['a', '\ufeffb'])
})

test('a line that is too long is refused before its end has come, and one that just fits is not', async () => {
  const lines = splitLines(iterate(['12345\n', '123', '45', '6'].map(text => Buffer.from(text))), 5)

  assert.equal((await lines.next()).value, '12345')
  await assert.rejects(lines.next(), { code: 'BOT_DOWNLOAD_TOO_LARGE', maxBytes: 5 })
  await assert.rejects(linesOf([Buffer.from('123456\n')], 5), { code: 'BOT_DOWNLOAD_TOO_LARGE' })
})
