import { KeyringError, type KeySet, type SecretChange } from '@botyard/service-kit'

/**
 * What differs between two sets of token keys, by id; undefined: nothing. Throws `KEY_REUSED` for another key
 * under a known id: its tokens could not be told from those of the old one.
 */
export function describeKeyChange(before: KeySet, after: KeySet): SecretChange | undefined {
  const known = Object.keys(before.keys)
  const ids = Object.keys(after.keys)
  const reused = ids.find(id => Object.hasOwn(before.keys, id) && before.keys[id] !== after.keys[id])
  if (reused !== undefined) {
    throw new KeyringError(
      'KEY_REUSED',
      `The key "${reused}" has other bytes than before: a new key needs a new id`,
    )
  }
  const added = ids.filter(id => !Object.hasOwn(before.keys, id))
  const removed = known.filter(id => !Object.hasOwn(after.keys, id))
  if (before.active === after.active && added.length + removed.length === 0) return undefined
  return { active: after.active, added: added.join(','), removed: removed.join(',') }
}
