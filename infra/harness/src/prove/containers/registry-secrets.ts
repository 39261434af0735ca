import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { mustRun } from '../../shared/run-program.ts'

/** What of an npm configuration says how a registry is reached. */
const ofRegistries = /registry|^\/\/|proxy|strict-ssl/i

/**
 * Gives a build this machine's way to its package registry, as the secrets that the Dockerfiles mount: files
 * in `folder`, of which nothing gets into an image.
 */
export async function registrySecrets(folder: string): Promise<Record<string, string>> {
  const own = join(homedir(), '.npmrc')
  const lines = existsSync(own) ? readFileSync(own, 'utf8').split('\n') : []
  const settings = lines.filter(line => ofRegistries.test(line) && !/^omit/.test(line))
  const value = async (name: string) => (await mustRun('npm', ['config', 'get', name])).trim()
  const authority = [await value('cafile'), process.env.NODE_EXTRA_CA_CERTS].find(
    file => file !== undefined && existsSync(file),
  )
  const npmrc = join(folder, 'npmrc')
  const more = [`registry=${await value('registry')}`, ...(authority ? ['cafile=/run/build-ca.crt'] : [])]
  writeFileSync(npmrc, [...settings, ...more, ''].join('\n'), { mode: 0o600 })
  return { npmrc, ...(authority && { ca: authority }) }
}
