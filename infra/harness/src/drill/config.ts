import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { readConfig } from '@botyard/service-kit'
import { Type } from 'typebox'

const repository = resolve(import.meta.dirname, '..', '..', '..', '..')

const configSchema = Type.Object({
  BOTYARD_DIR: Type.String({
    default: '.botyard',
    description: 'The state folder of the local stack; relative to the repository.',
  }),
})

/** Where the reports of drills lie, an absolute path: `drill` in the state folder that `npm start` uses. */
export function reportFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { BOTYARD_DIR } = readConfig(configSchema, env)
  return join(resolve(repository, BOTYARD_DIR.replace(/^~(?=\/)/, homedir())), 'drill')
}
