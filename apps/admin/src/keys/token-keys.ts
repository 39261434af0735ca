import type { KeySet, SecretChange } from '@botyard/service-kit'
import { describeKeyChange } from './describe-key-change.ts'

/** The keys that tokens are signed with. */
export interface TokenKeys {
  /** Those that count now. */
  current(): KeySet
  /**
   * Takes others; undefined if nothing changes. Throws as `describeKeyChange` and keeps the old ones then.
   */
  replace(keys: KeySet): SecretChange | undefined
}

/** Keys that are exchanged while the app runs. */
export function createTokenKeys(first: KeySet): TokenKeys {
  let keys = first
  return {
    current: () => keys,
    replace(next) {
      const change = describeKeyChange(keys, next)
      keys = next
      return change
    },
  }
}
