import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '@botyard/testkit'
import { repository } from '../src/config.ts'
import { startPastedShell } from './pasted-shell.ts'
import { stackPlace } from './start-stack.ts'

/** The last line of the ready screen. */
const ready = 'Ctrl-C stops everything'

const read = (name: string) => readFileSync(join(repository, 'docs', name), 'utf8')
const page = read('platform-setup.md')
/** The rows of the generated table: every platform that has an adapter. */
const platforms = [...read('platforms.md').matchAll(/^\| \*\*([a-z-]+)\*\*/gm)].map(([, name]) => name!)
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!)

test('every platform can be added and played as docs/platform-setup.md says, pasted into a shell', async t => {
  const place = await stackPlace(t)
  const stack = await place.start()
  await stack.waitForLine(ready)
  const shell = startPastedShell(t, { BOTYARD_DIR: place.dir, STAND_IN_PORT: String(await freePort()) })

  for (const block of blocks) {
    const said = await shell.paste(block)
    // In the page's order, each after the one before.
    const answers = expected(block, '→')
    assert.match(said, new RegExp(answers.map(answer => `^${answer}`).join('.*'), 'ms'), `pasted:\n${block}`)
    // Perhaps behind an answer whose line has not ended yet: workers are quick.
    for (const sent of expected(block, '⇐'))
      await shell.printed(new RegExp(`⇐ ${sent}$`, 'm'), AbortSignal.timeout(30_000))
  }

  const played = [...page.matchAll(/"platform":"([a-z-]+)"/g), ...page.matchAll(/for platform in (.*); do/g)]
  const names = new Set(played.flatMap(([, list]) => list!.split(' ')))
  assert.deepEqual(
    platforms.filter(name => !names.has(name)),
    [],
  )
})

/** What the page says is answered (`# → …`) or sent (`# ⇐ …`), as patterns; `…` is whatever stands there. */
function expected(block: string, mark: '→' | '⇐'): string[] {
  return [...block.matchAll(new RegExp(`^# ${mark} (.*)$`, 'gm'))].map(([, line]) =>
    line!
      .split('…')
      .map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*'),
  )
}
