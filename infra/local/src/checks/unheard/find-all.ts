import { globSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, findUnheard } from './rules.ts'
import { readSource } from './source.ts'

/** What does not ship, and the bots' own code: it runs in handlers, whose errors the worker judges. */
const leftOut = /node_modules|packages\/(testkit|platform-simulators|example-bots)\/|apps\/worker\/src\/bots/

/** Looks through everything of ours that ships. */
export function findAllUnheard(repository: string): { files: number; found: Finding[] } {
  const files = globSync(['{apps,packages}/*/src/**/*.ts', 'apps/*/cli/**/*.ts'], { cwd: repository }).filter(
    file => !leftOut.test(file),
  )
  return {
    files: files.length,
    found: files.flatMap(file => findUnheard(readSource(join(repository, file), file))),
  }
}
