import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What every app has in `src`, so that a reader who knows one of them finds their way in the others. */
const parts = ['server.ts', 'app.ts', 'config.ts', 'errors.ts', 'metrics.ts', 'plugins', 'routes']

/** A server says config, logger, app, listen and close; what it would say beyond that is a plugin. */
const maxServerLines = 60

/**
 * One line for each fault: a part that an app lacks, a server that does more than its share, a plugin without
 * a name.
 */
export function findMisshapenApps(root: string): string[] {
  const apps = readdirSync(join(root, 'apps')).filter(app =>
    existsSync(join(root, 'apps', app, 'package.json')),
  )
  return apps.flatMap(app => faultsOf(join(root, 'apps', app, 'src'), `apps/${app}/src`))
}

function faultsOf(folder: string, name: string): string[] {
  const lacking = parts.filter(part => !existsSync(join(folder, part)))
  if (lacking.length > 0) return lacking.map(part => `${name} has no ${part}`)
  return [...serverFaults(join(folder, 'server.ts'), name), ...pluginFaults(join(folder, 'plugins'), name)]
}

function serverFaults(file: string, name: string): string[] {
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n').length
  const closes = text.match(/\.(close|destroy|disconnect)\(/g) ?? []
  return [
    ...(lines > maxServerLines ? [`${name}/server.ts has ${lines} lines, more than ${maxServerLines}`] : []),
    ...(closes.length > 1
      ? [`${name}/server.ts closes more than the app: whoever opens a thing closes it`]
      : []),
  ]
}

function pluginFaults(folder: string, name: string): string[] {
  const files = readdirSync(folder).filter(file => file.endsWith('.ts'))
  const nameless = files.filter(
    file => !/name: '[a-z-]+',\s+fastify: '5\.x'/.test(readFileSync(join(folder, file), 'utf8')),
  )
  return nameless.map(file => `${name}/plugins/${file} is no plugin with a name, for Fastify 5`)
}
