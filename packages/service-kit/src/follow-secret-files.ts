import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Static, TObject } from 'typebox'
import type { KeySet } from './key-set.ts'
import type { LiveKeyring } from './keyring.ts'
import { readVariable } from './read-config.ts'

/** What a new value changed, for the log: ids, never the value. */
export type SecretChange = Readonly<Record<string, string>>

/** Takes the keys of a changed `KEYRING` into the ring that is in use. */
export function replaceKeys(keyring: LiveKeyring): (keys: KeySet) => SecretChange | undefined {
  return keys => {
    const change = keyring.replace(keys)
    return (
      change && { active: change.active, added: change.added.join(','), removed: change.removed.join(',') }
    )
  }
}

/** How files of secrets are followed. */
export interface FollowSecretFilesOptions<T extends TObject> {
  readonly schema: T
  /** Paths by variable, as `secretFilesOf` tells. */
  readonly files: Readonly<Record<string, string>>
  /**
   * Takes a new value over; undefined if it changes nothing, and a throw refuses it. Called at the first look
   * too. What is not named here needs a restart, which is logged.
   */
  readonly apply: {
    readonly [Name in keyof Static<T>]?: (value: Static<T>[Name]) => SecretChange | undefined
  }
  onChange(secret: string, change: SecretChange): void
  readonly logger: Logger
  readonly registry: Registry
  /** Between two looks (1 s). */
  readonly everyMs?: number
}

interface Followed {
  readonly name: string
  readonly path: string
  /** Hash of what the process was started with. */
  first: string | undefined
  /** Hash of what was dealt with last. */
  dealtWith: string | undefined
  /** Hash of what could not be used at the last look. */
  suspect: string | undefined
}

/**
 * Re-reads secrets when their files change. The content decides, read anew at every look: Kubernetes swaps a
 * symlink above the file, which is no event of the file itself, and two writes within one tick leave the same
 * mtime. What cannot be used leaves the old value in place, and is reported once it has stood for two looks:
 * a file that is being written is no mistake.
 */
export function followSecretFiles<T extends TObject>(
  options: FollowSecretFilesOptions<T>,
): { close(): Promise<void> } {
  const { schema, files, apply, onChange, logger, registry, everyMs = 1_000 } = options
  const reloads = new Counter({
    name: 'botyard_secret_reloads_total',
    help: 'New contents of files of secrets: taken over, unusable, or waiting for a restart.',
    labelNames: ['secret', 'outcome'],
    registers: [registry],
  })
  // No counter: behind a primary what an ended process counted stays counted.
  const outdated = new Gauge({
    name: 'botyard_secret_needs_restart',
    help: '1 = the process uses another value than the file of the secret has now.',
    labelNames: ['secret'],
    aggregator: 'max',
    registers: [registry],
  })
  const followed = Object.entries(files).map(([name, path]): Followed => {
    for (const outcome of ['changed', 'unusable', 'restart']) reloads.inc({ secret: name, outcome }, 0)
    outdated.set({ secret: name }, 0)
    return { name, path, first: undefined, dealtWith: undefined, suspect: undefined }
  })
  let looking: Promise<unknown> | undefined

  async function look(file: Followed): Promise<void> {
    const { name, path } = file
    const content = await readFile(path, 'utf8').then(
      text => ({ text: text.trim() }),
      error => ({ error }),
    )
    const seen = 'text' in content ? `text ${hash(content.text)}` : `error ${content.error.code}`
    if (seen === file.dealtWith) return
    try {
      if ('error' in content) throw content.error
      const change = takeOver(file, content.text, seen)
      if (change !== undefined) {
        reloads.inc({ secret: name, outcome: 'changed' })
        onChange(name, change)
      }
    } catch (err) {
      const isSecondLook = file.suspect === seen
      file.suspect = seen
      if (!isSecondLook) return
      reloads.inc({ secret: name, outcome: 'unusable' })
      logger.error({ err, variable: name }, 'secret file cannot be used, the old value stays')
    }
    file.dealtWith = seen
    file.suspect = undefined
  }

  function takeOver(file: Followed, text: string, seen: string): SecretChange | undefined {
    const { name } = file
    const value = readVariable(name, schema.properties[name]!, text)
    const take = apply[name as keyof Static<T>] as ((value: unknown) => SecretChange | undefined) | undefined
    if (take !== undefined) return take(value)
    file.first ??= seen
    outdated.set({ secret: name }, seen === file.first ? 0 : 1)
    if (seen !== file.first) {
      reloads.inc({ secret: name, outcome: 'restart' })
      logger.warn({ variable: name }, 'secret file changed, the new value is used after a restart')
    }
    return undefined
  }

  function lookAtAll(): void {
    looking ??= Promise.all(followed.map(look)).finally(() => {
      looking = undefined
    })
  }

  const timer = setInterval(lookAtAll, everyMs)
  lookAtAll()
  return {
    async close() {
      clearInterval(timer)
      await looking
    },
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
