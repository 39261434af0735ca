import { existsSync, type FSWatcher, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../config.ts'

/** A folder, and what has to start again when a file in it changes. */
export interface Watched {
  readonly folder: string
  readonly names: readonly string[]
}

/** An editor saves in several steps, and a branch change writes many files: they are one change. In ms. */
const settleMs = 80

/** Files that editors and tools write beside the sources. */
const noise = /(?:^|\/)(?:\.|node_modules(?:\/|$)|4913$)|(?:~|\.swp|\.tmp)$/

/** Calls `onChange` with the names whose sources changed, once a change. */
export function watchSources(
  watched: readonly Watched[],
  onChange: (names: ReadonlySet<string>, file: string) => void,
): { close(): void } {
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const watchers = watched
    .filter(({ folder }) => existsSync(folder))
    .map(({ folder, names }): FSWatcher => {
      const watcher = watch(folder, { recursive: true }, (_event, file) => {
        if (file === null || noise.test(file)) return
        for (const name of names) changed.add(name)
        clearTimeout(timer)
        timer = setTimeout(() => {
          const all = new Set(changed)
          changed.clear()
          onChange(all, join(folder, file))
        }, settleMs)
      })
      // A folder that was removed is watched no more; the others are.
      watcher.on('error', () => watcher.close())
      return watcher
    })
  return {
    close() {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}

/**
 * The source folders of the workspace's apps and packages, each with the apps that use it; `apps` are their
 * folders by name.
 */
export function sourcesOf(apps: Readonly<Record<string, string>>): Watched[] {
  const users = new Map<string, Set<string>>()
  const visit = (folder: string, app: string) => {
    const known = users.get(folder)
    if (known?.has(app)) return
    users.set(folder, (known ?? new Set()).add(app))
    for (const name of workspaceDependencies(folder)) visit(join('packages', name), app)
  }
  for (const [app, folder] of Object.entries(apps)) visit(join('apps', folder), app)
  return [...users].map(([folder, names]) => ({ folder: join(repository, folder, 'src'), names: [...names] }))
}

function workspaceDependencies(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  return Object.entries(manifest.dependencies ?? {})
    .filter(([, version]) => version.startsWith('workspace:'))
    .map(([name]) => name.replace('@botyard/', ''))
}
