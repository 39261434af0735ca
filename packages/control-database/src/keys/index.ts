/** The keyring's keys: which process has which, what each one still seals, and sealing it anew under another. */
export { countSealed, type KeyCounts } from './count-sealed.ts'
export { countSpoilt } from './count-spoilt.ts'
export { createKeyStore, type KeyAge } from './key-store.ts'
export { type LiveRing, liveRings } from './keyring-bus.ts'
export { type ReencryptCursor, type Reencrypted, reencrypt } from './reencrypt.ts'
export { reportKeyring } from './report-keyring.ts'
