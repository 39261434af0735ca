import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** One recorded request body of a platform. */
export interface Fixture {
  readonly file: string
  readonly body: Buffer
  readonly contentType: string
}

/** Where a fixture comes from, as its line of `manifest.jsonl` says. */
interface ManifestLine {
  readonly file: string
  readonly repo: string
  readonly commit: string
  readonly license: string
}

/**
 * The fixtures in test/<platform>/fixtures/, each with a line of the manifest that names its origin and
 * licence.
 */
export function readFixtures(platform: string): Fixture[] {
  const folder = new URL(`../${platform}/fixtures/`, import.meta.url)
  const files = readdirSync(folder).filter(name => name !== 'manifest.jsonl')
  const lines = readFileSync(new URL('manifest.jsonl', folder), 'utf8').trim().split('\n')
  const manifest = lines.map(line => JSON.parse(line) as ManifestLine)
  assert.deepEqual(
    manifest.map(({ file }) => basename(file)).sort(),
    files.sort(),
    'the manifest has one line for each fixture',
  )
  for (const { file, repo, commit, license } of manifest) {
    assert.ok(repo && commit && license, `the manifest names repository, commit and licence of ${file}`)
  }
  return files.map(file => readFixture(file, readFileSync(new URL(file, folder))))
}

/** A `.form.json` holds the body as text beside its media type; any other file is the body. */
function readFixture(file: string, bytes: Buffer): Fixture {
  if (!file.endsWith('.form.json')) return { file, body: bytes, contentType: 'application/json' }
  const { contentType, rawBody } = JSON.parse(bytes.toString()) as { contentType: string; rawBody: string }
  return { file, body: Buffer.from(rawBody), contentType }
}
