import { createAuditLog } from '@botyard/control-database'
import { liveRings, type ReencryptCursor, type Reencrypted, reencrypt } from '@botyard/control-database/keys'
import type { Actor } from '../actor.ts'
import { KeyNotEverywhereError } from '../errors.ts'
import { orUnavailable } from '../parked/unpark-conversation.ts'
import type { KeyDeps } from './key-report.ts'

/** How long one call works; the caller goes on from where it ended. */
const partMs = 5_000

/**
 * Re-encrypts a part of what is durable under the active key, if every live process has it (otherwise
 * `ADM_KEY_NOT_EVERYWHERE`). The entry comes first: what cannot be put on record is not done; a second one
 * says how much it was.
 */
export async function reencryptPart(
  { db, keyring, redis }: KeyDeps,
  actor: Actor,
  from: ReencryptCursor | undefined,
): Promise<Reencrypted & { readonly active: string }> {
  const { id: active, fingerprint } = keyring.keys().find(key => key.active)!
  const rings = await orUnavailable(liveRings(redis))
  const without = rings.filter(({ keys }) => keys[active] !== fingerprint)
  if (without.length > 0)
    throw new KeyNotEverywhereError(active, without.map(({ member }) => member).join(', '))
  const audit = createAuditLog(db)
  const entry = { actor: actor.subject, role: actor.role, target: active }
  if (from === undefined) await audit.append({ ...entry, action: 'keys.reencrypt', details: {} })
  const done = await reencrypt({ db, keyring, active, from, deadline: performance.now() + partMs })
  if (Object.keys(done.changed).length > 0) {
    await audit.append({ ...entry, action: 'keys.reencrypted', details: { ...done.changed } })
  }
  return { ...done, active }
}
