import { type Platform, platformNames } from '@botyard/queue-contracts'
import type { PlatformAdapter } from './adapter.ts'

/**
 * All platforms by name: of each the `adapter` that `<name>/adapter.ts` exports. A caller gives an adapter
 * the credentials of a bot of that platform, which were checked against the adapter's own schema when the bot
 * was stored; the compiler cannot know that the two belong together.
 */
export const adapters = Object.fromEntries(
  await Promise.all(platformNames.map(async name => [name, await loadAdapter(name)] as const)),
) as Record<Platform, PlatformAdapter>

async function loadAdapter(name: Platform): Promise<PlatformAdapter> {
  const module = (await import(`./${name}/adapter.ts`)) as { adapter: PlatformAdapter }
  return module.adapter
}
