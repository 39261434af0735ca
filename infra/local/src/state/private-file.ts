import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Writes a file that only its owner may read (0600), whole or not at all: a reader never sees half of it. */
export function writePrivateFile(file: string, content: string): void {
  const draft = `${file}.${process.pid}.tmp`
  writeFileSync(draft, content, { mode: 0o600 })
  renameSync(draft, file)
}

/** The content of a JSON file; undefined if it is missing or no JSON. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
