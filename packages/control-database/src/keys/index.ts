/**
 * The keyring's keys: which process has which, how much each key still seals, and re-encryption under another
 * key.
 */
export { countSealed, type KeyCounts } from './count-sealed.ts'
export { countUnopenable } from './count-unopenable.ts'
export { createKeyStore, type KeyAge, type KeyStore } from './key-store.ts'
export { type LiveRing, liveRings } from './keyring-bus.ts'
export { type ReencryptCursor, type Reencrypted, reencrypt } from './reencrypt.ts'
export { reportKeyring } from './report-keyring.ts'
