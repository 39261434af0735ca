import { existsSync, readdirSync } from 'node:fs'
import type { PlatformFactory } from './simulator/definition.ts'

/**
 * The platforms that share one kind of simulator, by the names that the admin API has for them: of each the
 * `createPlatform` that `<name>/platform.ts` exports. Telegram has a kind of its own.
 */
export const platformFactories: Readonly<Record<string, PlatformFactory>> = Object.fromEntries(
  await Promise.all(
    readdirSync(import.meta.dirname)
      .filter(name => existsSync(new URL(`./${name}/platform.ts`, import.meta.url)))
      .map(async name => [name, await loadFactory(name)] as const),
  ),
)

async function loadFactory(name: string): Promise<PlatformFactory> {
  const module = (await import(`./${name}/platform.ts`)) as { createPlatform: PlatformFactory }
  return module.createPlatform
}
