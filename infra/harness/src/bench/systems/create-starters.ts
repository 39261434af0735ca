import { prepareRelease } from '../../shared/release.ts'
import type { BenchedSystem, StartOptions } from './benched-system.ts'
import { type BotyardOptions, createBotyard } from './botyard-system.ts'
import { startRecipe } from './recipe-system.ts'

/** The systems that store before they answer. */
export type DurableSystem = 'botyard' | 'release' | 'recipe'

/** Starts each of the systems that were asked for, on a Redis that it is told. */
export interface Starters {
  readonly of: Readonly<Partial<Record<DurableSystem, (options: StartOptions) => Promise<BenchedSystem>>>>
  close(): Promise<void>
}

/** Which systems are wanted, and what bots they run. */
export interface StartersOptions extends Omit<BotyardOptions, 'root'> {
  readonly names: readonly string[]
  /** The commit that `release` is; empty for none. */
  readonly release: string
  say(line: string): void
}

/**
 * Makes what all runs of a system share: databases, and the release. The recipe replies where the first bot
 * does.
 */
export async function createStarters({
  names,
  release,
  bots,
  folder,
  say,
}: StartersOptions): Promise<Starters> {
  await using stack = new AsyncDisposableStack()
  const botyard = async (root?: string) => {
    const created = await createBotyard({ bots, folder, ...(root && { root }) })
    return stack.adopt(created, it => it.close()).start
  }
  const of = {
    ...(names.includes('botyard') && { botyard: await botyard() }),
    ...(release && { release: await botyard(await prepareRelease(release, { bots: 'bench', say })) }),
    ...(names.includes('recipe') && { recipe: (it: StartOptions) => startRecipe(it, bots[0]!.apiRoot) }),
  }
  const ownership = stack.move()
  return { of, close: () => ownership.disposeAsync() }
}
