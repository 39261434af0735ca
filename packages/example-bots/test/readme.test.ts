import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

test('the bot that the README shows is the one that runs', async () => {
  const [readme, code] = await Promise.all(
    ['../../../README.md', '../src/support.ts'].map(file => readFile(new URL(file, import.meta.url), 'utf8')),
  )

  assert.ok(readme!.includes(`\`\`\`ts\n${code}\`\`\``))
})
