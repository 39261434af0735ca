import { registerHooks } from 'node:module'

/**
 * Bots in a mounted folder have no node_modules beside them: `@botyard/bot-kit` is this worker's own. For the
 * thread that calls it.
 */
export function resolveBotKit(): void {
  const botKit = import.meta.resolve('@botyard/bot-kit')
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === '@botyard/bot-kit'
        ? { url: botKit, shortCircuit: true }
        : nextResolve(specifier, context),
  })
}
